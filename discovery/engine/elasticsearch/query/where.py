"""Where: the suppliers that are located in the targets, the activities that serve them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from discovery.engine.elasticsearch.query.clauses import (
    EVERYTHING,
    NOTHING,
    Clause,
    both,
    but_not,
    either,
    exists,
    nested,
    term,
    terms,
    within,
)
from discovery.engine.port import Coverage, National, Point, SearchRequest, ServesBy, Target

COUNTRY = term("activities.scope", "country")
PRESUMED = term("activities.scope", "presumed")

FAR_KM = 1024.0
"""Farther than any zone reaches (500 km), and a power of two, so that its inverse is exact in single precision."""


def located(targets: Sequence[Target]) -> Clause:
    """A supplier whose seat lies in one of the targets."""
    if any(target.everywhere for target in targets):
        return EVERYTHING
    codes = {
        "commune": _all(target.communes for target in targets),
        "department": _all(target.departments for target in targets),
        "region": _all(target.regions for target in targets),
    }
    circles = dict.fromkeys(target.circle for target in targets if target.circle is not None)
    return either(
        [
            *(terms(field, values) for field, values in codes.items() if values),
            *(within("location", one.centre, one.radius_km) for one in circles if one.radius_km >= 0),
        ]
    )


def serves(request: SearchRequest) -> Clause:
    """An activity whose zone serves the where, as coverage, national and presumed allow."""
    if request.coverage is Coverage.PRESUMED:
        return by_zone(request.targets, ServesBy.PRESUMED) if request.presumed else NOTHING
    country = request.national is not National.EXCLUDE
    zone = _zone(request.targets, ("radius", "presumed") if request.presumed else ("radius",))
    unwanted = [*([] if country else [COUNTRY]), *([] if request.presumed else [PRESUMED])]
    if unwanted:
        zone = but_not(zone, either(unwanted))
    return either([COUNTRY, zone]) if country else zone


def by_zone(targets: Sequence[Target], way: ServesBy) -> Clause:
    """An activity that serves one of the targets in one way: by a declared zone, a presumed one, or all of France."""
    if way is ServesBy.NATIONAL:
        return COUNTRY
    if way is ServesBy.PRESUMED:
        return both(PRESUMED, _zone(targets, ("presumed",)))
    return but_not(_zone(targets, ("radius",)), either([COUNTRY, PRESUMED]))


def serving(request: SearchRequest, way: ServesBy, which: Clause) -> Clause:
    """Suppliers that serve the where in one way, as coverage, national and presumed allow, by an activity that meets a
    clause."""
    if way is ServesBy.NATIONAL:
        allowed = request.national is not National.EXCLUDE and request.coverage is not Coverage.PRESUMED
    elif request.national is National.ONLY:
        allowed = False
    else:
        allowed = request.presumed if way is ServesBy.PRESUMED else request.coverage is not Coverage.PRESUMED
    return nested(both(which, by_zone(request.targets, way))) if allowed else NOTHING


def _zone(targets: Sequence[Target], scopes: Sequence[str]) -> Clause:
    """By the places that the zone names, or by its circle if it is of one of the scopes."""
    bounded = [target for target in targets if not target.everywhere]
    places = _all(target.zone_places for target in bounded)
    holding = _all(target.zone_within for target in bounded)
    points = list(dict.fromkeys(point for target in bounded for point in target.zone_points))
    return either(
        [
            *([terms("activities.places", places)] if places else []),
            *([terms("activities.places_within", holding)] if holding else []),
            *([_own_circle(points, scopes)] if points else []),
        ]
    )


def _own_circle(points: Sequence[Point], scopes: Sequence[str]) -> Clause:
    """An activity's own circle holds one of the points."""
    about = (terms("activities.scope", scopes), exists("activities.radius_km"), exists("activities.location"))
    return both(*about, either([_reaches(point) for point in points]))


def _reaches(point: Point) -> Clause:
    """The distance to the point is at most the activity's radius.

    The radius of `geo_distance` can't be a field's value, and a clause for every radius in use would have to know them
    all (and each costs Lucene a millisecond to prepare). Scores can compare two values of a document, though:
    (FAR - distance) / FAR + radius / FAR is 1 at the edge, and more inside. In single precision that tells 6 cm.
    """
    return {
        "function_score": {
            "functions": [
                {
                    "linear": {
                        "activities.location": {
                            "origin": {"lat": point.lat, "lon": point.lon},
                            "scale": f"{FAR_KM / 2:g}km",
                            "decay": 0.5,
                        }
                    }
                },
                {"field_value_factor": {"field": "activities.radius_km", "factor": 1 / FAR_KM}},
            ],
            "score_mode": "sum",
            "boost_mode": "replace",
            "min_score": 1.0,
        }
    }


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
