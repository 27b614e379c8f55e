"""Packed rows to a segment: everything decodes at once, in a fixed number of numpy calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from discovery.engine.embedded.arrays import Floats, Int32s, Ints, compact, offsets, ragged, stable_order
from discovery.engine.embedded.column import Column
from discovery.engine.embedded.layout import (
    ABSENT,
    COUNTRY,
    KEYWORDS,
    LIVE,
    LOCATED,
    RADIUS,
    TF_BITS,
    Activity,
    Header,
)
from discovery.engine.embedded.lengths import DECODED, to_bytes
from discovery.engine.embedded.segment import (
    Activities,
    Points,
    Postings,
    RadiusBand,
    Segment,
    WordLists,
    square_chord,
)
from discovery.engine.embedded.store import Row

_BANDS_KM = (10.0, 20.0, 30.0, 50.0, 80.0, 120.0, 200.0, 500.0)
"""Circles are grouped by size: a point then only meets circles of a few times the number that hold it."""


@dataclass
class _Reader:
    """Walks the sections of all rows in step."""

    flat: Int32s
    at: Ints

    def take(self, counts: Int32s) -> Int32s:
        """The next `counts[d]` slots of each row d, one row after the other."""
        out: Int32s = self.flat[ragged(self.at, counts)]
        self.at = self.at + counts
        return out


def build(rows: Sequence[Row], strings: Sequence[str], text_fields: int) -> Segment:
    """`rows` in id order; `strings` by term id; `text_fields` is their number."""
    size = len(rows)
    packed = [row[4] for row in rows]
    flat = np.frombuffer(b"".join(packed), dtype="<i4").astype(np.int32, copy=False)
    starts = offsets(np.fromiter((len(blob) // 4 for blob in packed), dtype=np.intp, count=size))
    del packed
    width = Header.LENGTHS + text_fields
    head = flat[starts[:-1, None] + np.arange(width)] if size else np.zeros((0, width), dtype=np.int32)
    reader = _Reader(flat, starts[:-1] + width)

    columns = {}
    per_row = head[:, Header.KEYWORDS : Header.KEYWORDS + len(KEYWORDS)]
    for number, name in enumerate(KEYWORDS):
        counts = np.ascontiguousarray(per_row[:, number])
        columns[name] = Column.build(reader.take(counts), counts, strings)
    activities, sectors, groups, services = _activities(head, reader, strings)
    postings = _postings(head, reader)
    names = head[:, Header.NAME_WORDS]
    words = head[:, Header.WORDS]
    lat, lon = _doubles(head, Header.LAT), _doubles(head, Header.LON)
    return Segment(
        size=size,
        ids=[row[0] for row in rows],
        rows=[row[1] for row in rows],
        sirets=[row[2] for row in rows],
        name_keys=[row[3] for row in rows],
        strings=strings,
        live=(head[:, Header.FLAGS] & LIVE) != 0,
        located=(head[:, Header.FLAGS] & LOCATED) != 0,
        lat=lat,
        lon=lon,
        points=Points.of(lat, lon),
        completeness=head[:, Header.COMPLETENESS].copy(),
        level=head[:, Header.LEVEL].copy(),
        updated=head[:, Header.UPDATED].copy(),
        columns=columns,
        sectors=sectors,
        groups=groups,
        service_types=services,
        activities=activities,
        postings=postings,
        lengths=np.ascontiguousarray(head[:, Header.LENGTHS :].T),
        names=WordLists(reader.take(names), offsets(names)),
        words=WordLists(reader.take(words), offsets(words)),
    )


def _doubles(table: Int32s, slot: int) -> Floats:
    return np.ascontiguousarray(table[:, slot : slot + 2]).view(np.float64)[:, 0]


def _activities(head: Int32s, reader: _Reader, strings: Sequence[str]) -> tuple[Activities, Column, Column, Column]:
    """The activities, and the documents' columns of sectors, groups and service types."""
    size = len(head)
    counts = head[:, Header.ACTIVITIES]
    table = reader.take(counts * Activity.SIZE).reshape(-1, Activity.SIZE)
    document = np.repeat(np.arange(size, dtype=np.intp), counts)
    sector, group = table[:, Activity.SECTOR], table[:, Activity.GROUP]
    keys, pair = np.unique((sector.astype(np.int64) << 32) + group, return_inverse=True)
    pair_sector, pair_group = keys >> 32, (keys & 0xFFFFFFFF).astype(np.uint32).view(np.int32)
    # A missing group (-1) borrows from the sector above it.
    pair_sector = pair_sector + (pair_group < 0)
    pairs = tuple(
        (strings[s] if s >= 0 else None, strings[g] if g >= 0 else None)
        for s, g in zip(pair_sector.tolist(), pair_group.tolist(), strict=True)
    )
    service_counts = table[:, Activity.SERVICES]
    service_terms = reader.take(head[:, Header.SERVICES])
    service = Column.build(service_terms, service_counts, strings)
    places = Column.build(reader.take(head[:, Header.PLACES]), table[:, Activity.PLACES], strings)
    within = Column.build(reader.take(head[:, Header.WITHIN]), table[:, Activity.WITHIN], strings)
    activities = Activities(
        document=document,
        starts=offsets(counts),
        pair=pair.astype(compact(len(pairs))),
        pairs=pairs,
        adjacent=len({s for s, _ in pairs}) == len(pairs),
        country=table[:, Activity.SCOPE] == COUNTRY,
        services=tuple((value, service.having([value])) for value in service.values),
        places=places,
        within=within,
        bands=_bands(table),
    )
    (sectors, sector_of), (groups, group_of) = activities.parts
    pair = activities.pair
    service_owners = np.repeat(document, service_counts)
    return (
        activities,
        Column.distinct(document, sector_of[pair], size, sectors),
        Column.distinct(document, group_of[pair], size, groups),
        Column.distinct(service_owners, service.codes.astype(np.intp), size, service.values),
    )


