"""Where a search looks: a typed code or name becomes a place; places, circles and a box become
targets, and at most one centre; a place is named within a sentence.

The "Where" table, one function per kind of place; from where distances are measured, on which side
of the sea a search is; into which cells a map is cut. Pure: the gazetteer is memory.
"""

import math
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from discovery.engine.port import FINEST, Box, Circle, Coverage, Grid, National, Point, Target
from discovery.model import dataclass, replace
from discovery.phrase.spelling.names import nearest_towns, towns_resembling, towns_starting
from discovery.places import Commune, Gazetteer, Place
from discovery.places.model import is_overseas
from discovery.places.names import of as tied
from discovery.places.table import read_rows
from discovery.search.query import AUTO, Notice, Problem

TOWN = 10_000
"""Inhabitants from which a commune comes before a department or region of the same name (as in a
phrase).
"""

MAX_OTHERS = 4
"""Namesakes worth proposing."""

_CODE = re.compile(
    r"(?:commune|postcode|epci|ept|arrondissement|department|region):\w+|area:[\w-]+|country",
    re.IGNORECASE,
)
_HINTED = re.compile(
    r"(?P<name>.*\D)\s*\((?P<hint>[^()]+)\)|(?P<before>.*[^\W\d]\W*?)[\s,]+(?P<number>\d[\dABab]\d{0,3})"
)


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that a text names.

    `place`: what the name means. `others`: namesakes. `corrected`: it is the nearest name to what
    was typed.
    """

    place: Place
    others: tuple[Place, ...] = ()
    corrected: bool = False


def find_place(typed: str, gazetteer: Gazetteer, *, centre: bool = False) -> NamedPlace | None:
    """What a code or a typed name means; None when nothing bears it. `centre`: of namesakes, prefer
    one that has a point.
    """
    return _found(typed.strip(), gazetteer, gazetteer.edition, centre)


@lru_cache(256)  # a lot looks for its town seven times, and a sheet for the same few
def _found(typed: str, gazetteer: Gazetteer, _edition: int, centre: bool) -> NamedPlace | None:
    if _CODE.fullmatch(typed):
        kind, _, code = typed.partition(":")
        place = gazetteer.parse_place(f"{kind.lower()}:{code}")
        return NamedPlace(place) if place else None
    if typed[:1].isdigit() and " " not in typed and (coded := _by_digits(typed, gazetteer)):
        return NamedPlace(coded)
    candidates = list(dict.fromkeys(_by_name(typed, gazetteer, centre)))
    if candidates:
        best, held = candidates[0], gazetteer.ancestors(str(candidates[0]))
        # Paris the department holds Paris the city: one place, not two that share a name.
        others = (
            one
            for one in candidates[1:]
            if str(one) not in held and str(best) not in gazetteer.ancestors(str(one))
        )
        return NamedPlace(best, tuple(others)[:MAX_OTHERS])
    return None


def find_centre(typed: str, gazetteer: Gazetteer) -> NamedPlace | None:
    """What a code or a typed name of a centre means, forgiving more than `find`: a typo or a name
    left half typed gives the nearest name, else the most populous that starts so; the others are
    kept.
    """
    found = find_place(typed, gazetteer, centre=True)
    if found is not None:
        return found
    if nearest_towns(typed, gazetteer, 1):
        meant = towns_resembling(typed, gazetteer, MAX_OTHERS + 1)
    else:
        meant = towns_starting(typed, gazetteer, MAX_OTHERS + 1)
    return NamedPlace(meant[0], meant[1:], corrected=True) if meant else None


def unknown_place(parameter: str, typed: str, gazetteer: Gazetteer) -> Problem:
    """The problem of a place that nothing bears, with the towns that it may have been."""
    choices = tuple(gazetteer.label(place) for place in towns_resembling(typed, gazetteer))
    return Problem(parameter, typed, "unknown_place", {"value": typed}, choices)


def point_of(place: Place, gazetteer: Gazetteer) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees of a commune's or post code's centre (its most populous
    commune's); None for other places.
    """
    for commune in communes_of(place, gazetteer):
        if commune.point is not None:
            return commune.point
    return None


