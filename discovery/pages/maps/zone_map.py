"""Where a supplier is and works, or where several are, on the outlines of departments. Pure: no
script draws it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from discovery.model import dataclass
from discovery.pages.maps.outline_map import Frame, geometries, shape
from discovery.places import Gazetteer
from discovery.places.geo import KM_PER_DEGREE, haversine_km
from discovery.places.land import PER_DEGREE

WIDTH, HEIGHT = 640.0, 420.0
"""The view box."""
MIN_KM = 40.0
"""What is shown at least around the middle."""
FARTHEST_KM = 1500.0
"""What lies beyond it from the first point is on another map: overseas, or the mainland seen from
there.
"""
PIN_RADIUS, CROWDED_RADIUS = 6.0, 4.0
CROWD = 20
"""Pins of which each is drawn smaller."""
TOWN = 10_000
"""Inhabitants of a town that may be named."""
MAX_TOWNS = 9
ROOM = (125.0, 34.0)
"""Width and height that a name takes for itself, in units of the view."""

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True)
class Circle:
    """In units of the view. `number`: of a pin, its place among those given."""

    x: float
    y: float
    radius: float
    number: int = 0


@dataclass(frozen=True, slots=True)
class Town:
    """A name to know one's way by, and where it stands."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class ZoneMap:
    """`ground`: the matrix that brings the paths of `bundles.GROUND` into view. `covered`: paths of
    departments; `whole`: the country is covered. Circles that are covered; pins; the largest towns
    in sight.
    """

    ground: str
    covered: tuple[str, ...]
    whole: bool
    circles: tuple[Circle, ...]
    pins: tuple[Circle, ...]
    towns: tuple[Town, ...]
    width: float = WIDTH
    height: float = HEIGHT


def of_supplier(supplier: Mapping[str, Any], gazetteer: Gazetteer) -> ZoneMap | None:
    """The map of a presented profile; None when it has neither a point nor an area."""
    location = supplier.get("location")
    seat = (location["lat"], location["lon"]) if location else None
    zones = [one["zone"] for one in supplier["activities"]]
    everywhere = any(zone["scope"] == "country" for zone in zones)
    places = {
        place["value"] for zone in zones if zone["scope"] == "places" for place in zone["places"]
    }
    departments = geometries().keys() if everywhere else departments_of(places, gazetteer)
    radii = [
        float(zone["radius_km"])
        for zone in zones
        if zone["scope"] == "radius" and zone["radius_km"]
    ]
    circles = [(*seat, max(radii))] if seat and radii else []
    circles += [(*point, 0.0) for point in commune_points(places, gazetteer)]
    return draw([seat] if seat else [], circles, departments, gazetteer)


def draw(
    pins: Sequence[tuple[float, float]],
    circles: Sequence[tuple[float, float, float]] = (),
    departments: Iterable[str] = (),
    gazetteer: Gazetteer | None = None,
) -> ZoneMap | None:
    """`pins` (lat, lon); `circles` (lat, lon, km), of no radius = a commune; `departments` by code
    are covered.

    `gazetteer` names the largest towns in sight.
    """
    covered = [code for code in departments if code in geometries()]
    boxes = [around(lat, lon, km * 1.1) for lat, lon, km in circles]
    boxes += [around(lat, lon, 0.0) for lat, lon in pins]
    boxes += [outline_box(code) for code in covered]
    near = _near(boxes)
    if not near:
        return None
    whole = len(covered) == len(geometries())
    frame = framed(near)
    pin = CROWDED_RADIUS if len(pins) > CROWD else PIN_RADIUS
    return ZoneMap(
        ground=frame.matrix(PER_DEGREE),
        covered=()
        if whole
        else tuple(_path(code, frame) for code in covered if outline_box(code) in near),
        whole=whole,
        circles=tuple(_circle(frame, *circle) for circle in circles if _inside(frame, *circle[:2])),
        pins=tuple(
            _circle(frame, *at, 0.0, pin, number)
            for number, at in enumerate(pins)
            if _inside(frame, *at)
        ),
        towns=tuple(towns(frame, gazetteer)) if gazetteer else (),
    )


def towns(frame: Frame, gazetteer: Gazetteer) -> list[Town]:
    """The most populous in sight, none of them where it would write over another."""
    found: list[Town] = []
    for name, lat, lon in largest(gazetteer):
        x, y = frame.place(lon, lat)
        free = all(abs(x - other.x) > ROOM[0] or abs(y - other.y) > ROOM[1] for other in found)
        if 20 < x < WIDTH - ROOM[0] and 20 < y < HEIGHT - 20 and free:
            found.append(Town(name, round(x, 1), round(y, 1)))
            if len(found) == MAX_TOWNS:
                break
    return found


