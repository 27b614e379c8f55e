"""Distances: "à 30 km de", "dans un rayon de 30 km autour de", "30km", "within 30 km of", "20 miles from"."""

from __future__ import annotations

from dataclasses import dataclass

from discovery.intent.lexer import Gap
from discovery.intent.model import Note
from discovery.intent.reading import Draft, Reading, State

MIN_KM, MAX_KM = 1, 500  # what the parameter `radius` takes
_DIGITS = 6  # beyond, no distance: and no number that overflows


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance as found. `first`, `last`: its tokens; `lead`: the first token that only leads to it;
    `after`: where the words that follow it ("à la ronde") end and its centre may begin;
    `refused`: left as words at the reader's request, though it still leads to its centre."""

    km: float
    first: int
    last: int
    lead: int
    after: int
    refused: bool = False


def find_distances(reading: Reading) -> list[Distance]:
    """Every distance in the free tokens, in order. Nothing is claimed: without a centre they are words."""
    found: list[Distance] = []
    for index, token in enumerate(reading.tokens):
        if not (token.number and _readable(reading, index)) or (found and index <= found[-1].last):
            continue
        distance = _distance_at(reading, index)
        if distance is not None:
            found.append(distance)
    return found


def _distance_at(reading: Reading, first: int) -> Distance | None:
    digits = reading.tokens[first]
    if len(digits.text) > _DIGITS or (first > 0 and reading.gap(first) is Gap.GLUE):
        return None
    value, last = float(digits.text), first
    decimals = first + 1
    if _readable(reading, decimals) and reading.tokens[decimals].number:
        between = reading.q[digits.end : reading.tokens[decimals].start]
        if between in (",", "."):  # "2,5 km"
            value, last = float(f"{digits.text}.{reading.tokens[decimals].text[:3]}"), decimals
        elif between in (" ", "\u00a0", "\u202f") and len(reading.tokens[decimals].text) == 3:  # "1 000 km"
            value, last = float(digits.text + reading.tokens[decimals].text), decimals
    unit = last + 1
    if not (_readable(reading, unit) and reading.tied(unit)):
        return None
    if unit + 1 < len(reading.tokens) and (
        reading.gap(unit + 1) is Gap.GLUE
        or (reading.gap(unit + 1) is Gap.SLASH and reading.fold(unit + 1) in ("h", "heure", "an", "jour"))
    ):  # "km2", "km/h"
        return None
    word = reading.fold(unit)
    lead = _lead(reading, first)
    distances = reading.grammar.distances
    km = distances.units.get((word,))
    if km is None:
        return None
    if word in distances.between_only and (
        lead == first or reading.fold(unit + 1) not in distances.leads_to_centre
    ):  # "clôture 500 m" is a length
        return None
    value = value * km if km <= 1 else float(round(value * km))
    after = unit + 1
    after += reading.phrase_at(after, reading.grammar.distances.after) if reading.tied(after) else 0
    refused = not reading.free_run(first, unit)
    return Distance(round(value, 1), first, unit, lead, after, refused)


def _readable(reading: Reading, index: int) -> bool:
    """Free, or left as words without being quoted."""
    return reading.free(index) or (
        index < len(reading.tokens) and reading.states[index] is State.WORD and not reading.tokens[index].opaque
    )


def _lead(reading: Reading, first: int) -> int:
    """The first of the words that lead to a distance: none of them says anything once it is read."""
    lead = first
    while reading.free(lead - 1) and reading.fold(lead - 1) in reading.grammar.distances.before and reading.tied(lead):
        lead -= 1
    return lead


def centre_starts(reading: Reading, distance: Distance) -> list[int]:
    """Tokens at which the name of a distance's centre may begin, nearest first."""
    starts: list[int] = []
    index = distance.after
    while len(starts) < 8 and reading.free(index) and reading.gap(index) < Gap.STOP:
        starts.append(index)
        if reading.fold(index) not in reading.grammar.distances.leads_to_centre:
            break
        index += 1
    return starts


def claim_radius(reading: Reading, distances: list[Distance]) -> None:
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
    reading.claim(Draft("radius", f"{km:g}", f"{km:g} km", distance.first, distance.last))
    reading.drop(range(distance.lead, distance.after))
