"""Probabilities of classes → what is said: sectors, no inclusive trade, or nothing. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trade:
    """`sector`: slug of a sector, or of its group where no sector stands out. `words`: of the text, the most telling
    first."""

    sector: str
    probability: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`trades`: the likeliest first, all of one group of sectors; empty where the classifier abstains. `none`: the
    probability that no inclusive supplier does it, and `outside` that this is sure enough to be said, for the words
    `why`. `start`, `end`: the characters that hold the words of the trades. `groups`: all with their probabilities, the
    likeliest first."""

    trades: tuple[Trade, ...] = ()
    none: float = 0.0
    outside: bool = False
    why: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    groups: tuple[tuple[str, float], ...] = ()
