"""Orders and pages on one segment."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.engine.embedded.arrays import Floats, Ints, nonzero
from discovery.engine.embedded.match import Matches
from discovery.engine.embedded.needs import Sought
from discovery.engine.embedded.score import relevance
from discovery.engine.embedded.segment import Segment
from discovery.engine.embedded.walk import behind, whole
from discovery.engine.embedded.where import distances
from discovery.engine.port import WALKABLE, Order, SearchRequest

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
