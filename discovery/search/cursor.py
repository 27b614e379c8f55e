"""Where a walk through an answer stands, and which answer it walks. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import TYPE_CHECKING

from discovery.engine.port import Position, TextQuery

if TYPE_CHECKING:
    from discovery.search.parameters import Query

WALKED = ("id", "name", "updated", "listed", "distance")
"""Sorts that can be walked: who changes meanwhile moves nobody else."""

_OF_A_PAGE = frozenset({"page", "per_page", "facets", "lang", "cursor", "unknown", "key"})
"""What may change from one page to the next without changing who is found."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """`position`: of the last hit given. `relaxed`: the walk began with the lenient reading of the words, and goes on
    so however many suppliers the strict one finds by now. `mark`: of the search (`mark`)."""

    position: Position
    relaxed: bool
    mark: str


def mark(query: Query, text: TextQuery | None) -> str:
    """The same for all pages of a search and, but for accidents, for no other. `text`: the words as searched."""
    asked = [(item.name, getattr(query, item.name)) for item in fields(query) if item.name not in _OF_A_PAGE]
    words = text and (text.required, [[one.token for one in word.alternatives] for word in text.words])
    return blake2b(repr((asked, words)).encode("utf-8", "replace"), digest_size=9).hexdigest()