@cache
def largest(gazetteer: Gazetteer) -> list[tuple[str, float, float]]:
    """(name, lat, lon) of towns, most populous first."""
    held = [one for one in gazetteer.communes(TOWN) if one.point and one.parent is None]
    held.sort(key=lambda one: -one.population)
    return [(one.name, *one.point) for one in held if one.point]


@lru_cache(maxsize=512)
def _path(code: str, frame: Frame) -> str:
    """Those of the whole country, of which many maps are made, are projected once."""
    return shape(code, geometries()[code], frame).path


def departments_of(places: Iterable[str], gazetteer: Gazetteer) -> list[str]:
    """Codes of the departments that are, or lie in, one of the places."""
    found: dict[str, None] = {}
    for place in sorted(places):
        kind, _, code = place.partition(":")
        if kind == "department":
            found[code] = None
        elif kind == "region":
            found |= dict.fromkeys(one.code for one in gazetteer.departments_of(code))
        elif grouping := gazetteer.grouping(place):
            found |= dict.fromkeys(grouping.departments)
    return list(found)


def commune_points(places: Iterable[str], gazetteer: Gazetteer) -> Iterator[tuple[float, float]]:
    """(lat, lon) of communes, and of those that an intercommunality or an area is made of: no
    outline of theirs is known.
    """
    codes: dict[str, None] = {}
    for place in sorted(places):
        kind, _, code = place.partition(":")
        if kind == "commune":
            codes[code] = None
        elif grouping := gazetteer.grouping(place):
            codes |= dict.fromkeys(sorted(grouping.communes))
    for commune in map(gazetteer.commune, codes):
        if commune is not None and commune.point is not None:
            yield commune.point


def around(lat: float, lon: float, km: float) -> Box:
    """A box that holds the circle of so many kilometres around a point in degrees."""
    degrees = km / KM_PER_DEGREE
    return lon - 1.4 * degrees, lat - degrees, lon + 1.4 * degrees, lat + degrees


@cache
def outline_box(code: str) -> Box:
    geometry = geometries()[code]
    parts = (
        geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    )
    longitudes, latitudes = zip(
        *((point[0], point[1]) for part in parts for ring in part for point in ring), strict=True
    )
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def framed(boxes: Sequence[Box]) -> Frame:
    """The least frame that holds the boxes, and `MIN_KM` around their middle, with a margin."""
    whole = _hull(boxes)
    west, south, east, north = _hull([whole, around(*_middle(whole), MIN_KM)])
    margin_x, margin_y = (east - west) * 0.04, (north - south) * 0.04
    return Frame(
        west - margin_x, south - margin_y, east + margin_x, north + margin_y, 0, 0, WIDTH, HEIGHT
    )


def _hull(boxes: Sequence[Box]) -> Box:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def first_view(
    areas: Sequence[Box], points: Iterable[tuple[float, float]], *, nobody: bool = False
) -> Box | None:
    """What a map shows first: the areas asked for, with points (lat, lon) at most half their size
    beyond; where there is no area, or `nobody` in it, all points that one map can show with it.
    None without either.
    """
    dots = [(lon, lat, lon, lat) for lat, lon in points]
    if nobody or not areas:
        boxes = [*([_hull(areas)] if areas else ()), *dots]
        return _hull(_near(boxes)) if boxes else None
    west, south, east, north = held = _hull(areas)
    wide, high = (east - west) / 2, (north - south) / 2
    beside = [
        dot
        for dot in dots
        if west - wide <= dot[0] <= east + wide and south - high <= dot[1] <= north + high
    ]
    return _hull([held, *beside])


def _near(boxes: Sequence[Box]) -> list[Box]:
    """Those that one map can show together with the first."""
    if not boxes:
        return []
    lat, lon = _middle(boxes[0])
    return [box for box in boxes if haversine_km(lat, lon, *_middle(box)) < FARTHEST_KM]


def _middle(box: Box) -> tuple[float, float]:
    return (box[1] + box[3]) / 2, (box[0] + box[2]) / 2


def _inside(frame: Frame, lat: float, lon: float) -> bool:
    x, y = frame.place(lon, lat)
    return 0 <= x <= WIDTH and 0 <= y <= HEIGHT


def _circle(
    frame: Frame, lat: float, lon: float, km: float, least: float = PIN_RADIUS, number: int = 0
) -> Circle:
    x, y = frame.place(lon, lat)
    return Circle(
        round(x, 1), round(y, 1), round(max(km / KM_PER_DEGREE * frame.scale, least), 1), number
    )
