"""A token: a term and where it came from."""

from __future__ import annotations

from typing import NamedTuple


class Token(NamedTuple):
    """One term of an analysed text.

    `start`, `end`: characters (code points) of the *original* text, before any char filter, end excluded.
    As in Lucene they span the whole surface word: after elision "l'entretien" still spans its eleven.
    `position`: 0 for the first word; a removed stop word leaves a gap, a contraction takes one position.
    """

    term: str
    start: int
    end: int
    position: int
