"""Words of French and English, with their inflected forms: what is spelt right, whatever the index holds."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, lru_cache
from importlib import resources
from zlib import crc32


@cache
def _sums() -> memoryview:
    """CRC-32 of every known word, sorted, little-endian (scripts/build_words)."""
    data = resources.files("discovery.intent").joinpath("data", "words.bin").read_bytes()
    return memoryview(data).cast("I")


@lru_cache(maxsize=8192)
def known_word(folded: str) -> bool:
    """Whether a folded word is one of the languages'.

    An unknown word is taken for a known one once in nine thousand; never when it is a known word with one letter
    replaced, which a CRC tells apart (RFC 1952 §8: every burst of 32 bits).
    """
    words, wanted = _sums(), crc32(folded.encode())
    found = bisect_left(words, wanted)
    return found < len(words) and words[found] == wanted
