"""What must hold on one activity: sector, service type and zone together; and how the seat comes
in.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from discovery.engine import predicate
from discovery.engine.definition import NAMES
from discovery.engine.elasticsearch.query import clauses
from discovery.engine.elasticsearch.query.clauses import (
    EVERYTHING,
    NOTHING,
    Clause,
    both,
    but_not,
    chosen,
    either,
    exists,
    nested,
    of_siret,
    term,
    terms,
    text,
    within,
)
from discovery.engine.port import (
    Coverage,
    Filters,
    National,
    Need,
    Point,
    SearchRequest,
    ServesBy,
    Target,
    TextQuery,
)
from discovery.engine.predicate import without

COUNTRY = term("activities.scope", "country")
PRESUMED = term("activities.scope", "presumed")

FAR_KM = 1024.0
"""Farther than any zone reaches (500 km), and a power of two, so that its inverse is exact in
single precision.
"""


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
            *(
                within("location", one.centre, one.radius_km)
                for one in circles
                if one.radius_km >= 0
            ),
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
    """An activity that serves one of the targets in one way: by a declared zone, a presumed one, or
    all of France.
    """
    if way is ServesBy.NATIONAL:
        return COUNTRY
    if way is ServesBy.PRESUMED:
        return both(PRESUMED, _zone(targets, ("presumed",)))
    return but_not(_zone(targets, ("radius",)), either([COUNTRY, PRESUMED]))


def serving(request: SearchRequest, way: ServesBy, which: Clause) -> Clause:
    """The query for suppliers that serve the request's targets in one `way`, by an activity that
    meets `which`; for nobody where the request's coverage, national or presumed exclude that way.
    """
    if way is ServesBy.NATIONAL:
        allowed = (
            request.national is not National.EXCLUDE and request.coverage is not Coverage.PRESUMED
        )
    elif request.national is National.ONLY:
        allowed = False
    else:
        allowed = (
            request.presumed
            if way is ServesBy.PRESUMED
            else request.coverage is not Coverage.PRESUMED
        )
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
    about = (
        terms("activities.scope", scopes),
        exists("activities.radius_km"),
        exists("activities.location"),
    )
    return both(*about, either([_reaches(point) for point in points]))


def _reaches(point: Point) -> Clause:
    """The distance to the point is at most the activity's radius.

    The radius of `geo_distance` can't be a field's value, and a clause for every radius in use
    would have to know them all (and each costs Lucene a millisecond to prepare). Scores can compare
    two values of a document, though: (FAR - distance) / FAR + radius / FAR is 1 at the edge, and
    more inside. In single precision that tells 6 cm.
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


def activities(request: SearchRequest) -> Clause:
    """Suppliers that pass the filters on activities and the where."""
    meeting = meets(request.filters, request.national, request)
    having = nested(meeting) if predicate.asks_for_activity(request) else EVERYTHING
    if request.national is National.ONLY:
        having = spoken(request, meeting)
    if not request.targets:
        return having
    ways = []
    if request.coverage.by_seat:
        ways.append(both(located(request.targets), having))
    if request.coverage.by_zone:
        ways.append(spoken(request, both(meeting, serves(request))))
    return either(ways)


def doing(request: SearchRequest) -> Clause:
    """An activity that does what is needed; NOTHING without a need."""
    return of_sectors({slug for need in request.needs for slug in need.sectors})


def spoken(request: SearchRequest, which: Clause) -> Clause:
    """Suppliers of whom an activity of the needed trade meets a clause; of those without one, any
    activity.
    """
    trade = doing(request)
    if trade == NOTHING:
        return nested(which)
    return either([nested(both(which, trade)), but_not(nested(which), nested(trade))])


def scope(request: SearchRequest) -> Clause:
    """Suppliers that pass the scope themselves, their activities aside."""
    return both(
        *(clause for one in request.scope for clause in (*chosen(one).values(), of_siret(one)))
    )