def _bands(table: Int32s) -> tuple[RadiusBand, ...]:
    radius = table[:, Activity.RADIUS]
    circles = np.flatnonzero(
        (table[:, Activity.SCOPE] == RADIUS) & (table[:, Activity.LOCATED] != 0) & (radius != ABSENT) & (radius >= 0)
    )
    lat, lon = _doubles(table[circles], Activity.LAT), _doubles(table[circles], Activity.LON)
    radii = radius[circles]
    limit_of = {km: square_chord(km) for km in np.unique(radii).tolist()}
    limits = np.array([limit_of[km] for km in radii.tolist()], dtype=np.float64)
    bands = []
    below = -1.0
    for top in (*_BANDS_KM, float("inf")):
        members = np.flatnonzero((radii > below) & (radii <= top))
        below = top
        if len(members):
            members = members[np.argsort(lat[members], kind="stable")]
            points = Points.of(lat[members], lon[members])
            largest = float(radii[members].max())
            bands.append(RadiusBand(largest, lat[members], circles[members], points, limits[members]))
    return tuple(bands)


def _postings(head: Int32s, reader: _Reader) -> Postings:
    size = len(head)
    counts = head[:, Header.POSTINGS]
    pairs = reader.take(counts * 2)
    term, packed = pairs[0::2], pairs[1::2]
    field, frequency = packed >> TF_BITS, packed & ((1 << TF_BITS) - 1)
    document = np.repeat(np.arange(size, dtype=np.int32), counts)
    length = to_bytes(head[:, Header.LENGTHS :])[document, field]

    span = int(term.max()) + 1 if len(term) else 1
    code = frequency.astype(np.int64) << 8 | length
    used = np.flatnonzero(np.bincount(code)) if len(code) else np.zeros(0, dtype=np.int64)
    dense = np.zeros(int(used[-1]) + 1 if len(used) else 0, dtype=compact(len(used)))
    dense[used] = np.arange(len(used))

    key = field.astype(np.int64) * span + term
    order = stable_order(key)  # stable: documents stay ascending within a list
    key = key[order]
    edges = np.flatnonzero(np.diff(key, prepend=-1))
    lists = key[edges]
    return Postings(
        keys=(lists // span) << 32 | lists % span,
        starts=np.append(edges, len(key)).astype(np.intp),
        documents=document[order],
        codes=dense[code][order],
        frequencies=(used >> 8).astype(np.float64),
        lengths=DECODED[used & 0xFF],
    )
