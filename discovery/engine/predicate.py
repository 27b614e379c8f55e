"""One document and one request: how it matched, and the hit that says so. Plain functions, for any
engine.

An engine finds; this says why. The rules are the port's:

- an activity is *left* unless `exclude` takes it away;
- an activity *meets* a request when it is left and passes `sector`, `service_type` (the scope's
too) and
  `national=only`;
- a supplier is *seated* in the where when it is located in a target and `coverage` is by the seat;
- an activity *serves* when its zone covers a target, as `coverage`, `national` and `presumed`
allow; of a supplier that
  declares what is needed only such activities do, and only such are over all of France for
  `national=only`;
- a supplier matches the activity filters and the where when it is seated and has an activity that
meets them
  (or no filter asks for one), or has one activity that both meets and serves.

A score is counted from the same facts (`trade_of`, `promised_by`), but for filters and exclusions:
these never change it.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from discovery.engine.port import (
    Coverage,
    Document,
    Filters,
    Hit,
    MatchedBy,
    National,
    Need,
    Point,
    Position,
    SearchRequest,
    ServesBy,
    Target,
)
from discovery.model import replace
from discovery.model.attributes import FIELDS
from discovery.places.geo import haversine_km

Activity = Mapping[str, Any]

PRESUMED = "presumed"
"""Scope of an activity whose zone nobody declared."""


def values(document: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A keyword field, which may be absent, one value or a list."""
    value = document.get(name)
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)


def activities(document: Document) -> list[Activity]:
    """The activities of a document, which may hold one alone or none."""
    found = document.get("activities") or []
    return found if isinstance(found, list) else [found]


def distance_km(document: Mapping[str, Any], point: Point) -> float | None:
    """Kilometres (great circle) from the document's location to a point; None without a location."""
    location = document.get("location")
    if location is None:
        return None
    return haversine_km(point.lat, point.lon, location["lat"], location["lon"])


def located_in(document: Document, target: Target) -> bool:
    if target.everywhere:
        return True
    for asked, field in (
        (target.communes, "commune"),
        (target.departments, "department"),
        (target.regions, "region"),
    ):
        if asked and not asked.isdisjoint(values(document, field)):
            return True
    if target.circle is None:
        return False
    distance = distance_km(document, target.circle.centre)
    return distance is not None and distance <= target.circle.radius_km


def seated(document: Document, request: SearchRequest) -> bool:
    """Whether the supplier's seat lies where the request looks, and seats count."""
    if request.coverage.by_seat:
        for target in request.targets:  # a generator would cost more than what it looks at
            if located_in(document, target):
                return True
    return False


def serves_by(activity: Activity, request: SearchRequest) -> ServesBy | None:
    """How the activity's zone serves one of the targets, as coverage, national and presumed allow."""
    scope = activity.get("scope")
    if not request.targets or not request.coverage.by_zone:
        return None
    if scope == "country":
        allowed = (
            request.national is not National.EXCLUDE and request.coverage is not Coverage.PRESUMED
        )
        return ServesBy.NATIONAL if allowed else None
    if scope == PRESUMED:
        return ServesBy.PRESUMED if request.presumed and _covers(activity, request) else None
    return (
        ServesBy.NEAR
        if request.coverage is not Coverage.PRESUMED and _covers(activity, request)
        else None
    )


def _covers(activity: Activity, request: SearchRequest) -> bool:
    """Whether the zone, which is not the whole country, covers one of the targets."""
    for target in request.targets:  # noqa: SIM110
        if _covers_target(activity, target):
            return True
    return False


def _covers_target(activity: Activity, target: Target) -> bool:
    if target.everywhere:
        return False
    if not target.zone_places.isdisjoint(values(activity, "places")):
        return True
    if not target.zone_within.isdisjoint(values(activity, "places_within")):
        return True
    radius = activity.get("radius_km")
    if activity.get("scope") not in ("radius", PRESUMED) or radius is None:
        return False
    for point in target.zone_points:
        distance = distance_km(activity, point)
        if distance is not None and distance <= radius:
            return True
    return False


def of_sectors(activity: Activity, slugs: Container[str | None]) -> bool:
    return activity.get("sector") in slugs or activity.get("sector_group") in slugs


def not_excluded(activity: Activity, exclude: Filters) -> bool:
    """Whether no exclusion takes the activity away: its sector or group, or all the ways in which
    it is offered.
    """
    if exclude.sector and of_sectors(activity, exclude.sector):
        return False
    offered = values(activity, "service_types")
    return not (exclude.service_type and offered and set(offered) <= set(exclude.service_type))


def meets_filters(activity: Activity, filters: Filters, national: National) -> bool:
    """Whether the activity passes the filters that must hold on one activity."""
    if filters.sector and not of_sectors(activity, filters.sector):
        return False
    if filters.service_type and set(filters.service_type).isdisjoint(
        values(activity, "service_types")
    ):
        return False
    return national is not National.ONLY or activity.get("scope") == "country"


def in_scope(document: Document, scope: Iterable[Filters]) -> bool:
    """Whether a request of that scope that asks for nothing else finds the document."""
    asked = tuple(scope)
    if not all(passes(document, one) for one in asked):
        return False
    on_activity = [one for one in asked if one.on_activity]
    return not on_activity or any(
        all(meets_filters(activity, one, National.INCLUDE) for one in on_activity)
        for activity in activities(document)
    )