def excluded(request: SearchRequest) -> Clause:
    """Suppliers that are left out for what they are, where they sit, or for all of their
    activities.
    """
    exclude = request.exclude
    out = [*chosen(exclude).values()]
    if exclude.siret:
        out.append(of_siret(exclude))
    if request.exclude_targets:
        out.append(located(request.exclude_targets))
    if exclude.on_activity:
        out.append(but_not(nested(EVERYTHING), nested(not_excluded(exclude))))
    return either(out)


def meets(filters: Filters, national: National, request: SearchRequest) -> Clause:
    """An activity that has one of the sectors, one of the service types and, if asked for, a
    country zone; and that a request's exclusions leave and its scope allows.
    """
    return both(
        _passing(filters),
        COUNTRY if national is National.ONLY else EVERYTHING,
        not_excluded(request.exclude),
        *map(_passing, request.scope),
    )


def _passing(filters: Filters) -> Clause:
    return both(
        of_sectors(filters.sector) if filters.sector else EVERYTHING,
        terms("activities.service_types", filters.service_type)
        if filters.service_type
        else EVERYTHING,
    )


def needed(request: SearchRequest) -> Clause:
    """Suppliers that meet a need; without any, those that the text matches."""
    if request.needs:
        return either([_met(request, need) for need in request.needs])
    return EVERYTHING if request.text is None else text(request.text)


def _met(request: SearchRequest, need: Need) -> Clause:
    exclude = request.exclude
    other = either([with_evidence(without(need.sectors, exclude)), mentioned(request, need)])
    if not exclude.on_activity or not need.sectors:
        return either([of_sectors(need.sectors, nested=True), other])
    having = of_sectors(need.sectors)
    return either(
        [
            clauses.nested(both(having, not_excluded(exclude))),
            but_not(other, clauses.nested(having)),
        ]
    )


def of_sectors(slugs: Iterable[str], *, nested: bool = False) -> Clause:
    """An activity that has one of the sectors or groups; `nested`: a supplier that has such an
    activity.
    """
    held = tuple(slugs)
    if not held:
        return NOTHING
    found = either([terms("activities.sector", held), terms("activities.sector_group", held)])
    return clauses.nested(found) if nested else found


def with_evidence(sectors: Iterable[str]) -> Clause:
    """A supplier with evidence of one of the sectors or groups (slugs)."""
    held = tuple(sectors)
    return terms("evidence_sectors", held) if held else NOTHING


def mentioned(request: SearchRequest, need: Need) -> Clause:
    """Suppliers that hold enough of a need's words, in its fields."""
    if request.text is None or not need.words:
        return NOTHING
    return text(need.said(request.text))


def named(request: SearchRequest) -> Clause:
    """Suppliers whose name, or brand, holds all of the words of a name that is typed."""
    words = request.signals.named
    fields = NAMES if words and request.text is not None else ()
    return either([text(TextQuery(words, len(words), ((field, 1.0),), 0.0)) for field in fields])


def not_excluded(exclude: Filters) -> Clause:
    """An activity that no exclusion takes away: of another sector and group, and offered in some
    other way.
    """
    taken: list[Clause] = []
    if exclude.sector:
        taken.append(of_sectors(exclude.sector))
    if exclude.service_type:
        taken.append(_only(exclude.service_type))
    return {"bool": {"must_not": taken}} if taken else EVERYTHING


def _only(services: Iterable[str]) -> Clause:
    """An activity with some of these service types, and none between, before or behind them in the
    alphabet.
    """
    field, held = "activities.service_types", sorted(set(services))
    gaps = [{"lt": held[0]}, *({"gt": a, "lt": b} for a, b in pairwise(held)), {"gt": held[-1]}]
    return {
        "bool": {
            "filter": [terms(field, held)],
            "must_not": [{"range": {field: gap}} for gap in gaps],
        }
    }
