"""Scores, orders and pages on one segment."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.engine.embedded.arrays import Bools, Floats, Ints, nonzero
from discovery.engine.embedded.layout import ABSENT
from discovery.engine.embedded.match import Matches, meeting_where
from discovery.engine.embedded.segment import Segment
from discovery.engine.embedded.walk import behind, whole
from discovery.engine.embedded.where import distances
from discovery.engine.instants import days
from discovery.engine.port import WALKABLE, Order, SameActivitySignal, SearchRequest, Signals

Key = tuple[Any, ...]
"""Compares as the order asks, id last; keys of different segments compare too."""

TextScores = Callable[[Ints], Floats]


def best(matches: Matches, request: SearchRequest, text: TextScores | None) -> list[tuple[Key, int, float | None]]:
    """The first offset + size matches: (key, document, score), in order."""
    wanted = request.offset + request.size
    found, segment = matches.found, matches.view.segment
    if wanted <= 0 or not len(found):
        return []
    order, ids = request.order, segment.ids
    if order is Order.RELEVANCE:
        scores = relevance(matches, request, text)
        top = _smallest(-scores, wanted)
        return [((-score, ids[d]), d, score) for d, score in _pairs(found, scores, top)]
    if order is Order.DISTANCE:
        centre = request.centre
        far = np.full(len(found), np.inf) if centre is None else whole(distances(segment, centre, found))
        found, far = _after(request, segment, found, far)
        return [((km, ids[d]), d, None) for d, km in _pairs(found, far, _smallest(far, wanted))]
    match order:
        case Order.COMPLETENESS:
            places = segment.by_completeness[found]
        case Order.UPDATED:
            places = segment.by_update[found]
        case Order.LISTED:
            places = segment.by_listing[found]
        case Order.NAME:
            places = segment.by_name[found]
        case _:
            places = found
    found, places = _after(request, segment, found, places)
    documents = found[_smallest(places, wanted)].tolist()
    return [((*_key(segment, order, d), ids[d]), d, None) for d in documents]


def _after(
    request: SearchRequest, segment: Segment, found: Ints, values: npt.NDArray[Any]
) -> tuple[Ints, npt.NDArray[Any]]:
    """The matches behind the request's position, and what they sort by."""
    if request.after is None or request.order not in WALKABLE:
        return found, values
    kept = behind(segment, request.order, request.after, found, values)
    return found[kept], values[kept]


def _key(segment: Segment, order: Order, document: int) -> Key:
    updated = -int(segment.updated[document])
    if order is Order.COMPLETENESS:
        return -int(segment.completeness[document]), updated
    if order is Order.UPDATED:
        return (updated,)
    if order is Order.LISTED:
        return (-float(segment.listed[document]),)
    if order is Order.ID:
        return ()
    name = segment.name_keys[document]
    return name is None, name or ""


def _pairs(found: Ints, values: Floats, top: Ints) -> list[tuple[int, float]]:
    return list(zip(found[top].tolist(), values[top].tolist(), strict=True))


def _smallest(values: npt.NDArray[Any], wanted: int) -> Ints:
    """Places of the `wanted` smallest values in order; among equals, the first places."""
    if wanted < len(values):
        edge = np.partition(values, wanted - 1)[wanted - 1]
        below = nonzero(values < edge)
        equal = nonzero(values == edge)[: wanted - len(below)]
        below = below[np.argsort(values[below], kind="stable")]
        return np.concatenate([below, equal])
    order: Ints = np.argsort(values, kind="stable")
    return order


def relevance(matches: Matches, request: SearchRequest, text: TextScores | None) -> Floats:
    """score = text x (1 + the sum of the signals) x the supplier's factor, of each match."""
    found, segment, signals = matches.found, matches.view.segment, request.signals
    # What documents bring themselves, whatever is asked, is kept: it changes once a day.
    constant = (signals.completeness, signals.certifications, signals.freshness)
    blend: Floats = segment.blends.get(constant, lambda: _of_documents(segment, signals))[found]
    if signals.distance is not None:
        signal = signals.distance
        far = distances(segment, signal.centre, found)
        variance = -(signal.scale_km**2) / (2 * math.log(signal.decay))
        blend += signal.weight * np.exp(-(np.maximum(0.0, far - signal.offset_km) ** 2) / (2 * variance))
    if signals.same_activity is not None:
        blend[_same_activity(matches, request, signals.same_activity)] += signals.same_activity.weight
    for id_, factor in signals.factors().items():
        document = segment.find(id_)
        if document is not None:
            blend[found == document] *= factor
    return blend if text is None else blend * text(found)


def _of_documents(segment: Segment, signals: Signals) -> Floats:
    """1 + the signals of completeness, certifications and freshness, of all documents."""
    blend = np.ones(segment.size, dtype=np.float64)
    if signals.completeness:
        known = segment.completeness
        blend += np.where(known == ABSENT, 0.0, signals.completeness * known / 100)
    if signals.certifications:
        level = segment.level
        blend += np.where(level == ABSENT, 0.0, signals.certifications * level / 3)
    if signals.freshness is not None:
        fresh = signals.freshness
        updated = segment.updated.astype(np.float64)
        age = np.maximum(0.0, np.abs(days(fresh.as_of.isoformat()) - updated) - fresh.offset_days)
        variance = -(fresh.scale_days**2) / (2 * math.log(fresh.decay))
        blend += np.where(updated == ABSENT, 0.0, fresh.weight * np.exp(-(age**2) / (2 * variance)))
    return blend


def _same_activity(matches: Matches, request: SearchRequest, signal: SameActivitySignal) -> Bools:
    """Matches one of whose activities has the sector and meets the where, as coverage and national allow."""
    found, segment = matches.found, matches.view.segment
    activities = segment.activities
    # Without a where, having the sector suffices, whatever `national` says.
    having = activities.in_sectors(signal.sectors)
    where = None if matches.place is None else meeting_where(segment, request, matches.place, having)
    mask = np.zeros(segment.size, dtype=np.bool_)
    mask[activities.document[having if where is None else having[where]]] = True
    out: Bools = mask[found]
    return out
