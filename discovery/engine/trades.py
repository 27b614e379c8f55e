"""One document and what is needed: by what it meets a need, how it serves, and the hit that says so.

A score is counted from the same facts (`trade_of`, `promised_by`), but for filters and exclusions: these never change
it.
"""

from collections.abc import Iterable
from dataclasses import replace

from discovery.engine import predicate
from discovery.engine.port import (
    Coverage,
    Document,
    Filters,
    Hit,
    MatchedBy,
    Need,
    Position,
    SearchRequest,
    ServesBy,
)

_BEST_FIRST = tuple(ServesBy)


def without(sectors: Iterable[str], exclude: Filters) -> tuple[str, ...]:
    """A need's sectors but for the excluded ones: those of which evidence still counts."""
    return tuple(slug for slug in sectors if slug not in exclude.sector)


def declares(document: Document, need: Need, exclude: Filters) -> bool | None:
    """Whether an activity that is left has one of the sectors; None when only activities taken away have one: then
    neither evidence nor words make the supplier meet the need."""
    having = [one for one in predicate.activities(document) if predicate.of_sectors(one, need.sectors)]
    if any(predicate.not_excluded(one, exclude) for one in having):
        return True
    return None if having else False


def has_evidence(document: Document, need: Need, exclude: Filters) -> bool:
    """Whether there is evidence of one of the sectors."""
    return not set(without(need.sectors, exclude)).isdisjoint(predicate.values(document, "evidence_sectors"))


def matched_by(document: Document, request: SearchRequest) -> MatchedBy | None:
    """What tells most surely that a document, which the request finds, meets one of its needs; None without needs."""
    if not request.needs:
        return None
    declared = [declares(document, need, request.exclude) for need in request.needs]
    if any(declared):
        return MatchedBy.ACTIVITY
    for need, found in zip(request.needs, declared, strict=True):
        if found is not None and has_evidence(document, need, request.exclude):
            return MatchedBy.EVIDENCE
    return MatchedBy.MENTION


def serves_by(document: Document, request: SearchRequest) -> ServesBy | None:
    """How a supplier serves the where: by its seat, else by the best zone of its activities that meet the request. None
    without a where, and for who is not found."""
    if not request.targets:
        return None
    if predicate.seated(document, request):
        return ServesBy.SEAT
    return _best(predicate.matched(document, request, by_zone=True), request)


def _best(matched: Iterable[predicate.Activity], request: SearchRequest) -> ServesBy | None:
    ways = (by for one in matched if (by := predicate.serves_by(one, request)) is not None)
    return min(ways, key=_BEST_FIRST.index, default=None)


def trade_of(document: Document, need: Need) -> str | None:
    """The step of `TradeTiers` by which a supplier meets a need, words aside; no filter and no exclusion minded."""
    if any(predicate.of_sectors(one, need.sectors) for one in predicate.activities(document)):
        return "declared"
    return "evidence" if has_evidence(document, need, Filters()) else None


def promised_by(document: Document, request: SearchRequest) -> str:
    """How likely a supplier comes, a field of `Promise`, no filter and no exclusion minded: by its seat, by its
    activities that do what is needed, of any where it declares none."""
    plain = replace(request, filters=Filters(), exclude=Filters(), scope=())
    if not request.targets or predicate.seated(document, plain):
        return "seat"
    match _best(predicate.matched(document, plain, by_zone=True), plain):
        case None:
            return "outside"
        case ServesBy.PRESUMED:
            return "presumed"
        case _:
            return "zone"


def hit(
    document: Document, request: SearchRequest, *, score: float | None = None, position: Position | None = None
) -> Hit:
    """A document that the request finds, as an answer gives it. Of one that it does not find: `coverage` is SERVES,
    `serves_by` None and `matched_sectors` empty."""
    coverage = by = None
    sectors: dict[str, None] = {}
    if request.targets or predicate.asks_for_activity(request):
        at_home = bool(request.targets) and predicate.seated(document, request)
        matched = [*predicate.matched(document, request, by_zone=bool(request.targets) and not at_home)]
        sectors = dict.fromkeys(sector for one in matched if (sector := one.get("sector")) is not None)
        if request.targets:
            by = ServesBy.SEAT if at_home else _best(matched, request)
            coverage = Coverage.LOCATED if at_home else Coverage.SERVES
    return Hit(
        id=document["id"],
        document=document,
        score=score,
        distance_km=None if request.centre is None else predicate.distance_km(document, request.centre),
        coverage=coverage,
        matched_sectors=tuple(sectors),
        position=position,
        serves_by=by,
        matched_by=matched_by(document, request),
    )
