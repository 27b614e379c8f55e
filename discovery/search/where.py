"""Where a search looks: places, circles and a box become targets, and at most one centre.

The "Where" table, one function per kind of place; from where distances are measured, on which side of the sea a
search is; into which cells a map is cut. Pure: the gazetteer is memory.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from discovery.engine.port import FINEST, Box, Circle, Coverage, Grid, National, Point, Target
from discovery.places import Gazetteer, Place
from discovery.places.model import is_overseas
from discovery.search.places import TOWN, communes_of, point_of
from discovery.search.query import AUTO, Notice, Problem

NEAREST_KM = 30.0
"""A point further than this from every commune's point is in none of them (at sea, abroad)."""

MAX_TOWNS = 20
"""Towns of an area, the most populous, one of which a zone's circle must hold."""


@dataclass(frozen=True, slots=True)
class GeoQuery:
    """What was asked, named but not resolved.

    `places` are boundaries. `centre`: a place with one, or a point; a focus without `radius_km`, a circle with it,
    unless `focus_only` (the radius was said of the places). `automatic`: the circle is still to be chosen, by how many
    answer in each; until then the centre is a focus. `typed`: the radius is a parameter, so that one without
    a centre is an error rather than a warning.
    """

    places: tuple[Place, ...] = ()
    centre: Place | Point | None = None
    radius_km: float | None = None
    focus_only: bool = False
    typed: bool = False
    automatic: bool = False
    box: Box | None = None
    coverage: Coverage | None = None
    national: National = National.INCLUDE
    excluded: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class GeoFilter:
    """Where a search looks, as the engine takes it.

    `centre`: what distances are measured from, or None; `centre_label` names it, empty for a bare point.

    `origin` says what it is the centre of: a `circle`, a `commune` (or post code) alone, or a `focus`. `excluded`:
    places whose seated suppliers are left out. `inside`: targets of the places, without a circle;
    the country is none.
    """

    targets: tuple[Target, ...]
    coverage: Coverage
    national: National
    box: Box | None = None
    centre: Point | None = None
    centre_label: str = ""
    origin: str = ""
    excluded: tuple[Target, ...] = ()
    inside: tuple[Target, ...] = ()
    notices: tuple[Notice, ...] = ()
    problems: tuple[Problem, ...] = ()

    def within(self, radius_km: float) -> "GeoFilter":
        """The same with this radius for every circle."""
        return replace(
            self,
            targets=tuple(
                replace(one, circle=replace(one.circle, radius_km=radius_km)) if one.circle else one
                for one in self.targets
            ),
        )


def resolve(asked: GeoQuery, gazetteer: Gazetteer, lang: str = "fr") -> GeoFilter:
    """Turn places, circle and box into targets, and at most one centre. What is wrong is in the result's `problems`,
    what is worth saying in its `notices`; nothing is raised."""
    notices: list[Notice] = []
    problems: list[Problem] = []
    radius = asked.radius_km
    centred = asked.centre is not None and not asked.focus_only
    if (radius is not None or asked.automatic) and not (
        centred or any(communes_of(place, gazetteer) for place in asked.places)
    ):
        if asked.typed:
            code = "radius_needs_commune" if asked.places else "radius_without_centre"
            problems.append(Problem("radius", AUTO if radius is None else f"{radius:g}", code))
        elif radius is not None:
            notices.append(Notice("radius_ignored", "q", {"radius": radius}))
        radius = None
    named = (*asked.places, asked.centre) if isinstance(asked.centre, Place) else asked.places
    around = None if asked.focus_only else asked.centre
    notices += [
        Notice("no_point", "place", {"label": gazetteer.label(place, lang)})
        for place in dict.fromkeys(named)
        if communes_of(place, gazetteer) and point_of(place, gazetteer) is None
    ]
    targets = [target(place, gazetteer, radius) for place in asked.places]
    pairs = zip(targets, asked.places, strict=True)
    inside = tuple(replace(one, circle=None) for one, place in pairs if place.type != "country")
    if radius is not None and around is not None:
        targets.append(circle(around, radius, gazetteer))
    targets = list(dict.fromkeys(targets))
    round_something = any(one.circle for one in targets)
    coverage = asked.coverage or (Coverage.LOCATED if round_something or asked.box else Coverage.ANY)
    if radius is not None and isinstance(around, Point) and coverage is not Coverage.LOCATED:
        notices += _approximate(around, gazetteer, lang)
    centre, label = _centre(asked, len(targets), gazetteer, lang)
    origin = "focus" if asked.centre else "commune"
    if radius is not None and (asked.centre is None or not asked.focus_only):
        origin = "circle"
    return GeoFilter(
        targets=tuple(targets),
        coverage=coverage,
        national=asked.national,
        box=asked.box,
        centre=centre,
        centre_label=label,
        origin=origin if centre else "",
        excluded=tuple(target(place, gazetteer) for place in asked.excluded),
        inside=inside,
        notices=tuple(notices),
        problems=tuple(problems),
    )


