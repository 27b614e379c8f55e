"""Distances on the sphere and minutes by car. One formula and one radius for every engine."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

EARTH_RADIUS_KM = 6371.0088
"""Mean Earth radius R₁ = (2a + b) / 3 of the GRS 80 / WGS 84 ellipsoid (IUGG), in kilometres."""

KM_PER_DEGREE = math.radians(EARTH_RADIUS_KM)
"""Of latitude."""

Floats = npt.NDArray[np.float64]


def haversine_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in kilometres between two points in degrees (haversine; Sinnott, 1984)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_dphi = (phi2 - phi1) / 2
    half_dlambda = math.radians(lon2 - lon1) / 2
    a = math.sin(half_dphi) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_dlambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, a)))


def haversine_km_array(lat: float, lon: float, lats: Floats, lons: Floats) -> Floats:
    """Great-circle distances from one point to arrays of points of one shape (all in degrees):
    kilometres, same shape.
    """
    phi, phis = math.radians(lat), np.radians(lats)
    a = (
        np.sin((phis - phi) / 2) ** 2
        + math.cos(phi) * np.cos(phis) * np.sin(np.radians(lons - lon) / 2) ** 2
    )
    return np.asarray(
        2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, a))), dtype=np.float64
    )


def driving_minutes(km: Floats, crowding: Floats, terms: Sequence[float]) -> Floats:
    """Estimate minutes by car between pairs of places.

    `km`: great circle; under one counts as one. `crowding`: ln(inhabitants per km²) of both ends,
    added. `terms`: the six values of data/driving.tsv, in its order.
    """
    start, length, crowd, crowd_length, bend, fastest = terms
    far = np.log(np.maximum(km, 1.0))
    fitted = np.exp(start + length * far + (crowd + crowd_length * far) * crowding + bend * far**2)
    return np.asarray(np.fmax(fitted, km / fastest * 60))
