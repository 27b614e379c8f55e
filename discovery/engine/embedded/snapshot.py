"""What a reader searches: up to three segments, and how it follows the file.

`base` holds nearly everything; `middle` what changed since; `recent` what changed since that, rebuilt at every
commit seen. A document written again is marked superseded in the older tiers, so no tier ever changes.
Statistics are those of an index freshly built from the present documents: superseded copies never count.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from discovery.engine.embedded import store
from discovery.engine.embedded.arrays import Bools, Int32s, Int64s, Ints
from discovery.engine.embedded.bounded_lru import ByteBoundedLRU, room
from discovery.engine.embedded.build import build
from discovery.engine.embedded.layout import TextField
from discovery.engine.embedded.match import View
from discovery.engine.embedded.postings import SharedTexts
from discovery.engine.embedded.segment import Segment
from discovery.engine.embedded.text import FieldStats, Part, TextPlan
from discovery.engine.port import MAPPED, Document, TextQuery

RECENT = 256
"""Documents up to which `recent` is rebuilt at each commit, in a few milliseconds."""

MERGE_SHARE, MERGE_LEAST, MERGE_MOST = 0.05, 500, 5_000
"""Changed documents at which all is rebuilt: a share of the base, within bounds."""

MAX_SHOWN = 4_096
"""Documents of which a snapshot keeps what a map shows, about a kilobyte each."""


@dataclass
class Strings:
    """The store's terms: by id, and ids by term; its shared texts. Shared by all snapshots of a file; only grows, under
    a lock."""

    texts: list[str] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    shared: SharedTexts = field(default_factory=SharedTexts)

    def extend(self, connection: sqlite3.Connection) -> None:
        """Read the strings and shared texts that the file has since gained."""
        for text in store.terms_since(connection, len(self.texts)):
            self.ids[text] = len(self.texts)
            self.texts.append(text)
        self.shared.extend(store.texts_since(connection, self.shared.count))


@dataclass(frozen=True)
class Tier:
    """A segment with all changes of the file up to `until`, and the copies in it that newer ones supersede."""

    segment: Segment
    until: int
    superseded: Ints

    @cached_property
    def view(self) -> View:
        """The segment with what newer copies leave of it."""
        segment = self.segment
        if not len(self.superseded):
            return View(segment, segment.live, None)
        present: Bools = np.ones(segment.size, dtype=np.bool_)
        present[self.superseded] = False
        return View(segment, segment.live & present, present)

    @cached_property
    def stats(self) -> tuple[Int64s, Int64s]:
        """(present documents that have it, their tokens), both by text field."""
        gone = self.segment.lengths[:, self.superseded]
        documents, tokens = self.segment.length_stats
        return documents - (gone > 0).sum(axis=1), tokens - gone.sum(axis=1, dtype=np.int64)

    def count(self, word: int) -> int:
        """How many live documents hold a folded word (its term id)."""
        found = self._counts.get(word)
        if found is None:
            found = self._counts[word] = self.segment.count(word, self.view.alive)
        return found

    @cached_property
    def _counts(self) -> dict[int, int]:
        """Of words asked for: no more than there are in the index."""
        return {}

    @property
    def spelled(self) -> Int32s:
        """Term ids of the folded words of live documents, ascending."""
        return self.segment.spelled(self.view.alive)

    def supersede(self, ids: list[str]) -> Tier:
        """The same tier without the copies of these ids."""
        found = [number for id_ in ids if (number := self.segment.find(id_)) is not None]
        if not found:
            return self
        return replace(self, superseded=np.union1d(self.superseded, np.array(found, dtype=np.intp)))


@dataclass(frozen=True)
class Snapshot:
    """An immutable state of the index: that of the file `uuid` after transaction `seq`."""

    uuid: str
    seq: int
    fields: tuple[TextField, ...]
    strings: Strings
    tiers: tuple[Tier, ...]

    @property
    def generation(self) -> str:
        """What tells this state of the index from any other."""
        return f"{self.uuid}-{self.seq}"

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The segments as this state sees them."""
        return tuple(tier.view for tier in self.tiers)

    @cached_property
    def documents(self) -> int:
        """How many live documents there are."""
        return sum(int(np.count_nonzero(view.alive)) for view in self.views)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What text queries need of each segment."""
        return tuple(Part(v.segment, v.present, {}) for v in self.views)

    @cached_property
    def stats(self) -> tuple[FieldStats, ...]:
        """By text field, what BM25 needs to know of all segments together."""
        documents = np.sum([tier.stats[0] for tier in self.tiers], axis=0)
        tokens = np.sum([tier.stats[1] for tier in self.tiers], axis=0)
        return tuple(map(FieldStats, documents.tolist(), tokens.tolist()))

    def text_plan(self, query: TextQuery) -> TextPlan:
        """The query bound to the segments. Kept: the same words are asked of other places, filtered, paged, counted."""
        return self._plans.get(query, lambda: TextPlan(query, self.parts, self.fields, self.stats, self.strings.ids))

    @cached_property
    def _plans(self) -> ByteBoundedLRU[TextQuery, TextPlan]:
        return ByteBoundedLRU(room(sum(tier.segment.size for tier in self.tiers)))

    def shown(self, connection: sqlite3.Connection, rows: list[int]) -> Mapping[int, Document]:
        """By store row, of each document what a map shows. Kept: a map of the country reads a thousand documents, and
        the next one mostly the same. The connection must be in this snapshot's state."""
        kept = self._shown
        shown = {row: document for row in rows if (document := kept.get(row)) is not None}
        sources = store.sources(connection, [row for row in rows if row not in shown])
        read = {row: _shown(document) for row, document in sources.items()}
        kept.update(read)
        for row in list(kept)[: max(0, len(kept) - MAX_SHOWN)]:  # the ones read longest ago
            kept.pop(row, None)
        shown |= read
        return {row: shown[row] for row in rows}

    @cached_property
    def _shown(self) -> dict[int, Document]:
        return {}

    @property
    def merge_due(self) -> bool:
        """Whether so much changed that the segments should be made one."""
        base = self.tiers[0]
        changed = max(len(base.superseded), sum(tier.segment.size for tier in self.tiers[1:]))
        return changed > min(MERGE_MOST, max(MERGE_LEAST, MERGE_SHARE * base.segment.size))


