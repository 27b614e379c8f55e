"""A short digest of a search, by which a cursor tells that it belongs to it. Pure."""

from __future__ import annotations

from dataclasses import fields
from hashlib import blake2b

from discovery.engine.port import TextQuery
from discovery.search.parameters import Query

_OF_A_PAGE = frozenset({"page", "per_page", "facets", "lang", "cursor", "unknown", "key"})
"""What may change from one page to the next without changing who is found."""


def mark(query: Query, text: TextQuery | None) -> str:
    """A digest (9 bytes in hexadecimal), the same for all pages of a search and, but for accidents, for no other.
    `text`: the words as searched."""
    asked = [(item.name, getattr(query, item.name)) for item in fields(query) if item.name not in _OF_A_PAGE]
    words = text and (text.required, [[one.token for one in word.alternatives] for word in text.words])
    return blake2b(repr((asked, words)).encode("utf-8", "replace"), digest_size=9).hexdigest()
