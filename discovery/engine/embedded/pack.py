"""Prepared documents to the bytes of their rows (see `layout`): words in numpy, all documents at once."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from discovery.engine.definition import NAMES
from discovery.engine.embedded.arrays import Int32s, Int64s, nonzero, offsets
from discovery.engine.embedded.layout import (
    ABSENT,
    COUNTRY,
    LIVE,
    LOCATED,
    NEVER,
    OTHER,
    PRESUMED,
    RADIUS,
    TF_BITS,
    Header,
    TextField,
)
from discovery.engine.embedded.prepare import Prepared, PreparedActivity, Text

_SCOPES = {"country": COUNTRY, "radius": RADIUS, "presumed": PRESUMED}
_MAX_FREQUENCY = (1 << TF_BITS) - 1
_WORD = (1 << 32) - 1
_NOWHERE = (0.0, 0.0)
_FIXED = "4i3d"
"""Slots of the header up to the number of its first keywords."""
_ACTIVITY = struct.Struct("<4i2d4i").pack


def _number(value: int | None) -> int:
    return ABSENT if value is None else value


def _sort_key(activity: PreparedActivity) -> tuple[str, str]:
    """Activities are stored by group then sector, so that a supplier's equal sectors stand side by side."""
    return activity.group or "", activity.sector or ""


@dataclass(slots=True)
class Counted:
    """The words of some documents: all that can be done with them before their ids in the store are known."""

    documents: Sequence[Prepared]
    ends: list[list[int]]
    """By document, the end of its header: how many items each section has, then the lengths of its fields."""
    sections: tuple[_Section, ...]


def counted(documents: Sequence[Prepared], fields: Sequence[TextField]) -> Counted:
    """The lists of a segment: which documents hold each term, with how many terms each field has."""
    count, width = len(documents), len(fields)
    texts: list[tuple[int, Text]] = []
    shared: list[tuple[int, Text]] = []
    for at, one in enumerate(documents):
        for number, text in one.texts:
            (texts if text.shared is None else shared).append((at * width + number, text))
    cells = np.array([cell for cell, _ in texts], dtype=np.int64)
    term_cells, terms = _laid_out(cells, [text.terms for _, text in texts])
    folded_cells, folded = _laid_out(cells, [text.folded for _, text in texts])
    row, field = np.divmod(folded_cells, width)
    named = np.array([one.name in NAMES for one in fields], dtype=np.bool_)[field]
    sharing_cells = np.array([cell for cell, _ in shared], dtype=np.int64)
    numbers: Int32s = np.array([text.shared for _, text in shared], dtype=np.int32)
    sections = (
        _postings(term_cells, terms, width, count),
        _postings(sharing_cells, numbers, width, count, of_texts=True),
        _Section(*_runs(row[named], folded[named])[:2], count),
        _Section(*_runs(row, folded)[:2], count),
    )
    lengths = np.bincount(term_cells, minlength=count * width)
    np.add.at(lengths, sharing_cells, [len(text.terms) for _, text in shared])
    ends = np.column_stack((*(each.counts for each in sections), lengths.reshape(count, width)))
    return Counted(documents, ends.tolist(), sections)


Renumber = Callable[[Int32s], Int32s]


def pack(batch: Counted, intern: Callable[[str], int], renumber: Renumber, of_texts: Renumber) -> list[bytes]:
    """A row a document. `intern` gives the id of a string, making one when it is new; `renumber` does the same for the
    numbers under which words were prepared, `of_texts` for those of shared texts."""
    counts = len(batch.documents[0].keywords) + len(batch.ends[0]) if batch.ends else 0
    heads = map(_head(intern, counts), batch.documents, batch.ends)
    sections = (each.slots(of_texts if each.of_texts else renumber) for each in batch.sections)
    return [b"".join(parts) for parts in zip(heads, *sections, strict=True)]


class _Section:
    """Words of all documents, one document after the other; `rows` are the documents. `codes`, if any, stand beside.
    `of_texts`: what stands for words are the numbers of shared texts."""

    def __init__(
        self, rows: Int64s, words: Int32s, count: int, codes: Int32s | None = None, *, of_texts: bool = False
    ) -> None:
        self.of_texts = of_texts
        self.counts = np.bincount(rows, minlength=count)
        """Words by document."""
        self._words = words
        self._codes = codes

    def slots(self, renumber: Renumber) -> list[bytes]:
        """By document."""
        ids = renumber(self._words)
        slots = ids if self._codes is None else np.column_stack((ids, self._codes))
        packed = slots.astype("<i4", copy=False).tobytes()
        return [packed[start:end] for start, end in pairwise((offsets(self.counts) * slots[:1].nbytes).tolist())]


def _laid_out(cells: Int64s, lists: Sequence[Int32s]) -> tuple[Int64s, Int32s]:
    """The items of all lists, one list after the other, behind the cell of each."""
    if not lists:
        return cells, np.zeros(0, dtype=np.int32)
    return np.repeat(cells, [len(one) for one in lists]), np.concatenate(lists)


def _runs(owners: Int64s, words: Int32s) -> tuple[Int64s, Int32s, Int64s]:
    """The distinct (owner, word), in order, and how often each comes.

    Sorted as one number, by the sort that is quick with what is nearly sorted: owners are, and the words of a text.
    """
    keys = owners << 32 | words
    keys.sort(kind="stable")
    first = nonzero(np.diff(keys, prepend=-1))
    held = keys[first]
    return held >> 32, (held & _WORD).astype(np.int32), np.diff(first, append=len(keys))


def _postings(cells: Int64s, terms: Int32s, width: int, count: int, *, of_texts: bool = False) -> _Section:
    held, term, frequency = _runs(cells, terms)
    row, field = np.divmod(held, width)
    code = field << TF_BITS | np.minimum(frequency, _MAX_FREQUENCY)
    return _Section(row, term, count, code.astype(np.int32), of_texts=of_texts)


def _head(intern: Callable[[str], int], counts: int) -> Callable[[Prepared, Sequence[int]], bytes]:
    """A function that packs all of a row before its words, of a document and the slots at the end of its header.
    `counts`: how many those are, with one a column of keywords."""
    header = struct.Struct(f"<{_FIXED}{Header.POSTINGS - Header.ACTIVITIES + counts}i").pack

    def head(document: Prepared, end: Sequence[int]) -> bytes:
        activities = sorted(document.activities, key=_sort_key)
        services = [intern(text) for one in activities for text in one.services]
        places = [intern(text) for one in activities for text in one.places]
        within = [intern(text) for one in activities for text in one.within]
        keywords = [intern(text) for texts in document.keywords for text in texts]
        return b"".join(
            (
                header(
                    (LIVE if document.live else 0) | (LOCATED if document.location is not None else 0),
                    _number(document.completeness),
                    _number(document.level),
                    _number(document.updated),
                    *(document.location or _NOWHERE),
                    NEVER if document.listed is None else document.listed,
                    *map(len, document.keywords),
                    len(activities),
                    len(services),
                    len(places),
                    len(within),
                    *end,
                ),
                _ints(keywords),
                *[_activity(one, intern) for one in activities],
                _ints([*services, *places, *within]),
            )
        )

    return head


def _activity(one: PreparedActivity, intern: Callable[[str], int]) -> bytes:
    return _ACTIVITY(
        -1 if one.sector is None else intern(one.sector),
        -1 if one.group is None else intern(one.group),
        _SCOPES.get(one.scope or "", OTHER),
        _number(one.radius_km),
        *(one.location or _NOWHERE),
        one.location is not None,
        len(one.services),
        len(one.places),
        len(one.within),
    )


def _ints(values: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(values)}i", *values)
