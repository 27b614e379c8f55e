"""A request on a snapshot: each segment answers, the answers are put together. Pure."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from discovery.engine import instants
from discovery.engine.embedded.arrays import Bools, Floats, Int64s, Ints, mask_of, nonzero
from discovery.engine.embedded.layout import ABSENT, NEVER
from discovery.engine.embedded.match import (
    Matches,
    View,
    asked_for,
    bound,
    distances,
    in_box,
    limits,
    match,
    meeting_where,
    of_siret,
)
from discovery.engine.embedded.score import Sought, relevance
from discovery.engine.embedded.segment import ON_ACTIVITIES, Segment
from discovery.engine.embedded.snapshot import Snapshot
from discovery.engine.instants import days
from discovery.engine.port import (
    EQUAL_DIGITS,
    WALKABLE,
    Box,
    Cluster,
    Clusters,
    Coverage,
    Filters,
    Grid,
    National,
    Order,
    Point,
    Position,
    Rotation,
    SearchRequest,
)
from discovery.model import dataclass, field
from discovery.model.attributes import FIELDS

Counts = dict[str, int]


def facet_counts(matches: Matches, request: SearchRequest) -> dict[str, Counts]:
    """Facet asked for → value → its count, zeros left out."""
    facets: dict[str, Counts] = {}
    for name in request.facets:
        if name in FIELDS:
            column = matches.view.segment.columns[FIELDS[name]]
            counts = column.tally(matches.found)
            failing = matches.fails.get(name)
            if failing is not None:
                counts = counts + column.tally(matches.candidates[failing & matches.passes])
            facets[name] = _above_zero(column.values, counts)
        elif name == "coverage":
            facets[name] = _readings(
                matches, {c.value: (c, request.national) for c in Coverage}, request.targets == ()
            )
        elif name == "national":
            facets[name] = _readings(
                matches, {n.value: (request.coverage, n) for n in National}, False
            )
    facets |= _activities(
        matches, request, [name for name in request.facets if name in ON_ACTIVITIES]
    )
    return {name: facets[name] for name in request.facets if name in facets}


def _above_zero(values: Sequence[str | None], counts: Ints) -> Counts:
    there = nonzero(counts)
    return {
        value: number
        for code, number in zip(there.tolist(), counts[there].tolist(), strict=True)
        if (value := values[code]) is not None
    }


def _readings(
    matches: Matches, readings: dict[str, tuple[Coverage, National]], all_alike: bool
) -> Counts:
    """Totals under each reading of coverage and national."""
    size = len(matches.candidates)
    clean = None if matches.failures is None else ~matches.failures
    counts: Counts = {}
    for value, (coverage, national) in readings.items():
        if all_alike:
            number = len(matches.found)
        else:
            passes = matches.able.matches(coverage, national, size)
            number = int(np.count_nonzero(passes if clean is None else passes & clean))
        if number:
            counts[value] = number
    return counts


def _activities(
    matches: Matches, request: SearchRequest, asked: Sequence[str]
) -> dict[str, Counts]:
    """Suppliers with an activity that has the value and meets the where and the other activity
    filter.
    """
    if not asked:
        return {}
    segment, filters = matches.view.segment, request.filters
    limited = limits(segment, request)
    clean = (
        matches.candidates if matches.failures is None else matches.candidates[~matches.failures]
    )
    if limited is None and not filters.on_activity and not bound(request, matches.place):
        columns = segment.of_activities
        return {
            name: _above_zero(columns[name].values, columns[name].tally(clean)) for name in asked
        }
    chosen, owners = segment.activities.of(clean)
    kept = meeting_where(segment, request, matches.place, chosen)
    if limited is not None:
        kept = limited[chosen] if kept is None else kept & limited[chosen]
    if kept is not None:
        chosen, owners = chosen[kept], owners[kept]
    counts: dict[str, Counts] = {}
    for name in asked:
        other = (
            Filters(sector=filters.sector)
            if name == "service_type"
            else Filters(service_type=filters.service_type)
        )
        meeting = asked_for(segment, other)[chosen] if other.on_activity else slice(None)
        counts[name] = _by_value(segment, name, chosen[meeting], owners[meeting])
    return counts


def _by_value(segment: Segment, name: str, chosen: Ints, owners: Ints) -> Counts:
    """Suppliers by sector, group or service type of these activities of theirs, each supplier once
    a value.
    """
    activities = segment.activities
    if name == "service_type":
        offered = {value: owners[having[chosen]] for value, having in activities.services}
        return {
            value: 1 + int(np.count_nonzero(np.diff(held)))
            for value, held in offered.items()
            if len(held)
        }
    values, code_of = activities.parts[name]
    codes = code_of[activities.pair[chosen]]
    if name == "sector" and not activities.adjacent:
        codes = np.unique(owners * len(values) + codes) % len(values)
    else:
        first = np.ones(len(codes), dtype=np.bool_)
        first[1:] = (codes[1:] != codes[:-1]) | (owners[1:] != owners[:-1])
        codes = codes[first]
    return _above_zero(values, np.bincount(codes, minlength=len(values)))


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
            return None if day == ABSENT else instants.day(day), key[-1]
        case Order.LISTED:
            return None if math.isinf(key[0]) else instants.after_epoch(-key[0]), key[-1]
        case _:
            return None


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
        # Rounded to the micrometre: the last bit depends on a place in an array, a position must
        # not.
        far = (
            np.full(len(found), np.inf)
            if centre is None
            else np.round(distances(segment, centre, found), 9)
        )
        found, far = _after(request, segment, found, far)
        return [((km, ids[d]), d, None) for d, km in _pairs(found, far, _smallest(far, wanted))]
    _, places = segment.ordered(order)
    found, place = _after(request, segment, found, places[found])
    documents = found[_smallest(place, wanted)].tolist()
    return [((*segment.key(order, d), ids[d]), d, None) for d in documents]


def _taking_turns(
    segment: Segment, rotation: Rotation, found: Ints, scores: Floats, wanted: int
) -> list[tuple[Key, int, float | None]]:
    """The best by score, equals by their lots; equal is what Elasticsearch, which keeps 24 bits,
    takes for it too.
    """
    near = np.round(-scores, EQUAL_DIGITS)
    kept = (
        nonzero(near <= np.partition(near, wanted - 1)[wanted - 1])
        if wanted < len(near)
        else np.arange(len(near))
    )
    places = rotation.place(segment.lots[found[kept]])
    order = np.lexsort((places, near[kept]))[:wanted]
    top = kept[order]
    keys = zip(
        near[top].tolist(),
        places[order].tolist(),
        found[top].tolist(),
        scores[top].tolist(),
        strict=True,
    )
    return [((score, place, segment.ids[d]), d, exact) for score, place, d, exact in keys]


def _after(
    request: SearchRequest, segment: Segment, found: Ints, values: npt.NDArray[Any]
) -> tuple[Ints, npt.NDArray[Any]]:
    """The matches behind the request's position in a walk, and what they sort by: kilometres, or
    their place among all documents of the segment.
    """
    order = request.order
    if request.after is None or order not in WALKABLE:
        return found, values
    key, id_ = request.after
    kept: Bools
    match order:
        case Order.DISTANCE:
            than = math.inf if key is None else float(key)
            behind = found >= bisect_right(
                segment.ids, id_
            )  # documents are numbered in the order of ids
            kept = (values > than) | ((values == than) & behind)
        case Order.NAME:
            kept = values >= segment.until(order, (key is None, key or ""), id_)
        case Order.UPDATED:
            kept = values >= segment.until(
                order, (-(ABSENT if key is None else days(str(key))),), id_
            )
        case Order.LISTED:
            kept = values >= segment.until(
                order, (-(NEVER if key is None else instants.seconds(str(key))),), id_
            )
        case _:
            kept = values >= segment.until(order, (), id_)
    return found[kept], values[kept]


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
    return np.argsort(values, kind="stable")


_EDGE_LATITUDE = math.degrees(math.atan(math.sinh(math.pi)))
"""Where the Mercator square ends; what lies beyond is put in the outermost cells."""
_LAT_STEP, _LON_STEP = 180 / 2**32, 360 / 2**32
"""Lucene keeps points on a grid of about a centimetre: on the edge of a cell, both engines choose
alike.
"""


@dataclass(slots=True)
class _Cell:
    count: int = 0
    lat: float = 0.0
    lon: float = 0.0
    west: float = math.inf
    south: float = math.inf
    east: float = -math.inf
    north: float = -math.inf
    suppliers: list[tuple[str, int]] = field(default_factory=list)
    """(id, store row), while they are few."""


def _put(segment: Segment, chosen: Ints, grid: Grid, cells: dict[int, _Cell]) -> None:
    """Count a segment's located documents, of which there are some, into the cells of the grid."""
    lat, lon = segment.lat[chosen], segment.lon[chosen]
    numbers = _cells(lat, lon, grid.precision)
    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
    ends = np.append(starts[1:], len(order))
    lat, lon, chosen = lat[order], lon[order], chosen[order]
    sums, lowest, highest = np.add.reduceat, np.minimum.reduceat, np.maximum.reduceat
    parts = zip(
        numbers[order][starts].tolist(), starts.tolist(), ends.tolist(),
        sums(lat, starts).tolist(), sums(lon, starts).tolist(),
        lowest(lat, starts).tolist(), highest(lat, starts).tolist(),
        lowest(lon, starts).tolist(), highest(lon, starts).tolist(),
        strict=True,
    )  # fmt: skip
    for number, start, end, lats, lons, south, north, west, east in parts:
        cell = cells.setdefault(number, _Cell())
        cell.count += end - start
        cell.lat += lats
        cell.lon += lons
        cell.south, cell.north = min(cell.south, south), max(cell.north, north)
        cell.west, cell.east = min(cell.west, west), max(cell.east, east)
        if cell.count <= grid.few:
            cell.suppliers += [
                (segment.ids[d], segment.rows[d]) for d in chosen[start:end].tolist()
            ]


