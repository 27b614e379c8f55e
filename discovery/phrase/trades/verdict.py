"""Probabilities of classes → what is said: sectors, no inclusive trade, or nothing. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade that a text is said to name.

    `sector`: slug of a sector, or of its group where no sector stands out. `words`: of the text, the most telling
    first.
    """

    sector: str
    probability: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the classifier says of a text.

    `trades`: the likeliest first, all of one group of sectors; empty where the classifier abstains. `none`: the
    probability that no inclusive supplier does it, and `outside` that this is sure enough to be said, for the words
    `why`. `start`, `end`: the characters that hold the words of the trades. `groups`: all with their probabilities,
    the likeliest first. `corrects`: the trades are sure enough to stand in for words that name another by chance;
    `certain`: so sure that such words count for nothing beside others; `doubts`: probability below which they are not
    believed.
    """

    trades: tuple[Trade, ...] = ()
    none: float = 0.0
    outside: bool = False
    why: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    groups: tuple[tuple[str, float], ...] = ()
    corrects: bool = False
    certain: bool = False
    doubts: float = 0.0

    def chance(self, groups: Collection[str]) -> float:
        """The probability, 0 to 1, that a text is of any of some groups."""
        return sum(chance for group, chance in self.groups if group in groups)
