"""What a packed document row holds, and which columns the index keeps: shared by the writer and the reader.

A packed row is a flat array of little-endian int32, so that all rows together decode in a few numpy calls:
a header of fixed size, then the sections whose lengths the header gives, in the order that `pack` writes them.
Strings stand as ids of the store's `terms` table; -1 means absent. A float64 takes two slots."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol

from discovery.engine.definition import NAMES, VOCABULARY_SUFFIX
from discovery.engine.formats import ForeignFormatError
from discovery.model.attributes import FIELDS

FORMAT = 4
"""Of the file. What changes what follows bumps it, and says in `columns` what becomes of rows of the one before.
Columns may be added without: a file names its own."""

FIRST_COLUMNS = (
    "kind",
    "kind_group",
    "legal_form",
    "commune",
    "department",
    "region",
    "certifications",
    "networks",
    "territories",
    "employees_band",
    "evidence_sectors",
    "evidence",
)
"""Those of files that don't name theirs."""

KEYWORDS = (*FIRST_COLUMNS, *(name for name in FIELDS.values() if name not in FIRST_COLUMNS))
"""Document fields kept as columns of codes, in the packed order."""
_BEHIND = 10 + len(KEYWORDS)

PARAMETERS = FIELDS
"""Filter parameter -> the document field that it reads."""

ABSENT = -(2**31)
"""A missing number in a packed row."""

NEVER = float("-inf")
"""A missing instant: before all others."""

LIVE, LOCATED = 1, 2
"""Bits of the header's flags."""

COUNTRY, RADIUS, PRESUMED, OTHER = 1, 2, 3, 0
"""Scopes as packed; `places` and `none` need no code of their own, their places say it all."""

TF_BITS = 20
"""A posting's second slot is field << TF_BITS | term frequency; of a shared text, how often the document has it."""


class Header(IntEnum):
    """Slots of the packed header; the field lengths (tokens a text field) follow the last one."""

    FLAGS = 0
    COMPLETENESS = 1
    LEVEL = 2
    UPDATED = 3
    LAT = 4
    LON = 6
    LISTED = 8
    KEYWORDS = 10
    ACTIVITIES = _BEHIND
    SERVICES = _BEHIND + 1
    PLACES = _BEHIND + 2
    WITHIN = _BEHIND + 3
    POSTINGS = _BEHIND + 4
    SHARED = _BEHIND + 5
    NAME_WORDS = _BEHIND + 6
    WORDS = _BEHIND + 7
    LENGTHS = _BEHIND + 8


class Activity(IntEnum):
    """Slots of one packed activity; `SIZE` of them."""

    SECTOR = 0
    GROUP = 1
    SCOPE = 2
    RADIUS = 3
    LAT = 4
    LON = 6
    LOCATED = 8
    SERVICES = 9
    PLACES = 10
    WITHIN = 11
    SIZE = 12


class Analyser(Protocol):
    """What the engine asks of `discovery.engine.analysis.Analysis`."""

    def terms(self, analyzer: str, text: str) -> list[str]: ...

    def terms_by(self, analyzers: Sequence[str], text: str) -> list[list[str]]: ...


@dataclass(frozen=True, slots=True)
class TextField:
    """A text field of the mapping with its analyzer and its BM25 parameters."""

    name: str
    analyzer: str
    k1: float = 1.2
    b: float = 0.75

    @property
    def shared(self) -> bool:
        """Whether its texts are the vocabulary's: the same for thousands of documents, so that a row holds their
        numbers (see `postings`) and not their words."""
        return self.name.endswith(VOCABULARY_SUFFIX) and self.name not in NAMES


def text_fields(definition: Mapping[str, Any]) -> tuple[TextField, ...]:
    """The text fields of an index definition (`mappings/suppliers.json`), in its order.

    Raises ValueError when a field names a similarity that the settings lack, or one that is not BM25.
    """
    similarities = definition.get("settings", {}).get("similarity", {})
    fields = []
    for name, mapping in definition["mappings"]["properties"].items():
        if mapping.get("type") != "text":
            continue
        similarity = mapping.get("similarity", "BM25")
        parameters = similarities.get(similarity, {"type": "BM25"} if similarity == "BM25" else None)
        if parameters is None or parameters.get("type") != "BM25":
            raise ValueError(
                f"mapping of {name}: similarity {similarity!r} is not a BM25 of settings.similarity; "
                "name one of those, or leave it out"
            )
        fields.append(
            TextField(
                name,
                mapping.get("analyzer", "standard"),
                float(parameters.get("k1", 1.2)),
                float(parameters.get("b", 0.75)),
            )
        )
    return tuple(fields)


Change = Callable[[bytes], bytes]
"""From a packed row to a packed row."""

_NONE = bytes(4)
_SHARING = 4
"""The layout that brought shared texts; rows of those before have words in their place."""
_COLUMNS_OF = {FORMAT: FIRST_COLUMNS, 3: FIRST_COLUMNS, 2: FIRST_COLUMNS[:-2]}
"""By layout, the columns of files that don't name theirs. Layout 3 added two on evidence."""


def columns(meta: Mapping[str, str], file: str = "") -> tuple[str, ...]:
    """The columns of a file, by its table `meta`. Raises ForeignFormatError, for people, unless it can be read: its
    layout is today's or one of the two before, and its columns are some of today's, in their order."""
    layout = int(meta["format"])
    if layout not in _COLUMNS_OF:
        raise ForeignFormatError(
            f"the index file {file} has format {layout}, this version reads {FORMAT} and the two before: "
            "run `indexer rebuild`"
        )
    found = tuple(json.loads(meta["columns"])) if "columns" in meta else _COLUMNS_OF[layout]
    if found != tuple(name for name in KEYWORDS if name in found):
        raise ForeignFormatError(
            f"the index file {file} has columns that this version lacks or has in another order: run `indexer rebuild`"
        )
    return found


def sharing(layout: int) -> bool:
    """Whether a file of the layout keeps shared texts once."""
    return layout >= _SHARING


def widening(found: Sequence[str], *, sharing: bool) -> Change | None:
    """What rows of a file with these columns need when they are read: nothing under each that it lacks, nor under
    shared texts where it has none. None where they need nothing."""
    if tuple(found) == KEYWORDS and sharing:
        return None
    start, end = 4 * Header.KEYWORDS, 4 * (Header.KEYWORDS + len(found))
    at = {name: start + 4 * place for place, name in enumerate(found)}
    slots = [at.get(name) for name in KEYWORDS]
    behind = end + 4 * (Header.SHARED - Header.ACTIVITIES)
    texts = b"" if sharing else _NONE

    def widen(row: bytes) -> bytes:
        counts = [_NONE if slot is None else row[slot : slot + 4] for slot in slots]
        return b"".join((row[:start], *counts, row[end:behind], texts, row[behind:]))

    return widen