def communes_of(place: Place, gazetteer: Gazetteer) -> tuple[Commune, ...]:
    """The communes that a commune or post code stands for, most populous first; none for anything
    larger.
    """
    if place.type == "postcode":
        return gazetteer.communes_of_postcode(place.code)
    commune = gazetteer.commune(place.code) if place.type == "commune" else None
    return (commune,) if commune else ()


def _by_digits(typed: str, gazetteer: Gazetteer) -> Place | None:
    """A post code, an INSEE code or a department's number, in that order."""
    code = typed.upper()
    for kind in ("postcode", "commune", "department"):
        if (place := gazetteer.parse_place(f"{kind}:{code}")) is not None:
            return place
    return None


def _by_name(typed: str, gazetteer: Gazetteer, centre: bool) -> Iterator[Place]:
    """Places of that name, the likeliest first."""
    communes = gazetteer.by_name(typed)
    region, department = gazetteer.region_by_name(typed), gazetteer.department_by_name(typed)
    if not (region or department) and (town := gazetteer.shortened(typed)):
        yield Place("commune", town.code)
    towns = [one for one in communes if centre or one.population >= TOWN]
    yield from (Place("commune", one.code) for one in towns)
    if region:
        yield Place("region", region.code)
    if department:
        yield Place("department", department.code)
    yield from (Place("commune", one.code) for one in communes)
    yield from (one.place for one in gazetteer.groupings_by_name(typed))
    if not communes and (match := _HINTED.fullmatch(typed)):
        yield from _with_hint(
            match["name"] or match["before"], match["hint"] or match["number"], gazetteer
        )


def _with_hint(name: str, hint: str, gazetteer: Gazetteer) -> Iterator[Place]:
    """ "Saint-Denis (93)", "Saint-Denis (La Réunion)", "Rhône (69)": only what the hint holds."""
    name, hint = name.strip(" ,-"), hint.strip().upper()
    department = gazetteer.department(hint) or gazetteer.department_by_name(hint)
    region = gazetteer.region_by_name(hint)
    for commune in gazetteer.by_name(
        name,
        hint_department=department.code if department else None,
        hint_region=region.code if region else None,
        hint_postcode=hint if len(hint) == 5 else None,
    ):
        fits = (
            (department is not None and commune.department == department.code)
            or (region is not None and commune.region == region.code)
            or hint in commune.post_codes
        )
        if fits:
            yield Place("commune", commune.code)
    named = gazetteer.department_by_name(name)
    if named and department and named.code == department.code:
        yield Place("department", named.code)


NEAREST_KM = 30.0
"""A point further than this from every commune's point is in none of them (at sea, abroad)."""

MAX_TOWNS = 20
"""Towns of an area, the most populous, one of which a zone's circle must hold."""


