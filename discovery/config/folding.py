"""Words as they are compared: without case, accents or ligatures."""

from __future__ import annotations

import re
import unicodedata

_WHOLE = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o"})  # letters that NFKD leaves whole
_WORDS = re.compile(r"[0-9]+|[^\W0-9_]+")


def fold(text: str) -> str:
    """The text without case and accents: "Étienne" and "ETIENNE" are one."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_WHOLE))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def folded_words(text: str) -> tuple[str, ...]:
    """The folded words and numbers of a text, in order: "d'Été 2026" is `d`, `ete`, `2026`."""
    return tuple(fold(word) for word in _WORDS.findall(text))