def _cells(lat: Floats, lon: Floats, precision: int) -> Int64s:
    """Column x 2^precision + row of each point's cell: from west to east, then from north to south."""
    size = 1 << precision
    lon = np.floor(lon / _LON_STEP) * _LON_STEP
    phi = np.radians(
        np.clip(np.floor(lat / _LAT_STEP) * _LAT_STEP, -_EDGE_LATITUDE, _EDGE_LATITUDE)
    )
    column = np.floor((lon + 180) / 360 * size)
    row = np.floor((0.5 - np.log(np.tan(phi) + 1 / np.cos(phi)) / (2 * math.pi)) * size)
    column, row = np.clip(column, 0, size - 1), np.clip(row, 0, size - 1)
    return column.astype(np.int64) * size + row.astype(np.int64)


Ranked = tuple[int, float | None, Position | None]
"""(store row, score, position) of a hit."""


@dataclass(frozen=True, slots=True)
class Found:
    """A search's answer: numbers and places, no documents yet. `page`: its hits, in order."""

    total: int
    facets: dict[str, dict[str, int]]
    page: list[Ranked]


def search(snapshot: Snapshot, request: SearchRequest) -> Found:
    """Total, facet counts and the page's hits of a request, over all segments."""
    sought = Sought.of(snapshot, request)
    total = 0
    counts: dict[str, dict[str, int]] = {}
    ranked: list[tuple[Key, int, float | None]] = []
    for number, view in enumerate(snapshot.views):
        matches = match(view, request, sought.matches(number, view.segment), request.facets)
        total += len(matches.found)
        counted = facet_counts(matches, request)
        counts = _added(counts, counted) if number else counted
        rows = view.segment.rows
        ranked += [
            (key, rows[document], score) for key, document, score in best(matches, number, sought)
        ]
    ranked.sort(key=lambda one: one[0])  # those of one segment are in order already
    page = ranked[request.offset : request.offset + request.size]
    return Found(
        total, counts, [(row, score, position(request.order, key)) for key, row, score in page]
    )


