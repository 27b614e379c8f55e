"""Distances: "à 30 km de", "dans un rayon de 30 km autour de", "30km", "within 30 km of", "20 miles from".

And travel times, as distances: "à une demi-heure d'Amiens", "à 1h30 de Lyon", "30 minutes à vélo de Metz".
"""

from __future__ import annotations

from dataclasses import dataclass

from discovery.intent.amounts import amount_at, starts_amount
from discovery.intent.communes import INTRODUCED, fuller_names
from discovery.intent.lexer import Gap
from discovery.intent.model import RADIUS_APPROXIMATE, Note
from discovery.intent.names import names_at
from discovery.intent.parse_state import Draft, ParseState, State

_MINUTES = 60
_LEADS = 4  # words between a travel time and its centre


@dataclass(frozen=True, slots=True)
class Travel:
    """A travel time as the distance it stands for.

    `last`: the last token of the time, what it is made by included; `after`: where its centre may begin.
    """

    km: float
    last: int


def travel_at(reading: ParseState, first: int) -> Travel | None:
    """The travel time that starts at a token and leads to a place; None where none does."""
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
        named = any(named.communes or named.areas for named in names_at(reading, index))
        if index > start and (named or fuller_names(reading, index, INTRODUCED)):
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


MIN_KM, MAX_KM = 1, 500  # what the parameter `radius` takes
_UNLED = 100  # km: a longer travel is one only where words of distance lead to it
_DIGITS = 6  # beyond, no distance: and no number that overflows


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance as found. `first`, `last`: its tokens; `lead`: the first token that only leads to it;
    `after`: where the words that follow it ("à la ronde") end and its centre may begin;
    `refused`: left as words at the reader's request, though it still leads to its centre; `approximate`: read from
    a travel time."""

    km: float
    first: int
    last: int
    lead: int
    after: int
    refused: bool = False
    approximate: bool = False


def find_distances(reading: ParseState) -> list[Distance]:
    """Every distance in the free tokens, in order. Nothing is claimed: without a centre they are words."""
    found: list[Distance] = []
    for index in range(len(reading.tokens)):
        if found and index <= found[-1].last:
            continue
        if starts_amount(reading, index) and _readable(reading, index):
            distance = _distance_at(reading, index) or _travel(reading, index)
        elif reading.fold(index) in reading.grammar.part_words:
            distance = _travel(reading, index)
        else:
            continue
        if distance is not None:
            found.append(distance)
    return found


def _distance_at(reading: ParseState, first: int) -> Distance | None:
    if first > 0 and reading.gap(first) is Gap.GLUE and not reading.tokens[first - 1].elided:
        return None
    amount = amount_at(reading, first, lambda index: _readable(reading, index))
    if amount is None or amount.value >= 10**_DIGITS:
        return None
    unit = amount.last + 1
    if amount.rough and reading.fold(unit) in reading.grammar.quantities.counted_by and reading.tied(unit):
        unit += 1
    if not (_readable(reading, unit) and reading.tied(unit)) or _goes_on(reading, unit):
        return None
    word = reading.fold(unit)
    lead = distance_lead(reading, first)
    distances = reading.grammar.distances
    km = distances.units.get((word,))
    if km is None:
        return None
    if word in distances.between_only and (
        lead == first or reading.fold(unit + 1) not in distances.leads_to_centre
    ):  # "clôture 500 m" is a length
        return None
    value = amount.value * km if km <= 1 else float(round(amount.value * km))
    after = unit + 1
    after += reading.phrase_at(after, distances.after) if reading.tied(after) else 0
    refused = not reading.free_run(first, unit)
    return Distance(round(value, 1), first, unit, lead, after, refused)


def _travel(reading: ParseState, first: int) -> Distance | None:
    travel = travel_at(reading, first)
    if travel is None:
        return None
    lead = distance_lead(reading, first)
    if lead == first and travel.km > _UNLED:
        return None  # "24 heures du Mans"
    return Distance(travel.km, first, travel.last, lead, travel.last + 1, approximate=True)


def _goes_on(reading: ParseState, unit: int) -> bool:
    """ "km2", "km/h"."""
    if unit + 1 >= len(reading.tokens):
        return False
    per = reading.fold(unit + 1) in reading.grammar.dates.durations
    return reading.gap(unit + 1) is Gap.GLUE or (reading.gap(unit + 1) is Gap.SLASH and per)


def _readable(reading: ParseState, index: int) -> bool:
    """Free, or left as words without being quoted."""
    return reading.free(index) or (
        index < len(reading.tokens) and reading.states[index] is State.WORD and not reading.tokens[index].opaque
    )


def distance_lead(reading: ParseState, first: int) -> int:
    """Go back from token `first` over the words that lead to a distance ("dans un rayon de"); the index of the first
    of them."""
    lead = first
    while reading.free(lead - 1) and reading.fold(lead - 1) in reading.grammar.distances.before and reading.tied(lead):
        lead -= 1
    return lead


def centre_starts(reading: ParseState, distance: Distance) -> list[int]:
    """Tokens at which the name of a distance's centre may begin, nearest first."""
    starts: list[int] = []
    index = distance.after
    while len(starts) < 8 and reading.free(index) and reading.gap(index) < Gap.STOP:
        starts.append(index)
        if reading.fold(index) not in reading.grammar.distances.leads_to_centre:
            break
        index += 1
    return starts


def claim_radius(reading: ParseState, distances: list[Distance]) -> None:
    """Claim the last distance as the radius; note those that it overrides, and bounds that it exceeds."""
    for distance in distances[:-1]:
        text = reading.q[reading.tokens[distance.first].start : reading.tokens[distance.last].end]
        reading.notes.append(Note("radius_repeated", text))
        reading.drop(range(distance.lead, distance.after))
    distance = distances[-1]
    km = min(max(distance.km, MIN_KM), MAX_KM)
    text = reading.q[reading.tokens[distance.first].start : reading.tokens[distance.last].end]
    if km != distance.km:
        reading.notes.append(Note("radius_range", text))
    if distance.approximate:
        reading.notes.append(Note(RADIUS_APPROXIMATE, text))
    reading.claim(Draft("radius", f"{km:g}", f"{km:g} km", distance.first, distance.last))
    reading.drop(range(distance.lead, distance.after))
