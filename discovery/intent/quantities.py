"""How many people an order is for: "pour 80 personnes". It sizes the order, and no profile is to be found by it."""

from __future__ import annotations

from discovery.intent.lexer import Gap
from discovery.intent.reading import Reading, State


def drop_quantities(reading: Reading) -> None:
    """Drop each number of people with what leads to it, unless nothing else is asked for."""
    found: set[int] = set()
    for unit in range(1, len(reading.tokens)):
        if reading.free(unit) and reading.fold(unit) in reading.grammar.quantities.people and _ends(reading, unit):
            first = _start(reading, unit)
            if first is not None:
                found.update(range(first, unit + 1))
    if any(reading.states[index] is not State.DROPPED and index not in found for index in range(len(reading.tokens))):
        reading.drop(found)


def _ends(reading: Reading, unit: int) -> bool:
    """Whether no word tells which people: those of "12 personnes âgées" are whom a service is for."""
    after = unit + 1
    return (
        not reading.free(after)
        or reading.gap(after) >= Gap.SLASH
        or reading.fold(after) in reading.ties.trailing | reading.ties.listing
    )


def _start(reading: Reading, unit: int) -> int | None:
    """The first token of the number that counts a unit, with what leads to it: "pour environ", "de 20 à"."""
    first, counted = unit, False
    sizes, numbers = reading.grammar.quantities, reading.grammar.numbers
    while reading.free(first - 1) and (reading.tied(first) or _listed(reading, first)):
        before = reading.fold(first - 1)
        if reading.tokens[first - 1].number or (before,) in numbers.numerals or (before,) in numbers.rough:
            counted = True
        elif before not in (sizes.sized_by if counted else sizes.counted_by):
            break
        first -= 1
    return first if counted else None


def _listed(reading: Reading, number: int) -> bool:
    """ "10, 20 ou 30 personnes" """
    return reading.gap(number) <= Gap.COMMA and reading.tokens[number - 1].number and reading.tokens[number].number