def target(place: Place, gazetteer: Gazetteer, radius_km: float | None = None) -> Target:
    """The target of a boundary; with `radius_km`, a commune or post code also takes what lies in the circle around
    it."""
    match place.type:
        case "country":
            return Target(everywhere=True)
        case "region":
            code = frozenset({str(place)})
            held = code | frozenset(gazetteer.ancestors(place))
            return Target(regions=frozenset({place.code}), zone_places=held, zone_within=code)
        case "department":
            code = frozenset({str(place)})
            held = code | frozenset(gazetteer.ancestors(str(place)))
            return Target(departments=frozenset({place.code}), zone_places=held, zone_within=code)
        case "epci" | "ept" | "arrondissement" | "area":
            return _grouping(place, gazetteer)
        case _:
            return _town(place, gazetteer, radius_km)


def _town(place: Place, gazetteer: Gazetteer, radius_km: float | None) -> Target:
    """A commune or a post code: its communes as cities, served at any of their own points."""
    communes = communes_of(place, gazetteer)
    cities = frozenset(one.city for one in communes)
    points = tuple(Point(*one.point) for one in communes if one.point is not None)
    drawn = Circle(points[0], radius_km) if radius_km is not None and points else None
    return Target(communes=cities, circle=drawn, zone_places=_holding(cities, gazetteer), zone_points=points)


def _grouping(place: Place, gazetteer: Gazetteer) -> Target:
    """Bodies of communes and areas: served by what it is, holds it or lies inside it, or by a circle around one of
    its towns.

    Told by departments where it holds them whole, so that half of France is not thirty thousand communes. What lies
    inside is told by its communes too: an index need not know the areas that analysts drew since.
    """
    one = gazetteer.grouping(place)
    if one is None:
        return Target()
    whole = {f"department:{code}" for code in one.departments}
    inside = {str(other) for other in gazetteer.inside(place)} | whole
    towns = gazetteer.main_towns(place, MAX_TOWNS)
    return Target(
        communes=one.communes,
        departments=frozenset(one.departments),
        zone_places=frozenset(inside | {f"commune:{code}" for code in one.communes} | {*gazetteer.ancestors(place)}),
        zone_within=frozenset(whole),
        zone_points=tuple(
            Point(*one.point) for at, one in enumerate(towns) if one.point and (not at or one.population >= TOWN)
        ),
    )


def circle(centre: Place | Point, radius_km: float, gazetteer: Gazetteer) -> Target:
    """The circle around a commune (which it holds whole) or around a point.

    Around a post code: around its most populous commune, in which it then lies.
    """
    if isinstance(centre, Place):
        communes = communes_of(centre, gazetteer)
        first = next((one for one in communes if one.point is not None), None)
        return _town(Place("commune", (first or communes[0]).code), gazetteer, radius_km)
    return Target(
        circle=Circle(centre, radius_km), zone_places=_holding_point(centre, gazetteer), zone_points=(centre,)
    )


def _holding(cities: Iterable[str], gazetteer: Gazetteer) -> frozenset[str]:
    """Place codes of the cities themselves and of all that holds them."""
    codes = (f"commune:{city}" for city in cities)
    return frozenset(held for code in codes for held in (code, *gazetteer.ancestors(code)))


def _holding_point(point: Point, gazetteer: Gazetteer) -> frozenset[str]:
    """The nearest commune (approximate), and the department whose outline holds the point, with its region."""
    nearest = _nearest_city(point, gazetteer)
    held = {f"commune:{nearest}"} if nearest else set()
    department = gazetteer.department_at(point.lat, point.lon)
    if department is None and nearest:  # outlines are simplified: a quay may lie outside of them
        department = gazetteer.codes_holding(nearest)[1]
    if department:
        held |= {f"department:{department}", *gazetteer.ancestors(f"department:{department}")}
    return frozenset(held)


def _nearest_city(point: Point, gazetteer: Gazetteer) -> str | None:
    found = gazetteer.nearest(point.lat, point.lon)
    return found[0].city if found and found[1] <= NEAREST_KM else None


def _approximate(point: Point, gazetteer: Gazetteer, lang: str) -> list[Notice]:
    city = _nearest_city(point, gazetteer)
    return [Notice("approximate_commune", "lat", {"label": gazetteer.label(f"commune:{city}", lang)})] if city else []


