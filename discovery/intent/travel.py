"""Travel times as distances: "à une demi-heure d'Amiens", "à 1h30 de Lyon", "30 minutes à vélo de Metz"."""

from __future__ import annotations

from dataclasses import dataclass

from discovery.intent.amounts import amount_at, starts_amount
from discovery.intent.lexer import Gap
from discovery.intent.names import names_at
from discovery.intent.parse_state import ParseState

_MINUTES = 60
_LEADS = 4  # words between a travel time and its centre


@dataclass(frozen=True, slots=True)
class Travel:
    """`last`: the last token of the time, what it is made by included; `after`: where its centre may begin."""

    km: float
    last: int


def travel_at(reading: ParseState, first: int) -> Travel | None:
    """The travel time that starts at a token and leads to a place."""
    told = _duration(reading, first)
    if told is None:
        return None
    minutes, last = told
    speed, last = _speed(reading, last)
    start = last + 1
    if not (reading.free(start) and reading.tied(start) and reading.fold(start) in reading.ties.of | {"from"}):
        return None
    for index in range(start, start + _LEADS):
        if not reading.free(index) or not reading.tied(index):
            return None
        if any(named.communes or named.areas for named in names_at(reading, index)) and index > start:
            return Travel(round(minutes * speed / _MINUTES), last)
        if reading.fold(index) not in reading.grammar.distances.leads_to_centre:
            return None
    return None


def _duration(reading: ParseState, first: int) -> tuple[float, int] | None:
    """Minutes, and the last token that says them: "30 minutes", "une heure et demie", "1h30", "une demi-heure"."""
    if not reading.free(first):
        return None
    durations, parts = reading.grammar.distances.durations, reading.grammar.numbers.parts
    index, count = first, 1.0
    amount = amount_at(reading, first) if starts_amount(reading, first) else None
    if amount is not None:
        index, count = amount.last + 1, amount.value
    part, size = _part(reading, index)
    if part:
        index, count = index + size, count * part
        if reading.fold(index) in reading.ties.of and reading.tied(index):
            index += 1
    elif amount is None:
        return None
    unit = durations.get((reading.fold(index),)) if reading.free(index) and reading.tied(index) else None
    if unit is None:
        return None
    minutes, last = count * unit, index
    after = index + 1
    if reading.free(after) and reading.tokens[after].number and reading.gap(after) is Gap.GLUE:
        return minutes + float(reading.tokens[after].text[:3]), after  # "1h30"
    linked = reading.free(after) and reading.fold(after) in reading.grammar.numbers.linked_by and reading.tied(after)
    if linked and (more := parts.get((reading.fold(after + 1),))) and reading.tied(after + 1):
        return minutes + more * unit, after + 1
    return minutes, last


def _part(reading: ParseState, index: int) -> tuple[float, int]:
    parts = reading.grammar.numbers.parts
    for size in (3, 2, 1):
        words = tuple(reading.fold(i) for i in range(index, index + size))
        if words in parts and reading.free_run(index, index + size - 1):
            return parts[words], size
    return 0.0, 0


def _speed(reading: ParseState, last: int) -> tuple[float, int]:
    """Km in an hour, by what is said after a time; the first of the list where nothing is."""
    distances = reading.grammar.distances
    index = last + 1
    if reading.free(index) and reading.tied(index) and reading.fold(index) in distances.by:
        index += 1
    found = distances.speeds.get((reading.fold(index),)) if reading.free(index) and reading.tied(index) else None
    return (found, index) if found else (next(iter(distances.speeds.values())), last)