@dataclass(frozen=True, slots=True)
class GeoQuery:
    """What was asked, named but not resolved.

    `places` are boundaries. `centre`: a place with one, or a point; a focus without `radius_km` or
    `minutes` by car, a circle with one, unless `focus_only` (they were said of the places).
    `automatic`: the circle is still to be chosen, by how many answer in each; until then the centre
    is a focus. `typed`: radius or minutes are a parameter, so that without a centre they are an
    error rather than a warning.
    """

    places: tuple[Place, ...] = ()
    centre: Place | Point | None = None
    radius_km: float | None = None
    minutes: float | None = None
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

    `centre`: what distances are measured from, or None; `centre_label` names it, empty for a bare
    point. `excluded`: places whose seated suppliers are left out. `inside`: targets of the places,
    without a circle; the country is none.
    """

    targets: tuple[Target, ...]
    coverage: Coverage
    national: National
    box: Box | None = None
    centre: Point | None = None
    centre_label: str = ""
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
    """Turn places, circle and box into targets, and at most one centre. What is wrong is in the
    result's `problems`, what is worth saying in its `notices`; nothing is raised.
    """
    notices: list[Notice] = []
    problems: list[Problem] = []
    minutes = asked.minutes
    radius = asked.radius_km if minutes is None else 0.0
    centred = asked.centre is not None and not asked.focus_only
    if (radius is not None or asked.automatic) and not (
        centred or any(communes_of(place, gazetteer) for place in asked.places)
    ):
        if asked.typed:
            code = "radius_needs_commune" if asked.places else "radius_without_centre"
            given = f"{minutes or radius:g}" if minutes or radius else AUTO
            problems.append(Problem("minutes" if minutes else "radius", given, code))
        elif minutes is not None:
            notices.append(Notice("minutes_ignored", "q", {"minutes": minutes}))
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
    if (
        minutes is not None
    ):  # with the communes so near by car: a supplier counts by its commune's point
        for at, one in enumerate(targets):
            if one.circle:
                roads = gazetteer.roads_from(one.circle.centre.lat, one.circle.centre.lon)
                targets[at] = replace(one, communes=one.communes | roads.within(minutes))
    round_something = any(one.circle for one in targets)
    coverage = asked.coverage or (
        Coverage.LOCATED if round_something or asked.box else Coverage.ANY
    )
    serving = radius is not None and coverage is not Coverage.LOCATED
    if serving and isinstance(around, Point) and (city := _nearest_city(around, gazetteer)):
        label = gazetteer.label(f"commune:{city}", lang)
        notices.append(Notice("approximate_commune", "lat", {"label": label}))
    centre, label = _centre(asked, len(targets), gazetteer, lang)
    return GeoFilter(
        targets=tuple(targets),
        coverage=coverage,
        national=asked.national,
        box=asked.box,
        centre=centre,
        centre_label=label,
        excluded=tuple(target(place, gazetteer) for place in asked.excluded),
        inside=inside,
        notices=tuple(notices),
        problems=tuple(problems),
    )


def target(place: Place, gazetteer: Gazetteer, radius_km: float | None = None) -> Target:
    """The target of a boundary; with `radius_km`, a commune or post code also takes what lies in
    the circle around it.
    """
    match place.type:
        case "country":
            return Target(everywhere=True)
        case "region" | "department":
            code, own = frozenset({str(place)}), frozenset({place.code})
            made = Target(
                zone_places=code | frozenset(gazetteer.ancestors(place)), zone_within=code
            )
            return (
                replace(made, regions=own)
                if place.type == "region"
                else replace(made, departments=own)
            )
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
    return Target(
        communes=cities, circle=drawn, zone_places=_holding(cities, gazetteer), zone_points=points
    )


def _grouping(place: Place, gazetteer: Gazetteer) -> Target:
    """Bodies of communes and areas: served by what it is, holds it or lies inside it, or by a
    circle around one of its towns.

    Told by departments where it holds them whole, so that half of France is not thirty thousand
    communes. What lies inside is told by its communes too: an index need not know the areas that
    analysts drew since.
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
        zone_places=frozenset(
            inside | {f"commune:{code}" for code in one.communes} | {*gazetteer.ancestors(place)}
        ),
        zone_within=frozenset(whole),
        zone_points=tuple(
            Point(*one.point)
            for at, one in enumerate(towns)
            if one.point and (not at or one.population >= TOWN)
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
        circle=Circle(centre, radius_km),
        zone_places=_holding_point(centre, gazetteer),
        zone_points=(centre,),
    )


def _holding(cities: Iterable[str], gazetteer: Gazetteer) -> frozenset[str]:
    """Place codes of the cities themselves and of all that holds them."""
    codes = (f"commune:{city}" for city in cities)
    return frozenset(held for code in codes for held in (code, *gazetteer.ancestors(code)))


def _holding_point(point: Point, gazetteer: Gazetteer) -> frozenset[str]:
    """The nearest commune (approximate), and the department whose outline holds the point, with its
    region.
    """
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


def _centre(
    asked: GeoQuery, targets: int, gazetteer: Gazetteer, lang: str
) -> tuple[Point | None, str]:
    """The centre asked for, else that of the only place; several places have none."""
    if isinstance(asked.centre, Point):
        return asked.centre, ""
    only = asked.centre or (asked.places[0] if targets == 1 and asked.places else None)
    point = point_of(only, gazetteer) if only else None
    return (Point(*point), gazetteer.label(only, lang)) if only and point else (None, "")


MAX_MEASURED = 8
"""Towns of an area, the most populous, to the nearest of which a distance is measured from outside.
"""