def _centre(asked: GeoQuery, targets: int, gazetteer: Gazetteer, lang: str) -> tuple[Point | None, str]:
    """The centre asked for, else that of the only place; several places have none."""
    if isinstance(asked.centre, Point):
        return asked.centre, ""
    only = asked.centre or (asked.places[0] if targets == 1 and asked.places else None)
    point = point_of(only, gazetteer) if only else None
    return (Point(*point), gazetteer.label(only, lang)) if only and point else (None, "")


MAX_MEASURED = 8
"""Towns of an area, the most populous, to the nearest of which a distance is measured from outside."""

MAINLAND = ""
"""The side of all departments that no sea divides, Corsica among them."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What distances are measured from.

    `inside`: places asked for, whose own suppliers are at no distance. `side`: the department overseas where all that
    is asked for lies, `MAINLAND`, or None where nothing or both sides are asked for.
    """

    centres: tuple[Point, ...] = ()
    inside: tuple[Target, ...] = ()
    side: str | None = None


def measured(asked: GeoQuery, where: GeoFilter, gazetteer: Gazetteer) -> Measured:
    """What the distance signal measures from: a focus or a circle's centre alone; else the points of the communes, and
    the main towns of areas. Who sits in one of them is at no distance."""
    departments = _departments(asked, where, gazetteer)
    sides = {code if code and is_overseas(code) else MAINLAND for code in departments}
    side = sides.pop() if len(sides) == 1 else None
    if asked.centre is not None:
        return Measured(() if where.centre is None else (where.centre,), (), side)
    points: dict[Point, None] = {}
    for place in asked.places:
        if communes_of(place, gazetteer):
            found = point_of(place, gazetteer)
            points |= dict.fromkeys([Point(*found)] if found else [])
        elif place.type != "country":
            towns = gazetteer.main_towns(place, MAX_MEASURED)
            points |= dict.fromkeys(Point(*town.point) for town in towns if town.point)
    return Measured(tuple(points), where.inside, side)


def overseas(gazetteer: Gazetteer) -> frozenset[str]:
    """Codes of departments and collectivities across a sea: those that INSEE numbers 97 and 98."""
    return frozenset(one.code for one in gazetteer.departments() if is_overseas(one.code))


def _departments(asked: GeoQuery, where: GeoFilter, gazetteer: Gazetteer) -> Iterator[str | None]:
    """Of each place asked for, the department of its first commune, None where it is in none; the country aside."""
    named = [asked.centre] if isinstance(asked.centre, Place) else []
    for place in (*asked.places, *named):
        if place.type != "country":
            code = next(iter(gazetteer.communes_in(place)), None)
            yield None if code is None else gazetteer.codes_holding(code)[1]
    if isinstance(asked.centre, Point) and where.centre is not None:
        yield gazetteer.department_at(where.centre.lat, where.centre.lon)


ZOOM, MAX_ZOOM = 6, 22
"""Of a map that shows all of France; of the closest one."""
HALVINGS = 2
"""A tile of 256 points is cut into 4 x 4 cells: of 64 points, about the size of a marker and its label."""
MAX_CELLS = 2_000
"""Of one answer: a large screen holds some 500."""
FAR_NEIGHBOURS = 3
"""Suppliers that are shown one by one when a cell holds no more."""
HOUSE, NEIGHBOURS = 20, 50
"""Precision from which looking closer parts nobody (a cell is a house): then up to so many are shown one by one."""
FRANCE = Box(-5.3, 41.2, 9.7, 51.2)
"""Without a view most suppliers are there."""

_EDGE = 85.0511


def grid(zoom: int, view: Box | None) -> Grid:
    """Choose the grid that a map's pins are gathered in: finer as one zooms in, coarser when the view would hold
    more than `MAX_CELLS`. `zoom`: the map's (0 = the world in one tile). `view` None: all of France."""
    precision = min(zoom + HALVINGS, FINEST)
    while precision and cells(view or FRANCE, precision) > MAX_CELLS:
        precision -= 1
    return Grid(precision, view, NEIGHBOURS if precision >= HOUSE else FAR_NEIGHBOURS)


def cells(box: Box, precision: int) -> int:
    """How many cells of a grid of 2^precision x 2^precision over the Web Mercator square a box touches, or one row
    and column more."""
    size = 1 << precision
    east = box.east if box.east >= box.west else box.east + 360
    columns = math.ceil((east - box.west) / 360 * size) + 1
    rows = math.ceil((_height(box.north) - _height(box.south)) * size) + 1
    return columns * rows


def zoom_of(grid: Grid) -> int:
    """The zoom level whose cells these are."""
    return max(0, grid.precision - HALVINGS)


def _height(lat: float) -> float:
    """Place on the Mercator square, 0 at its foot to 1."""
    phi = math.radians(max(-_EDGE, min(_EDGE, lat)))
    return 0.5 + math.log(math.tan(phi) + 1 / math.cos(phi)) / (2 * math.pi)
