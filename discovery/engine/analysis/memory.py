"""Remembering what pieces of text became: documents and queries repeat their words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Remembered(dict[K, V]):
    """A pure function whose answers are kept, for the keys that `keep` wants kept. Look-ups are a dict's."""

    def __init__(self, compute: Callable[[K], V], keep: Callable[[K], bool]) -> None:
        self._compute = compute
        self._keep = keep

    def __missing__(self, key: K) -> V:
        value = self._compute(key)
        if self._keep(key):
            self[key] = value
        return value