MAINLAND = ""
"""The side of all departments that no sea divides, Corsica among them."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What distances are measured from.

    `inside`: places asked for, whose own suppliers are at no distance. `side`: the department
    overseas where all that is asked for lies, `MAINLAND`, or None where nothing or both sides are
    asked for.
    """

    centres: tuple[Point, ...] = ()
    inside: tuple[Target, ...] = ()
    side: str | None = None


def measured(asked: GeoQuery, where: GeoFilter, gazetteer: Gazetteer) -> Measured:
    """What the distance signal measures from: a focus or a circle's centre alone; else the points
    of the communes, and the main towns of areas. Who sits in one of them is at no distance.
    """
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


def _departments(asked: GeoQuery, where: GeoFilter, gazetteer: Gazetteer) -> Iterator[str | None]:
    """Of each place asked for, the department of its first commune, None where it is in none; the
    country aside.
    """
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
"""A tile of 256 points is cut into 4 x 4 cells: of 64 points, about the size of a marker and its
label.
"""
MAX_CELLS = 2_000
"""Of one answer: a large screen holds some 500."""
FAR_NEIGHBOURS = 3
"""Suppliers that are shown one by one when a cell holds no more."""
HOUSE, NEIGHBOURS = 20, 50
"""Precision from which looking closer parts nobody (a cell is a house): then up to so many are
shown one by one.
"""
FRANCE = Box(-5.3, 41.2, 9.7, 51.2)
"""Without a view most suppliers are there."""

_EDGE = 85.0511


def grid(zoom: int, view: Box | None) -> Grid:
    """Choose the grid that a map's pins are gathered in: finer as one zooms in, coarser when the
    view would hold more than `MAX_CELLS`. `zoom`: the map's (0 = the world in one tile). `view`
    None: all of France.
    """
    precision = min(zoom + HALVINGS, FINEST)
    while precision and cells(view or FRANCE, precision) > MAX_CELLS:
        precision -= 1
    return Grid(precision, view, NEIGHBOURS if precision >= HOUSE else FAR_NEIGHBOURS)


def cells(box: Box, precision: int) -> int:
    """How many cells of a grid of 2^precision x 2^precision over the Web Mercator square a box
    touches, or one row and column more.
    """
    size = 1 << precision
    east = box.east if box.east >= box.west else box.east + 360
    columns = math.ceil((east - box.west) / 360 * size) + 1
    rows = math.ceil((_height(box.north) - _height(box.south)) * size) + 1
    return columns * rows


def zoom_of(grid: Grid) -> int:
    return max(0, grid.precision - HALVINGS)


def _height(lat: float) -> float:
    """Place on the Mercator square, 0 at its foot to 1."""
    phi = math.radians(max(-_EDGE, min(_EDGE, lat)))
    return 0.5 + math.log(math.tan(phi) + 1 / math.cos(phi)) / (2 * math.pi)


@cache
def _prepositions() -> dict[str, str]:
    """Name of a department or region → what stands before it in French, where that is not "en"."""
    rows = read_rows("prepositions.tsv", ("preposition", "names"))
    return {
        name: said if said.endswith("'") else f"{said} "
        for said, names in rows
        for name in names.split(",")
    }


def in_place(place: Place, name: str, lang: str = "fr") -> str:
    """Say that something is in a place: "dans le Rhône", "à Lyon", "dans toute la France"; "the
    Vosges".
    """
    if lang != "fr":
        plural = _prepositions().get(name) == "dans les "
        return "all of France" if place.type == "country" else f"the {name}" if plural else name
    match place.type:
        case "country":
            return "dans toute la France"
        case "department" | "region":
            # Feminine names: en Savoie, en Loire-Atlantique, en Occitanie.
            return _prepositions().get(name, "en ") + name
        case "arrondissement":
            return f"dans l'{name}"
        case "epci" if name.startswith(("CC ", "CA ", "CU ", "Métropole ", "Eurométropole ")):
            return f"dans la {name}"
        case "area":
            return f"dans la zone « {name} »"
        case _ if name.startswith("Le "):  # "La" and "L'" stay
            return f"au {name[3:]}"
        case _:
            return f"aux {name[4:]}" if name.startswith("Les ") else f"à {name}"


def de(name: str, lang: str = "fr") -> str:
    """A town after "de": "de Lyon", "d'Arles", "du Mans"; the bare name in English."""
    return tied(name) if lang == "fr" else name
