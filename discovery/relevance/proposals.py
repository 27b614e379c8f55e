"""What a phrase that found nobody may lack: a supplier, or a word of the vocabulary. Pure: an analyst decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from discovery.intent import Intent
from discovery.intent.model import OUTSIDE_LIKELY, OUTSIDE_TRADE
from discovery.relevance.querylog import LoggedQuery
from discovery.trades import Verdict

MIN_CHANCE = 0.15
"""Below it a group of trades is not worth an analyst's look."""
MAX_LIKELY = 2


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may be done about a phrase that found nobody.

    `known`: slugs of the trades that are read in it: nobody does them there. Without any, `words` is a name that the
    `likely` groups of trades may lack, each with its probability; `outside`: it is no inclusive trade.
    """

    q: str
    times: int
    known: tuple[str, ...] = ()
    outside: bool = False
    words: str = ""
    likely: tuple[tuple[str, float], ...] = ()


def proposals(
    asked: Iterable[LoggedQuery], understand: Callable[[str], Intent], classify: Callable[[str], Verdict]
) -> Iterator[Proposal]:
    """One for each phrase, in their order."""
    for one in asked:
        intent = understand(one.q)
        known = tuple(dict.fromkeys(slug for need in intent.needs for slug in need.sectors))
        if known or {note.code for note in intent.notes} & {OUTSIDE_TRADE, OUTSIDE_LIKELY}:
            yield Proposal(one.q, one.times, known, outside=not known)
            continue
        verdict = classify(intent.text)
        likely = tuple(group for group in verdict.groups[:MAX_LIKELY] if group[1] >= MIN_CHANCE)
        yield Proposal(one.q, one.times, outside=verdict.outside, words=intent.text, likely=likely)