def passes(document: Document, filters: Filters) -> bool:
    """Whether the supplier itself passes, its activities aside."""
    for parameter, field in FIELDS.items():
        asked = getattr(filters, parameter)
        if asked and set(asked).isdisjoint(values(document, field)):
            return False
    return not filters.siret or (document.get("siret") or "").startswith(filters.siret)


def asks_for_activity(request: SearchRequest) -> bool:
    """Whether a supplier without any activity is left out."""
    for one in (request.filters, *request.scope):
        if one.on_activity:
            return True
    return request.national is National.ONLY


def matched(document: Document, request: SearchRequest, *, by_zone: bool) -> Iterator[Activity]:
    """The activities by which a supplier matches, when it is known whether a zone must tell
    (`by_zone`), or its seat does.
    """
    asked = asks_for_activity(request) or request.exclude.on_activity
    held = activities(document)
    for activity in (
        speaking(held, request) if by_zone or request.national is National.ONLY else held
    ):
        if (not asked or meets(activity, request)) and (
            not by_zone or serves_by(activity, request) is not None
        ):
            yield activity


def speaking(held: list[Activity], request: SearchRequest) -> list[Activity]:
    """Of a supplier's activities those whose zone counts: that do what is needed; all of them where
    none does.
    """
    sectors = {slug for need in request.needs for slug in need.sectors}
    return [one for one in held if of_sectors(one, sectors)] or held


def meets(activity: Activity, request: SearchRequest) -> bool:
    """Whether an activity passes all that is asked of one, the where apart."""
    return (
        not_excluded(activity, request.exclude)
        and meets_filters(activity, request.filters, request.national)
        and all(meets_filters(activity, one, National.INCLUDE) for one in request.scope)
    )


_BEST_FIRST = tuple(ServesBy)


def without(sectors: Iterable[str], exclude: Filters) -> tuple[str, ...]:
    """A need's sectors but for the excluded ones: those of which evidence still counts."""
    return tuple(slug for slug in sectors if slug not in exclude.sector)


def declares(document: Document, need: Need, exclude: Filters) -> bool | None:
    """Whether an activity that is left has one of the sectors; None when only activities taken away
    have one: then neither evidence nor words make the supplier meet the need.
    """
    having = False
    for one in activities(document):
        if of_sectors(one, need.sectors):
            if not_excluded(one, exclude):
                return True
            having = True
    return None if having else False


def has_evidence(document: Document, need: Need, exclude: Filters) -> bool:
    return not set(without(need.sectors, exclude)).isdisjoint(values(document, "evidence_sectors"))


def matched_by(document: Document, request: SearchRequest) -> MatchedBy | None:
    """What tells most surely that a document, which the request finds, meets one of its needs; None
    without needs.
    """
    if not request.needs:
        return None
    declared = [declares(document, need, request.exclude) for need in request.needs]
    if any(declared):
        return MatchedBy.ACTIVITY
    for need, found in zip(request.needs, declared, strict=True):
        if found is not None and has_evidence(document, need, request.exclude):
            return MatchedBy.EVIDENCE
    return MatchedBy.MENTION


def _best(found: Iterable[Activity], request: SearchRequest) -> ServesBy | None:
    ways = (by for one in found if (by := serves_by(one, request)) is not None)
    return min(ways, key=_BEST_FIRST.index, default=None)


def trade_of(document: Document, need: Need) -> str | None:
    """The step of `TradeTiers` by which a supplier meets a need, words aside; no filter and no
    exclusion minded.
    """
    if any(of_sectors(one, need.sectors) for one in activities(document)):
        return "declared"
    return "evidence" if has_evidence(document, need, Filters()) else None


def promised_by(document: Document, request: SearchRequest) -> str:
    """How likely a supplier comes, a field of `Promise`, no filter and no exclusion minded: by its
    seat, by its activities that do what is needed, of any where it declares none.
    """
    plain = replace(request, filters=Filters(), exclude=Filters(), scope=())
    if not request.targets or seated(document, plain):
        return "seat"
    match _best(matched(document, plain, by_zone=True), plain):
        case None:
            return "outside"
        case ServesBy.PRESUMED:
            return "presumed"
        case _:
            return "zone"


def hit(
    document: Document,
    request: SearchRequest,
    *,
    score: float | None = None,
    position: Position | None = None,
) -> Hit:
    """A document that the request finds, as an answer gives it. Of one that it does not find:
    `coverage` is SERVES, `serves_by` None and `matched_sectors` empty.
    """
    coverage = by = None
    sectors: dict[str, None] = {}
    if request.targets or asks_for_activity(request):
        at_home = bool(request.targets) and seated(document, request)
        found = [*matched(document, request, by_zone=bool(request.targets) and not at_home)]
        sectors = dict.fromkeys(
            sector for one in found if (sector := one.get("sector")) is not None
        )
        if request.targets:
            by = ServesBy.SEAT if at_home else _best(found, request)
            coverage = Coverage.LOCATED if at_home else Coverage.SERVES
    return Hit(
        id=document["id"],
        document=document,
        score=score,
        distance_km=None if request.centre is None else distance_km(document, request.centre),
        coverage=coverage,
        matched_sectors=tuple(sectors),
        position=position,
        serves_by=by,
        matched_by=matched_by(document, request),
    )
