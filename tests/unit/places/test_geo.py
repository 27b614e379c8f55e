"""Great-circle distance."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.places.geo import EARTH_RADIUS_KM, haversine_km, haversine_km_array

latitudes = st.floats(-90, 90, allow_nan=False)
longitudes = st.floats(-180, 180, allow_nan=False)


def by_vectors(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The same distance by another road: the angle between two unit vectors, atan2(|a×b|, a·b)."""

    def unit(lat: float, lon: float) -> np.ndarray:
        phi, lam = math.radians(lat), math.radians(lon)
        return np.array(
            [math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)]
        )

    a, b = unit(lat1, lon1), unit(lat2, lon2)
    return EARTH_RADIUS_KM * math.atan2(float(np.linalg.norm(np.cross(a, b))), float(a @ b))


@given(latitudes, longitudes, latitudes, longitudes)
def test_agrees_with_vectors_and_is_symmetric(
    lat1: float, lon1: float, lat2: float, lon2: float
) -> None:
    distance = haversine_km(lat1, lon1, lat2, lon2)
    # Haversine loses digits towards the antipode only: a metre there, nothing at home.
    assert distance == pytest.approx(by_vectors(lat1, lon1, lat2, lon2), abs=1e-3)
    assert distance == pytest.approx(haversine_km(lat2, lon2, lat1, lon1), abs=1e-9)
    assert 0 <= distance <= math.pi * EARTH_RADIUS_KM + 1e-9


@given(latitudes, longitudes, st.lists(st.tuples(latitudes, longitudes), min_size=1, max_size=5))
def test_arrays_give_the_scalar_formula(
    lat: float, lon: float, points: list[tuple[float, float]]
) -> None:
    lats, lons = np.array(points).T
    expected = [haversine_km(lat, lon, *point) for point in points]
    assert haversine_km_array(lat, lon, lats, lons) == pytest.approx(expected, rel=1e-9, abs=1e-6)
