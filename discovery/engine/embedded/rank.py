"""Orders and pages on one segment; walking an order by position: what stands behind one, and where a hit stands."""

from __future__ import annotations

import math
from bisect import bisect_right
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.engine import instants
from discovery.engine.embedded.arrays import Bools, Floats, Ints, nonzero
from discovery.engine.embedded.layout import ABSENT, NEVER
from discovery.engine.embedded.match import Matches
from discovery.engine.embedded.score import Sought, relevance
from discovery.engine.embedded.segment import Segment
from discovery.engine.embedded.where import distances
from discovery.engine.instants import days
from discovery.engine.port import WALKABLE, Order, Position, SearchRequest
from discovery.engine.rotation import EQUAL_DIGITS, Rotation

_EPOCH = date(1970, 1, 1).toordinal()


def behind(segment: Segment, order: Order, after: Position, found: Ints, values: npt.NDArray[Any]) -> Bools:
    """By match, whether it comes after a position of a walk. `found`: document numbers; `values`: what the order
    sorts by, of each match: kilometres, or its place among all documents of the segment."""
    key, id_ = after
    out: Bools = found >= bisect_right(segment.ids, id_)  # documents are numbered in the order of ids
    if order is Order.DISTANCE:
        far = math.inf if key is None else float(key)
        out = (values > far) | ((values == far) & out)
    elif order is Order.UPDATED:
        out = _older(segment.updated[found], ABSENT if key is None else days(str(key)), out)
    elif order is Order.LISTED:
        out = _older(segment.listed[found], NEVER if key is None else instants.seconds(str(key)), out)
    elif order is Order.NAME:
        out = values >= segment.names_until(None if key is None else str(key), id_)
    return out


def _older(held: npt.NDArray[Any], than: float, later: Bools) -> Bools:
    """`later`: of documents as old as that, those that come behind nevertheless."""
    out: Bools = (held < than) | ((held == than) & later)
    return out


def position(order: Order, key: tuple[Any, ...]) -> Position | None:
    """Where in a walk the hit with this sort key stands; None in an order that can't be walked."""
    match order:
        case Order.ID:
            return None, key[-1]
        case Order.NAME:
            return None if key[0] else key[1], key[-1]
        case Order.DISTANCE:
            return None if math.isinf(key[0]) else key[0], key[-1]
        case Order.UPDATED:
            day = -key[0]
            return None if day == ABSENT else date.fromordinal(day + _EPOCH).isoformat(), key[-1]
        case Order.LISTED:
            return None if math.isinf(key[0]) else instants.after_epoch(-key[0]), key[-1]
        case _:
            return None


def to_micrometre(distances: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Distances (km) rounded to the micrometre: the last bit of a distance depends on its place in an array, a
    position must not."""
    return np.round(distances, 9)


Key = tuple[Any, ...]
"""Compares as the order asks, id last; keys of different segments compare too."""


def best(matches: Matches, number: int, sought: Sought) -> list[tuple[Key, int, float | None]]:
    """The first offset + size matches of a segment: (key, document, score), in order."""
    request = sought.request
    wanted = request.offset + request.size
    found, segment = matches.found, matches.view.segment
    if wanted <= 0 or not len(found):
        return []
    order, ids = request.order, segment.ids
    if order is Order.RELEVANCE:
        scores = relevance(matches, number, sought)
        if request.signals.rotation is not None:
            return _taking_turns(segment, request.signals.rotation, found, scores, wanted)
        top = _smallest(-scores, wanted)
        return [((-score, ids[d]), d, score) for d, score in _pairs(found, scores, top)]
    if order is Order.DISTANCE:
        centre = request.centre
        far = np.full(len(found), np.inf) if centre is None else to_micrometre(distances(segment, centre, found))
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


def _taking_turns(
    segment: Segment, rotation: Rotation, found: Ints, scores: Floats, wanted: int
) -> list[tuple[Key, int, float | None]]:
    """The best by score, equals by their lots; equal is what Elasticsearch, which keeps 24 bits, takes for it too."""
    near = np.round(-scores, EQUAL_DIGITS)
    kept = nonzero(near <= np.partition(near, wanted - 1)[wanted - 1]) if wanted < len(near) else np.arange(len(near))
    places = rotation.place(segment.lots[found[kept]])
    order = np.lexsort((places, near[kept]))[:wanted]
    top = kept[order]
    keys = zip(near[top].tolist(), places[order].tolist(), found[top].tolist(), scores[top].tolist(), strict=True)
    return [((score, place, segment.ids[d]), d, exact) for score, place, d, exact in keys]


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
