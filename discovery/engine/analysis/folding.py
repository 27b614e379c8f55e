"""Lower case and ASCII folding, character by character, as Lucene does them."""

from __future__ import annotations

from functools import cache

from discovery.engine.analysis.tables import table

# Where Java's simple mapping (Unicode 16, the Java inside Elasticsearch 9) is not what Python computes from
# its own Unicode version: "İ" has a two-character full mapping in Python; the others are letters newer than
# the oldest Python supported. Tests compare every code point.
_JAVA_ONLY = {
    0x0130: 0x0069,
    0x1C89: 0x1C8A,
    0xA7CB: 0x0264,
    0xA7CC: 0xA7CD,
    0xA7DA: 0xA7DB,
    0xA7DC: 0x019B,
    **{capital: capital + 0x20 for capital in range(0x10D50, 0x10D66)},
}


class _LowerCase(dict[int, int]):
    """A table for `str.translate` that computes each code point once."""

    def __missing__(self, code_point: int) -> int:
        lower = chr(code_point).lower()
        self[code_point] = mapped = ord(lower) if len(lower) == 1 else code_point
        return mapped


_LOWER = _LowerCase(_JAVA_ONLY)


def lower_case(term: str) -> str:
    """One character for one, without context: unlike `str.lower`, a final capital sigma becomes "σ"."""
    return term.lower() if term.isascii() else term.translate(_LOWER)


def ascii_fold(term: str) -> str:
    """Lucene's ASCIIFoldingFilter: "œuvre" → "oeuvre", "Straße" → "Strasse".

    Precomposed letters only: a combining accent is a character of its own that this table does not have, and
    stays, as in Lucene. Whoever indexes or asks therefore composes the text (NFC) first.
    """
    return term if term.isascii() else term.translate(_folding())


@cache
def _folding() -> dict[int, str]:
    pairs = (line.split("\t") for line in table("ascii_folding"))
    return {ord(character): folded for folded, characters in pairs for character in characters}
