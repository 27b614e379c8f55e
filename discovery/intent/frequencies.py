"""How often: "deux fois par mois", "chaque lundi", "hebdomadaire", "7j/7"."""

from __future__ import annotations

from discovery.config.grammar_form import Phrases
from discovery.intent.lexer import Gap
from discovery.intent.parse_state import ParseState, State


def claim_frequencies(reading: ParseState, guarded: frozenset[int]) -> None:
    """Claim those that no number opens."""
    frequencies = reading.grammar.frequencies
    index = 0
    while index < len(reading.tokens):
        last = None
        if index not in guarded and index not in reading.denied:
            if size := reading.phrase_at(index, frequencies.phrases):
                last = _period(reading, index + size, frequencies.per)
                last = index + size - 1 if last is None else last
            elif _each(reading, index):
                last = index
            else:
                last = _period(reading, index, frequencies.every)
        if last is None:
            index += 1
            continue
        reading.ignore("frequency", "frequency", index, last)
        index = last + 1


def _each(reading: ParseState, index: int) -> bool:
    """The "jour" of "(300 couverts)/jour"."""
    counted = index > 0 and reading.states[index - 1] is State.PIECE and reading.gap(index) is Gap.SLASH
    return counted and reading.free(index) and reading.fold(index) in reading.grammar.frequencies.periods


def frequency_end(reading: ParseState, number: int) -> int | None:
    """The last token of a frequency whose number ends at a token: "2 fois", "5 jours sur 7", "24h/24"."""
    frequencies, durations = reading.grammar.frequencies, reading.grammar.dates.durations
    unit = number + 1
    if not reading.free(unit) or not reading.tied(unit):
        return None
    word = reading.fold(unit)
    if word in frequencies.times:
        period = _period(reading, unit + 1, frequencies.per) if reading.tied(unit + 1) else None
        return period if period is not None else (unit if word != "x" else None)
    if word in durations:
        if reading.tied(unit + 1) and (period := _period(reading, unit + 1, frequencies.per)) is not None:
            return period  # "2 heures par semaine"
        after = unit + 1
        if reading.fold(after) in frequencies.out_of and reading.tied(after):
            after += 1
        elif reading.gap(after) is not Gap.SLASH:
            return None
        if after < len(reading.tokens) and reading.free(after) and reading.tokens[after].number:
            return after + (
                reading.free(after + 1) and reading.fold(after + 1) in durations and reading.tied(after + 1)
            )
    return None


def _period(reading: ParseState, index: int, leads: Phrases) -> int | None:
    """The last token of "par mois", "chaque lundi", "tous les deux jours" when it starts at a token."""
    frequencies = reading.grammar.frequencies
    size = reading.phrase_at(index, leads)
    if not size:
        return None
    unit = index + size
    if reading.free(unit) and (
        reading.tokens[unit].number or (reading.fold(unit),) in reading.grammar.numbers.numerals
    ):
        unit += 1
    told = reading.free(unit) and reading.tied(unit) and reading.fold(unit) in frequencies.periods
    return unit if told else None
