"""Packed rows to a segment: a few thousand at a time, each lot in a fixed number of numpy calls."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from discovery.engine.embedded.arrays import (
    Floats,
    Int32s,
    Ints,
    expand_ranges,
    nonzero,
    offsets,
    stable_order,
)
from discovery.engine.embedded.layout import (
    ABSENT,
    COUNTRY,
    KEYWORDS,
    LIVE,
    LOCATED,
    PRESUMED,
    RADIUS,
    TF_BITS,
    Activity,
    Header,
)
from discovery.engine.embedded.postings import (
    Lists,
    Postings,
    SharedTexts,
    WordLists,
    coded,
    to_bytes,
)
from discovery.engine.embedded.segment import (
    BAND,
    Activities,
    Circles,
    Column,
    Points,
    Segment,
    square_chord,
)
from discovery.engine.embedded.store import Row
from discovery.engine.port import EngineUnavailable
from discovery.model import dataclass

DECODE_BATCH = 2_048
"""Rows decoded at once: their temporary arrays stay within the processor's caches."""

_COUNTS = [*range(Header.KEYWORDS, Header.LENGTHS)]
_SIZES = np.ones(len(_COUNTS), dtype=np.int64)
_SIZES[_COUNTS.index(Header.ACTIVITIES)] = Activity.SIZE
_SIZES[[_COUNTS.index(Header.POSTINGS), _COUNTS.index(Header.SHARED)]] = 2
"""Slots behind the header for each of its counts: a row's length must be their sum."""

_MISFIT = "rows of the index don't have the shape that its mapping gives them; `indexer rebuild` makes a new index"

_BANDS_KM = (10.0, 20.0, 30.0, 50.0, 80.0, 120.0, 200.0, 500.0)
"""Circles are grouped by size; the last group is of all that are larger."""


@dataclass(slots=True)
class _Sorted:
    """The postings of a lot in order of their list, then of their document."""

    lists: npt.NDArray[np.uint32]
    """Which lists there are, ascending: field x span + term id."""
    sizes: Ints
    """Of each list, in this lot."""
    documents: Int32s
    codes: Int32s
    """Term frequency << 8 | length byte."""


@dataclass(slots=True)
class _Lot:
    """The sections of some rows, each one after the other."""

    head: Int32s
    keywords: list[Int32s]
    activities: Int32s
    services: Int32s
    places: Int32s
    within: Int32s
    postings: _Sorted
    shared: _Sorted
    names: Int32s
    words: Lists


