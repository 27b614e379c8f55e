"""Texts of strangers, made harmless to show: one line, nothing invisible, not endless. Pure."""

from __future__ import annotations

import unicodedata

MAX_TEXT = 1_000
"""Characters of a text."""
MAX_TEXTS = 10
"""Texts of a list."""
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
"""Controls, marks of direction, tags, zero widths: what a person doesn't see and a model reads."""


def plain(text: object, longest: int = MAX_TEXT) -> str:
    r"""A stranger's text made harmless: one line of at most `longest` characters, nothing invisible ("a\u202eb\n c" →
    "ab c")."""
    given = str(text)[: 4 * longest]
    seen = "".join(one for one in given if _shows(one))
    found = " ".join(seen.split())
    return found if len(found) <= longest else found[: longest - 1] + "…"


def _shows(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in _INVISIBLE
