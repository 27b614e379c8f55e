"""Valid values that come close to one that is not."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz

from discovery.gazetteer import normalise

LIMIT = 5
SHORT_LIST = 12
"""A list this short is shown whole when nothing in it comes close."""
CLOSE = 60.0
"""Least rapidfuzz score (0-100) that counts as close: lets through one or two typos and half a label."""


_normalised = lru_cache(maxsize=16_384)(normalise)
"""Of the names of lists, which are some thousands and always the same."""


def close(asked: str, names: Mapping[str, tuple[str, ...]], limit: int = LIMIT) -> tuple[str, ...]:
    """Up to `limit` values one of whose names resembles `asked`, nearest first; else the whole list if it is short.
    `names`: value → what it is called."""
    key = normalise(asked)
    scored = [
        (max(_score(key, _normalised(name)) for name in (value, *known)), value) for value, known in names.items()
    ]
    near = sorted(((score, value) for score, value in scored if score >= CLOSE), key=lambda one: (-one[0], one[1]))
    if near:
        return tuple(value for _, value in near[:limit])
    return tuple(names) if len(names) <= SHORT_LIST else ()


def _score(asked: str, name: str) -> float:
    """Letters in order, or words in any order (a label's part): the better of the two, 0-100."""
    if not asked or not name:
        return 0.0
    whole = float(fuzz.ratio(asked, name))
    # A part of a longer name is a weaker sign than the whole of a short one.
    return max(whole, 0.9 * float(fuzz.token_set_ratio(asked, name))) if len(asked) > 3 else whole