def load(connection: sqlite3.Connection, uuid: str, fields: tuple[TextField, ...], strings: Strings) -> Snapshot:
    """The snapshot of the whole file, as one segment. The connection must be in a read transaction."""
    seq = store.last_seq(connection)
    strings.extend(connection)
    segment = build(store.rows_since(connection, 0), strings.texts, strings.shared, len(fields))
    store.release(connection)
    return Snapshot(uuid, seq, fields, strings, (_tier(segment, seq),))


def catch_up(connection: sqlite3.Connection, snapshot: Snapshot, seq: int) -> Snapshot:
    """The snapshot with what changed until `seq`, the file's state in the connection's read transaction."""
    strings, width = snapshot.strings, len(snapshot.fields)
    strings.extend(connection)
    changed = store.ids_since(connection, snapshot.seq)
    settled = [tier.supersede(changed) for tier in snapshot.tiers[:2]]
    fresh = store.count_since(connection, settled[-1].until)
    if fresh > RECENT:
        del settled[1:]
    tiers = settled
    if fresh:
        rows = store.rows_since(connection, settled[-1].until)
        tiers = [*settled, _tier(build(rows, strings.texts, strings.shared, width), seq)]
    return replace(snapshot, seq=seq, tiers=tuple(tiers))


def _tier(segment: Segment, until: int) -> Tier:
    return Tier(segment, until, np.zeros(0, dtype=np.intp))


def _shown(document: Document) -> Document:
    shown: Document = {field: document[field] for field in ("id", "kind") if field in document}
    shown["public"] = {field: document["public"][field] for field in MAPPED if field in document["public"]}
    return shown
