"""Several trades in one phrase: the phrase that asks for one of them alone. Pure."""

from __future__ import annotations

import re

from discovery.intent.model import Intent, Need

_WORDS = r"(?:et|ou|and|or|ainsi\s+que|puis)"
_LEADS = re.compile(rf"(?:(?:(?:^|(?<=\W)){_WORDS}|[,;/+&])\s*)+$", re.IGNORECASE)
_FOLLOWS = re.compile(rf"\s*(?:{_WORDS}(?=\W|$)|[,;/+&])", re.IGNORECASE)
_OPENS = re.compile(rf"(?:(?:{_WORDS}(?=\W)|[,;/+&])\s*)+", re.IGNORECASE)


def phrase_of_need(intent: Intent, need: Need) -> str:
    """The phrase that asks for one of its needs only: "traiteur et nettoyage à Lyon" for the second is "nettoyage à
    Lyon"."""
    left = intent.without(_joined(intent.q, other) for other in intent.needs if other != need)
    left = re.sub(r"\s+(?=[,;])", "", left)
    opening = _OPENS.match(left)
    return left[opening.end() :] if opening else left


def _joined(q: str, need: Need) -> tuple[int, int]:
    """The need's characters with the conjunction before it, else with the one behind it."""
    before = _LEADS.search(q[: need.start])
    if before:
        return before.start(), need.end
    behind = _FOLLOWS.match(q, need.end)
    return need.start, behind.end() if behind else need.end
