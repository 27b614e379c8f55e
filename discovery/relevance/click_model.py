"""What clicks say of suppliers, place set aside: a position-based model (PBM) over the service's log lines. Pure.

A click needs two things: that the place is looked at, and that the supplier attracts. The chance that place k is looked
at is (1/k)^eta (Joachims, Swaminathan, Schnabel 2017, "Unbiased Learning-to-Rank with Biased Feedback"); the attraction
of a supplier for a phrase is its clicks over the looks that it had. What comes out proposes judgments; people judge.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median_low
from typing import Any

from discovery.relevance.judge import fold
from discovery.relevance.trial import CLICK, EVENTS

ETA = 1.0
"""How fast looks fall with the place; 0: every place is looked at alike."""
MIN_LOOKS = 10.0
"""Looks below which a share of clicks says nothing yet."""
_Z = 1.96
"""Of the interval of Wilson's that holds the attraction 19 times in 20."""


@dataclass(frozen=True, slots=True)
class Attraction:
    """How a supplier attracts those who ask a phrase: `clicks` of `looks` (a sum of chances), so `share`, 0 to 1, which
    is surely more than `low`. `place`: the median of where it stood when it was clicked, 1 the first."""

    q: str
    id: str
    clicks: int
    looks: float
    place: int

    @property
    def share(self) -> float:
        """Clicks over looks, 0 to 1."""
        return min(1.0, self.clicks / self.looks)

    @property
    def low(self) -> float:
        """The lower end of Wilson's interval."""
        share, looks = self.share, self.looks
        middle = share + _Z**2 / (2 * looks)
        spread = _Z * math.sqrt(share * (1 - share) / looks + _Z**2 / (4 * looks**2))
        return max(0.0, (middle - spread) / (1 + _Z**2 / looks))


def look(place: int, eta: float = ETA) -> float:
    """The chance that a place of a list is looked at; 1 the first place, and of the first 1."""
    return float(place**-eta)


def attractions(lines: Iterable[str], eta: float = ETA, min_looks: float = MIN_LOOKS) -> list[Attraction]:
    """Of each phrase and supplier that was looked at often enough and clicked, by phrase, the surest first.

    A search on a day has one id and one list; a supplier that nobody clicked in one of them stood, for all that the log
    tells, where it mostly stood. A click counts once for each time that its list was asked.
    """
    phrases: dict[str, _Phrase] = {}
    by_id: dict[str, _Phrase] = {}
    for found in _read(lines):
        id_ = found["query_id"]
        if found.get("path") == EVENTS:
            if id_ in by_id:
                by_id[id_].clicked(id_, found)
        elif q := str(found.get("q", "")).strip():
            by_id[id_] = phrase = phrases.setdefault(fold(q), _Phrase())
            phrase.q = q
            phrase.asked[id_] += 1
    told = (one for phrase in phrases.values() for one in phrase.attractions(eta))
    return sorted((one for one in told if one.looks >= min_looks), key=lambda one: (fold(one.q), -one.low, one.id))


def _read(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if '"query_id"' not in line:  # quicker than to read it
            continue
        try:
            found: Any = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict) and isinstance(found.get("query_id"), str):
            yield found


@dataclass(slots=True)
class _Phrase:
    """`asked`: how often each list was asked, by its id. `clicks`: by supplier and list. `places`: of its clicks."""

    q: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    clicks: dict[str, Counter[str]] = field(default_factory=dict)
    places: dict[str, list[int]] = field(default_factory=dict)
    stood: dict[tuple[str, str], int] = field(default_factory=dict)

    def clicked(self, list_id: str, event: dict[str, Any]) -> None:
        id_, place = event.get("object_id"), event.get("ordinal")
        if event.get("action_name") != CLICK or not isinstance(id_, str) or not isinstance(place, int) or place < 1:
            return
        self.clicks.setdefault(id_, Counter())[list_id] += 1
        self.places.setdefault(id_, []).append(place)
        self.stood[id_, list_id] = place

    def attractions(self, eta: float) -> Iterator[Attraction]:
        for id_, clicks in self.clicks.items():
            usual = median_low(self.places[id_])
            looks = sum(times * look(self.stood.get((id_, one), usual), eta) for one, times in self.asked.items())
            counted = sum(min(times, self.asked[one]) for one, times in clicks.items())
            yield Attraction(self.q, id_, counted, looks, usual)