def _added(
    counts: dict[str, dict[str, int]], more: dict[str, dict[str, int]]
) -> dict[str, dict[str, int]]:
    for name, values in more.items():
        mine = counts[name]
        for value, number in values.items():
            mine[value] = mine.get(value, 0) + number
    return counts


def matching(snapshot: Snapshot, request: SearchRequest) -> Iterator[tuple[Segment, Ints]]:
    """Each segment with the numbers of the documents that match."""
    sought = Sought.of(snapshot, request, ranked=False)
    for number, view in enumerate(snapshot.views):
        yield view.segment, match(view, request, sought.matches(number, view.segment)).found


def totals(snapshot: Snapshot, requests: Iterable[SearchRequest]) -> Iterator[int]:
    """How many documents match each request; who does what is needed is told once for those that
    follow each other.
    """
    told: object = None
    for request in requests:
        if told != (asked := (request.text, request.needs, request.exclude)):
            told, sought = asked, Sought.of(snapshot, request, ranked=False)
            views = [
                (view, sought.matches(number, view.segment))
                for number, view in enumerate(snapshot.views)
            ]
        yield sum(len(match(view, request, words).found) for view, words in views)


def milestones(snapshot: Snapshot, request: SearchRequest, every: int) -> list[str]:
    """The id of each `every`-th match in the order of ids: where parts of a walk may begin."""
    ids: list[str] = []
    for segment, found in matching(snapshot, request):
        ids += [segment.ids[document] for document in found.tolist()]
    return sorted(ids)[every - 1 :: every]


