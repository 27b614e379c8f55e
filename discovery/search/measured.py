"""From where distances are measured, and on which side of the sea a search is. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from discovery.engine.port import Point, Target
from discovery.gazetteer import Gazetteer, Place
from discovery.search.places import communes_of, point_of
from discovery.search.where import GeoFilter, GeoQuery, target

MAX_TOWNS = 8
"""Towns of an area, the most populous, to the nearest of which a distance is measured from outside."""

MAINLAND = ""
"""The side of all departments that no sea divides, Corsica among them."""


@dataclass(frozen=True, slots=True)
class Measured:
    """`inside`: areas whose suppliers are at no distance. `side`: the department overseas where all that is asked for
    lies, `MAINLAND`, or None where nothing or both sides are asked for."""

    centres: tuple[Point, ...] = ()
    inside: tuple[Target, ...] = ()
    side: str | None = None


def measured(asked: GeoQuery, where: GeoFilter, gazetteer: Gazetteer) -> Measured:
    """A focus or a circle's centre alone; else the points of the communes, and areas with their main towns."""
    sides = {*_sides(asked, where, gazetteer)}
    side = sides.pop() if len(sides) == 1 else None
    if asked.centre is not None:
        return Measured(() if where.centre is None else (where.centre,), (), side)
    points: dict[Point, None] = {}
    inside: list[Target] = []
    for place in asked.places:
        if communes_of(place, gazetteer):
            found = point_of(place, gazetteer)
            points |= dict.fromkeys([Point(*found)] if found else [])
        elif place.type != "country":
            inside.append(target(place, gazetteer))
            towns = gazetteer.main_towns(place, MAX_TOWNS)
            points |= dict.fromkeys(Point(*town.point) for town in towns if town.point)
    return Measured(tuple(points), tuple(inside), side)


def overseas(gazetteer: Gazetteer) -> frozenset[str]:
    """Codes of departments and collectivities across a sea: those that INSEE numbers 97 and 98."""
    return frozenset(one.code for one in gazetteer.departments() if one.code.startswith(("97", "98")))


def _sides(asked: GeoQuery, where: GeoFilter, gazetteer: Gazetteer) -> Iterator[str]:
    named = [asked.centre] if isinstance(asked.centre, Place) else []
    for place in (*asked.places, *named):
        if place.type != "country":
            code = next(iter(gazetteer.communes_in(place)), None)
            yield _side(None if code is None else gazetteer.codes_holding(code)[1])
    if isinstance(asked.centre, Point) and where.centre is not None:
        yield _side(gazetteer.department_at(where.centre.lat, where.centre.lon))


def _side(department: str | None) -> str:
    return department if department and department.startswith(("97", "98")) else MAINLAND
