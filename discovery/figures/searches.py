"""What people search, in numbers: what an answer adds to the counts, and what the counts tell. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from discovery.answers import links
from discovery.http.masking import masked
from discovery.search.answer import Answer
from discovery.search.query import Query

SEARCH, ZERO, PHRASE = "search", "zero", "phrase"
VALUES = ("sector", "kind", "place")
"""What else is counted: trades, kinds and places asked for, in words or by a filter."""
LONGEST = 100
"""Characters of a phrase that is counted."""
MIN_TIMES, MIN_DAYS = 5, 2
"""Something is shown when it was asked so many times, on so many days: not when one person came back to it once."""
MIN_TOGETHER = 3
"""A phrase, besides, when so many visitors asked it on one day: not when one person came back to it for a week."""
MAX_SHOWN = 10
DAYS = 30
"""Days told of, today included."""

_PLAIN = frozenset({"q", "lang", "facets", "per_page", "key"})
"""Parameters of a phrase that was typed and sent; any other refines it, and the same person does that."""

Row = tuple[str, str]
"""(what is counted, its value)."""
Total = tuple[str, str, int, int]
"""(what is counted, its value, times, days it was asked on)."""


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """A value and how often it was searched."""

    value: str
    times: int


@dataclass(frozen=True, slots=True)
class Searches:
    """What was searched during some days.

    `most[what]`: the most asked first. `zero`: searches that found nothing.
    """

    days: int
    total: int
    zero: int
    most: Mapping[str, tuple[SearchFigures, ...]]

    @property
    def zero_rate(self) -> float:
        """The share of searches that found nothing, 0 to 1."""
        return self.zero / self.total if self.total else 0.0


def rows(answer: Answer) -> list[Row]:
    """What counts one more (a phrase for each visitor); none for what is no search: the home page, a later page of the
    same list."""
    query = answer.plan.query
    if query.page > 1 or query.cursor is not None or not _asks(query):
        return []
    found = [(SEARCH, ""), *_values(answer)]
    if not answer.page.total:
        found.append((ZERO, ""))
    if phrase := shown_phrase(answer):
        found.append((PHRASE, phrase))
    return found


def shown_phrase(answer: Answer) -> str:
    """The phrase, when it may be shown some day: as typed but for capitals, refined by nothing; all of its words are
    the index's own, which a name seldom is; nothing in it looks like a number or an address of anybody. Else ""."""
    query = answer.plan.query
    phrase = " ".join(query.q.lower().split())
    plain = {name for name, _ in links.pairs(query)} <= _PLAIN
    told = plain and _known(answer) and answer.page.total and masked(phrase) == phrase
    return phrase if told and len(phrase) <= LONGEST else ""


def _known(answer: Answer) -> bool:
    """Whether every word is the index's own: of a recognised trade, or found with all the others."""
    if answer.plan.relaxed is not None or answer.plan.reading.ignored or answer.plan.intent.notes:
        return False
    request = answer.plan.request
    if not request.needs or request.text is None:
        return True
    needed = {one.token for need in request.needs for word in need.words for one in word.alternatives}
    return all(word.alternatives[0].token in needed for word in request.text.words)


def read(totals: Iterable[Total], days: int) -> Searches:
    """Totals of the last `days` days. What was asked too seldom is left out."""
    times: dict[Row, int] = {}
    for what, value, count, _ in (kept := list(totals)):
        times[what, value] = count
    often = [one for one in kept if one[2] >= MIN_TIMES and one[3] >= MIN_DAYS]
    most = {what: tuple(_most(often, what)) for what in (PHRASE, *VALUES)}
    return Searches(days, times.get((SEARCH, ""), 0), times.get((ZERO, ""), 0), most)


def _most(totals: Iterable[Total], what: str) -> Iterator[SearchFigures]:
    found = sorted((-times, value) for one, value, times, _ in totals if one == what)
    return (SearchFigures(value, -times) for times, value in found[:MAX_SHOWN])


def _asks(query: Query) -> bool:
    return any(name not in _PLAIN - {"q"} for name, _ in links.pairs(query))


def _values(answer: Answer) -> Iterator[Row]:
    query = answer.plan.query
    found = [(piece.type, piece.value) for piece in answer.plan.reading.pieces if piece.type in VALUES]
    found += [("sector", value) for value in query.sector]
    found += [("kind", value) for value in query.kind]
    found += [("place", value) for value in (*query.place, query.near) if ":" in value]
    return iter(dict.fromkeys(found))