def clusters(
    snapshot: Snapshot, request: SearchRequest, grid: Grid
) -> tuple[Clusters, list[list[int]]]:
    """Count matches by cell of a grid, without documents; and of each cluster the store rows of its
    suppliers, by id, when they are few.
    """
    cells: dict[int, _Cell] = {}
    total = located = inside = 0
    for segment, found in matching(snapshot, request):
        chosen = found[segment.located[found]]
        total, located = total + len(found), located + len(chosen)
        if grid.view is not None:
            chosen = chosen[in_box(segment, grid.view)[chosen]]
        inside += len(chosen)
        if len(chosen):
            _put(segment, chosen, grid, cells)
    ordered = [cell for _, cell in sorted(cells.items())]
    found_cells = tuple(
        Cluster(
            count=cell.count,
            centre=Point(cell.lat / cell.count, cell.lon / cell.count),
            bounds=Box(cell.west, cell.south, cell.east, cell.north),
        )
        for cell in ordered
    )
    rows = [
        [row for _, row in sorted(cell.suppliers)] if cell.count <= grid.few else []
        for cell in ordered
    ]
    return Clusters(total, found_cells, located - inside, total - located), rows


def names(snapshot: Snapshot, tokens: Sequence[str], siret: str, limit: int) -> list[int]:
    """Store rows of at most `limit` live documents whose name or brand has all tokens, the last one
    as a prefix; or whose SIRET starts with `siret` (empty = none). Most complete first, then by id.
    """
    ranked: list[tuple[int, str, int]] = []
    for view in snapshot.views:
        segment = view.segment
        mask = np.zeros(segment.size, dtype=np.bool_)
        if tokens:
            mask[_named(view, tokens[-1], "\U0010ffff")] = True
            for token in tokens[:-1]:
                mask &= mask_of(segment.size, _named(view, token, ""))
        if siret:
            mask |= of_siret(segment, siret)
        found = np.flatnonzero(mask & view.alive)
        # Documents are numbered in id order, so that equals stay in it.
        order = np.argsort(-segment.completeness[found].astype(np.int64), kind="stable")[:limit]
        ranked += [
            (-int(segment.completeness[d]), segment.ids[d], segment.rows[d])
            for d in found[order].tolist()
        ]
    ranked.sort()
    return [row for _, _, row in ranked[:limit]]


def _named(view: View, word: str, after: str) -> Ints:
    """Documents named with a word from `word` to `word + after` (included when `after` is empty)."""
    words, starts, documents = view.segment.name_index
    first = bisect_left(words, word)
    last = (
        bisect_left(words, word + after)
        if after
        else first + int(words[first : first + 1] == [word])
    )
    return documents[starts[first] : starts[last]]