def _decode(packed: Sequence[bytes], first: int, width: int, span: int, texts: int) -> _Lot:
    """`first` is the number of the first row, `width` the header's; `span` is above every term id,
    `texts` above every number of a shared text. Raises EngineUnavailable when the rows are of
    another shape.
    """
    flat = np.frombuffer(b"".join(packed), dtype="<i4").astype(np.int32, copy=False)
    starts = offsets(
        np.fromiter((len(blob) // 4 for blob in packed), dtype=np.intp, count=len(packed))
    )
    if len(packed) and int(np.diff(starts).min()) < width:
        raise EngineUnavailable(_MISFIT)
    head: Int32s = flat[starts[:-1, None] + np.arange(width)]
    if not np.array_equal(width + head[:, _COUNTS] @ _SIZES, np.diff(starts)):
        raise EngineUnavailable(_MISFIT)
    at = starts[:-1] + width

    def take(counts: Int32s) -> Int32s:
        """The next `counts[d]` slots of each row d, one row after the other."""
        nonlocal at
        out: Int32s = flat[expand_ranges(at, counts)]
        at = at + counts
        return out

    keywords = [take(head[:, Header.KEYWORDS + number]) for number in range(len(KEYWORDS))]
    activities = take(head[:, Header.ACTIVITIES] * Activity.SIZE).reshape(-1, Activity.SIZE)
    services, places, within = (
        take(head[:, slot]) for slot in (Header.SERVICES, Header.PLACES, Header.WITHIN)
    )
    sorted_ = []
    for slot, top in ((Header.POSTINGS, span), (Header.SHARED, texts)):
        counts = head[:, slot]
        pairs = flat[expand_ranges(at, counts * 2)]
        at = at + counts * 2
        sorted_.append(_sorted(pairs, counts, head[:, Header.LENGTHS :], first, top))
    return _Lot(
        head=head,
        keywords=keywords,
        activities=activities,
        services=services,
        places=places,
        within=within,
        postings=sorted_[0],
        shared=sorted_[1],
        names=take(head[:, Header.NAME_WORDS]),
        words=Lists.of(
            take(head[:, Header.WORDS]),
            np.repeat(np.arange(first, first + len(head), dtype=np.int32), head[:, Header.WORDS]),
        )[0],
    )


def _sorted(pairs: Int32s, counts: Int32s, lengths: Int32s, first: int, span: int) -> _Sorted:
    """`counts` and `lengths` are rows of documents. Sorted here, within the caches: of all at once
    it takes thrice as long.
    """
    field, frequency = pairs[1::2] >> TF_BITS, pairs[1::2] & ((1 << TF_BITS) - 1)
    row = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    keys = field.astype(np.uint32) * np.uint32(span) + pairs[0::2].view(np.uint32)
    codes = frequency << 8 | to_bytes(lengths)[row, field]
    order = stable_order(keys)  # stable: documents stay ascending within a list
    keys = keys[order]
    edges = _edges(keys)
    return _Sorted(
        keys[edges], np.diff(edges, append=len(keys)), row[order] + np.int32(first), codes[order]
    )


def build(
    rows: Iterable[Row], strings: Sequence[str], shared: SharedTexts, text_fields: int
) -> Segment:
    """Make a segment of packed rows. `rows` in id order; `strings`: text by term id; `text_fields`:
    how many text fields the index has.
    """
    ids: list[str] = []
    numbers = array("q")
    sirets: list[bytes] = []
    name_keys: list[str | None] = []
    lots: list[_Lot] = []
    span, texts = max(1, len(strings)), max(1, shared.count)
    width = Header.LENGTHS + text_fields
    if max(span, texts) * max(1, text_fields) >= 2**32:
        raise EngineUnavailable(
            "the index has more different strings than can be numbered; use Elasticsearch"
        )
    rows = iter(rows)
    while True:
        lot = list(islice(rows, DECODE_BATCH))
        ids += [row[0] for row in lot]
        numbers.extend(row[1] for row in lot)
        sirets += [(row[2] or "").encode() for row in lot]
        name_keys += [row[3] for row in lot]
        lots.append(_decode([row[4] for row in lot], len(ids) - len(lot), width, span, texts))
        if len(lot) < DECODE_BATCH:
            break
    head = np.concatenate([lot.head for lot in lots])
    columns = {}
    for number, name in enumerate(KEYWORDS):
        terms = np.concatenate([lot.keywords[number] for lot in lots])
        columns[name] = Column.build(terms, head[:, Header.KEYWORDS + number], strings)
    activities = _activities(lots, head[:, Header.ACTIVITIES], strings)
    size = len(head)
    lat, lon = _doubles(head, Header.LAT), _doubles(head, Header.LON)
    lengths = head[:, Header.LENGTHS :].astype(np.uint32)
    return Segment(
        size=size,
        ids=ids,
        rows=numbers,
        sirets=np.array(sirets, dtype=np.bytes_),
        name_keys=name_keys,
        strings=strings,
        live=(head[:, Header.FLAGS] & LIVE) != 0,
        located=(head[:, Header.FLAGS] & LOCATED) != 0,
        lat=lat,
        lon=lon,
        points=Points.of(lat, lon),
        completeness=head[:, Header.COMPLETENESS].copy(),
        level=head[:, Header.LEVEL].copy(),
        updated=head[:, Header.UPDATED].copy(),
        listed=_doubles(head, Header.LISTED),
        columns=columns,
        activities=activities,
        postings=_postings([lot.postings for lot in lots], span),
        shared=_postings([lot.shared for lot in lots], texts),
        texts=shared,
        lengths=np.ascontiguousarray(lengths.T, np.min_scalar_type(lengths.max(initial=0))),
        names=WordLists(
            np.concatenate([lot.names for lot in lots]), offsets(head[:, Header.NAME_WORDS])
        ),
        words=Lists.joined([lot.words for lot in lots]),
    )


def _doubles(table: Int32s, slot: int) -> Floats:
    return np.ascontiguousarray(table[:, slot : slot + 2]).view(np.float64)[:, 0]


def _activities(lots: Sequence[_Lot], counts: Int32s, strings: Sequence[str]) -> Activities:
    table = np.concatenate([lot.activities for lot in lots])

    def column(terms: Iterable[Int32s], slot: int) -> Column:
        return Column.build(np.concatenate(list(terms)), table[:, slot], strings)

    sector, group = table[:, Activity.SECTOR], table[:, Activity.GROUP]
    # Both may be -1: one more makes them codes of a square.
    side = len(strings) + 1
    keys, pair = np.unique((sector.astype(np.int64) + 1) * side + group + 1, return_inverse=True)
    names: list[str | None] = [None, *strings] if len(keys) else []
    pairs = tuple(
        (names[s], names[g])
        for s, g in zip((keys // side).tolist(), (keys % side).tolist(), strict=True)
    )
    services = column((lot.services for lot in lots), Activity.SERVICES)
    return Activities(
        document=np.repeat(np.arange(len(counts), dtype=np.intp), counts),
        starts=offsets(counts),
        pair=pair.astype(np.min_scalar_type(len(pairs))),
        pairs=pairs,
        adjacent=len({s for s, _ in pairs}) == len(pairs),
        country=table[:, Activity.SCOPE] == COUNTRY,
        presumed=table[:, Activity.SCOPE] == PRESUMED,
        services=tuple((value, services.having([value])) for value in services.values),
        places=column((lot.places for lot in lots), Activity.PLACES),
        within=column((lot.within for lot in lots), Activity.WITHIN),
        circles=_circles(table, RADIUS),
        presumed_circles=_circles(table, PRESUMED),
    )


def _circles(table: Int32s, scope: int) -> Circles:
    radius = table[:, Activity.RADIUS]
    known = (table[:, Activity.LOCATED] != 0) & (radius != ABSENT) & (radius >= 0)
    drawn = nonzero((table[:, Activity.SCOPE] == scope) & known)
    band = np.searchsorted(_BANDS_KM, radius[drawn])
    keys = band * BAND + _doubles(table[drawn], Activity.LAT)
    order = np.argsort(keys, kind="stable")
    drawn, radii = drawn[order], radius[drawn][order]
    reaches = np.zeros(len(_BANDS_KM) + 1)
    np.maximum.at(reaches, band[order], radii)
    limit_of = {km: square_chord(km) for km in set(radii.tolist())}
    return Circles(
        keys=keys[order],
        reaches=reaches,
        activities=drawn,
        points=Points.of(
            _doubles(table[drawn], Activity.LAT), _doubles(table[drawn], Activity.LON)
        ),
        limits=np.array([limit_of[km] for km in radii.tolist()], dtype=np.float64),
    )


def _postings(lots: Sequence[_Sorted], span: int) -> Postings:
    """Each list's parts, one lot's after the other's: documents are ascending from lot to lot."""
    codes, frequencies, lengths = coded([lot.codes for lot in lots])
    part = np.concatenate([lot.lists for lot in lots])
    sizes = np.concatenate([lot.sizes for lot in lots])
    order = stable_order(part)
    part = part[order]
    edges = _edges(part)
    lists = part[edges].astype(np.int64)
    at = expand_ranges(offsets(sizes)[order], sizes[order])
    return Postings(
        keys=(lists // span) << 32 | lists % span,
        starts=offsets(sizes[order])[np.append(edges, len(part))],
        documents=np.concatenate([lot.documents for lot in lots])[at],
        codes=codes[at],
        frequencies=frequencies,
        lengths=lengths,
    )


def _edges(ordered: npt.NDArray[np.uint32]) -> Ints:
    """Where each of the different values begins."""
    begins = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    return nonzero(begins)
