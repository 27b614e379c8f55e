"""What clicks say of a trial (`DISCOVERY_TRIAL`), out of the service's log lines. Pure.

A search on a day is one vote, however often it was asked and clicked: its list was drawn once, and one person who
clicks without end has no more to say than another.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from discovery.relevance.sign_test import ALPHA, needed, p_value
from discovery.search.team_draft import BOTH, ONE, OTHER
from discovery.search.trial import APART

EVENTS = "/api/v1/events"
CLICK = "click"

Verdict = Literal["early", "one", "other", "equal"]


@dataclass(frozen=True, slots=True)
class Votes:
    """What the clicks of a trial come to.

    Of searches, each on one day. `alike`: both profiles gave the same list. `apart`: they found other suppliers, and
    were not compared. `one`, `other`: those whose clicks were for it; `even`: clicks for both alike.
    """

    searches: int = 0
    alike: int = 0
    apart: int = 0
    one: int = 0
    other: int = 0
    even: int = 0

    @property
    def decisive(self) -> int:
        """How many searches prefer one of the two."""
        return self.one + self.other

    @property
    def share(self) -> float:
        """The share of the other profile among the votes that decide: 0 to 1, one half when none does."""
        return self.other / self.decisive if self.decisive else 0.5

    @property
    def p(self) -> float:
        """The p-value of "both are as good"."""
        return p_value(self.one, self.other)

    def more(self, difference: float) -> int | None:
        """Searches still to come before one verdict on a difference (`difference`: of both shares, 0 to 1) is due; None
        when no click has told yet how often a search decides."""
        left = max(0, needed(0.5 + difference / 2) - self.decisive)
        if not left:
            return 0
        return math.ceil(left * self.searches / self.decisive) if self.decisive else None

    def verdict(self, difference: float) -> Verdict:
        """None before enough searches decided: whoever looks every day and stops at the first luck sees what is not
        there."""
        if self.more(difference) != 0:
            return "early"
        if self.p >= ALPHA:
            return "equal"
        return "one" if self.one > self.other else "other"


def votes(lines: Iterable[str]) -> dict[str, Votes]:
    """Trial (`one:other`) → its votes, in the order they were first met. Lines that are no search of a trial and no
    click on one are passed over."""
    seen: dict[str, dict[str, _Search]] = {}
    by_id: dict[str, _Search] = {}
    for line in lines:
        if CLICK not in line and '"teams"' not in line:  # quicker than to read it
            continue
        try:
            found: Any = json.loads(line)
        except ValueError:
            continue
        if not isinstance(found, dict) or not isinstance(id_ := found.get("query_id"), str):
            continue
        if isinstance(name := found.get("trial"), str) and isinstance(found.get("teams"), str):
            by_id[id_] = search = seen.setdefault(name, {}).setdefault(id_, _Search())
            search.shown(found["teams"])
        elif found.get("path") == EVENTS and found.get("action_name") == CLICK and id_ in by_id:
            by_id[id_].clicked(found.get("ordinal"))
    return {name: _counted(searches) for name, searches in seen.items()}


@dataclass(slots=True)
class _Search:
    """One search on one day. `teams`: of its list as it was last shown, as far as it was paged through."""

    teams: str = ""
    ever: set[str] = field(default_factory=set)
    clicks: Counter[str] = field(default_factory=Counter)

    def shown(self, teams: str) -> None:
        if not self.teams.startswith(teams):
            self.teams = teams
        self.ever |= set(teams)

    def clicked(self, ordinal: Any) -> None:
        if isinstance(ordinal, int) and 1 <= ordinal <= len(self.teams):
            self.clicks[self.teams[ordinal - 1]] += 1


def _counted(searches: Mapping[str, _Search]) -> Votes:
    found = Counter[str]()
    for one in searches.values():
        found["apart"] += APART in one.ever
        found["alike"] += one.ever == {BOTH}
        ahead = one.clicks[OTHER] - one.clicks[ONE]
        found["one"] += ahead < 0
        found["other"] += ahead > 0
        found["even"] += not ahead and one.clicks[ONE] > 0
    return Votes(len(searches), found["alike"], found["apart"], found["one"], found["other"], found["even"])
