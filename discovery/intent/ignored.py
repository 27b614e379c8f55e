"""What sizes, dates, prices or words a request and names no trade, claimed in the order in which each tells itself."""

from __future__ import annotations

from discovery.intent.amounts import starts_amount
from discovery.intent.dates import claim_dates
from discovery.intent.frequencies import claim_frequencies
from discovery.intent.legal import claim_articles, claim_wording
from discovery.intent.parse_state import ParseState, State
from discovery.intent.references import claim_references
from discovery.intent.sizes import claim_sizes

_BEFORE = 3  # words of a name that may precede its number


def claim_ignored(reading: ParseState) -> None:
    claim_articles(reading)
    guarded = _guarded(reading)
    claim_references(reading, guarded)
    claim_wording(reading)
    claim_sizes(reading, guarded)
    claim_frequencies(reading, guarded)
    claim_dates(reading, guarded)
    claim_cheap(reading)


def claim_cheap(reading: ParseState) -> None:
    """Budgets without an amount: "pas cher"."""
    phrases = reading.grammar.budgets.phrases
    index = 0
    while index < len(reading.tokens):
        size = reading.phrase_at(index, phrases)
        if size:
            reading.ignore("budget", "budget", index, index + size - 1)
        index += size or 1


def _guarded(reading: ParseState) -> frozenset[int]:
    """Tokens of names that hold a number: "4e gamme", "5 flux", "ISO 9001" keep theirs."""
    free = [state is State.FREE for state in reading.states]
    found: set[int] = set()
    for number in range(len(reading.tokens)):
        if not (free[number] and starts_amount(reading, number)):
            continue
        for first in range(max(0, number - _BEFORE), number + 1):
            for name in (
                reading.lexicon.sector(reading.tokens, first, free),
                reading.lexicon.thing(reading.tokens, first, free),
            ):
                if name is not None and name.last >= number and name.last > first:
                    found.update(range(first, name.last + 1))
    return frozenset(found)
