"""How French words sound, roughly: "blanchicerie" and "blanchisserie" are spelt apart and said alike.

Where one of two words of a sound is no word, the other is proposed (`search/corrections.py`, `typos.py`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SHORTEST = 4
"""Sounds at least: shorter keys are said like too many words."""

_NASAL = "(?=[^aeioumnAIO]|$)"
"""Before no vowel, "an" is one sound."""

_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"œ", "e"),
        (r"ç", "s"),
        (r"(.)\1+", r"\1"),
        (r"(?<=[aeioukpr])tion", "sion"),
        (r"ph", "f"),
        (r"sch|sh|ch", "C"),
        (r"sc(?=[eiy])", "s"),
        (r"h", ""),
        (r"c(?=[eiy])", "s"),
        (r"g(?=[eiy])", "j"),
        (r"je(?=[aou])", "j"),
        (r"gu(?=[eiy])", "g"),
        (r"qu|q|c", "k"),
        (r"x(?=.)", "ks"),
        (r"z", "s"),
        (r"w", "v"),
        (r"y", "i"),
        (rf"(?:ai|ei|i|u)[mn]{_NASAL}", "I"),
        (r"eau|au", "o"),
        (r"ai|ei", "e"),
        (rf"[ae][mn]{_NASAL}", "A"),
        (rf"o[mn]{_NASAL}", "O"),
        (r"(?<=.)(?:er|ez|et)$", "e"),
        (r"(?<=..)e?[sx]?$", ""),
        (r"(?<=..)[tdp]$", ""),
        (r"(?<=..)e$", ""),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """A key that words said alike share: doubled and silent letters gone, spellings of one sound made one.

    Accents are read where they tell ("ç"), and then dropped. Empty for a word without letters.
    """
    key = word.casefold()
    for pattern, said in _SPELLINGS[:2]:
        key = pattern.sub(said, key)
    key = "".join(c for c in unicodedata.normalize("NFKD", key) if c.isascii() and c.isalpha())
    for pattern, said in _SPELLINGS[2:]:
        key = pattern.sub(said, key)
    return key
