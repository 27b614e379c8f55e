"""Departments as simplified outlines (about a kilometre): which one holds a point, and the file the
map draws.
"""

import json
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.model import dataclass
from discovery.places.geo import KM_PER_DEGREE, Floats
from discovery.places.table import CommuneTable, DataError, read_bytes

NEAR = 0.25
"""Degrees of latitude within which most places have a commune's point."""


class Points:
    """Points of communes as unit vectors, by latitude: the largest dot product is the smallest
    distance.
    """

    def __init__(self, table: CommuneTable) -> None:
        rows = np.flatnonzero(~np.isnan(table.lat))
        self._rows = rows[np.argsort(table.lat[rows], kind="stable")]
        self._lats = table.lat[self._rows]
        self._vectors = _unit(self._lats, table.lon[self._rows])

    def nearest(self, lat: float, lon: float) -> int:
        """Row of the nearest point to one in degrees: in a band of latitude, else, where none in it
        is nearer than the band is wide, of all.
        """
        phi, lam = math.radians(lat), math.radians(lon)
        point = np.array(
            (math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi))
        )
        low, high = self._lats.searchsorted((lat - NEAR, lat + NEAR)).tolist()
        near = self._vectors[low:high] @ point
        if not len(near) or near.max() < _BAND:
            low, near = 0, self._vectors @ point
        return int(self._rows[low + near.argmax()])


_BAND = math.cos(math.radians(NEAR))


def _unit(lats: Floats, lons: Floats) -> Floats:
    """(n, 3) unit vectors of n points in degrees."""
    phi, lam = np.radians(lats), np.radians(lons)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)


FILE = "departments.geojson.gz"
"""GeoJSON (RFC 7946): one feature a department, properties `code` and `name`."""

TOLERANCE_KM = 1.0
"""A quay may lie outside the simplified coast: a point this near to an outline is taken to be
inside.
"""


@dataclass(frozen=True, slots=True)
class Outline:
    """The edges of one department's rings, holes included; degrees. Arrays of one length."""

    code: str
    x1: npt.NDArray[np.float64]
    y1: npt.NDArray[np.float64]
    x2: npt.NDArray[np.float64]
    y2: npt.NDArray[np.float64]

    def holds(self, x: float, y: float) -> bool:
        """Even-odd rule: an odd number of edges cross the half-line to the east."""
        rows = np.flatnonzero((self.y1 > y) != (self.y2 > y))
        x1, y1, x2, y2 = self.x1[rows], self.y1[rows], self.x2[rows], self.y2[rows]
        return bool(np.count_nonzero(x < (x2 - x1) * (y - y1) / (y2 - y1) + x1) % 2)

    def distance_km(self, x: float, y: float) -> float:
        """Distance to the nearest edge on a plane tangent at the point: right to a metre at these
        distances.
        """
        scale = math.cos(math.radians(y))
        ax, ay = (self.x1 - x) * scale, self.y1 - y
        dx, dy = (self.x2 - self.x1) * scale, self.y2 - self.y1
        square = np.maximum(dx * dx + dy * dy, 1e-18)  # an edge of no length is a point
        along = np.clip(-(ax * dx + ay * dy) / square, 0.0, 1.0)
        return float(np.hypot(ax + along * dx, ay + along * dy).min()) * KM_PER_DEGREE


class Outlines:
    """The departments that have an outline: all but the collectivities overseas (975 to 989)."""

    def __init__(self, collection: dict[str, Any]) -> None:
        """From a GeoJSON FeatureCollection of polygons and multipolygons with a property `code`."""
        self._outlines = [_outline(feature) for feature in collection["features"]]
        self.codes = frozenset(outline.code for outline in self._outlines)
        self._boxes = np.array(
            [(o.x1.min(), o.y1.min(), o.x1.max(), o.y1.max()) for o in self._outlines],
            dtype=np.float64,
        )

    @classmethod
    def load(cls) -> "Outlines":
        """Read the outlines of the package. Raises DataError when the file is not what it should
        be.
        """
        try:
            return cls(json.loads(read_bytes(FILE)))
        except (ValueError, KeyError) as error:
            raise DataError(
                f"data/{FILE} is not the GeoJSON it should be: install the package again."
            ) from error

    def at(self, lat: float, lon: float) -> str | None:
        """Code of the department that holds a point in degrees, or whose outline is within
        TOLERANCE_KM; else None.
        """
        for outline in self._near(lat, lon, 0.0):
            if outline.holds(lon, lat):
                return outline.code
        margin = TOLERANCE_KM / KM_PER_DEGREE / max(0.01, math.cos(math.radians(lat)))
        near = [
            (outline.distance_km(lon, lat), outline.code)
            for outline in self._near(lat, lon, margin)
        ]
        distance, code = min(near, default=(math.inf, ""))
        return code if distance <= TOLERANCE_KM else None

    def _near(self, lat: float, lon: float, margin: float) -> list[Outline]:
        """Outlines whose box, widened by a margin in degrees, holds the point."""
        west, south, east, north = self._boxes.T
        inside = (
            (west - margin <= lon)
            & (lon <= east + margin)
            & (south - margin <= lat)
            & (lat <= north + margin)
        )
        return [self._outlines[row] for row in np.flatnonzero(inside)]


def _outline(feature: dict[str, Any]) -> Outline:
    geometry = feature["geometry"]
    polygons = (
        geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    )
    rings = [np.asarray(ring, dtype=np.float64) for polygon in polygons for ring in polygon]
    starts = np.concatenate([ring[:-1] for ring in rings])
    ends = np.concatenate([ring[1:] for ring in rings])
    return Outline(
        feature["properties"]["code"], starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1]
    )
