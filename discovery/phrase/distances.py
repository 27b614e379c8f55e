"""Distances: "à 30 km de", "dans un rayon de 30 km autour de", "30km", "within 30 km of", "20 miles
from".

The numbers in them, in digits and letters; and travel times: "à une demi-heure d'Amiens", "30
minutes à vélo de Metz".
"""

from collections.abc import Callable
from typing import Literal

from discovery.model import dataclass
from discovery.phrase.communes import INTRODUCED, fuller_names
from discovery.phrase.lexer import Gap
from discovery.phrase.model import BOUNDS, Note
from discovery.phrase.parse_state import Draft, ParseState, State
from discovery.phrase.place_names import names_at
from discovery.phrase.spelling.words import known_word

_AMOUNT_DIGITS = 9  # beyond, no amount: and no number that overflows
_SPACES = (" ", "\u00a0", "\u202f")
_HUNDRED, _THOUSAND, _SCORE, _FOUR = 100, 1000, 20, 4


@dataclass(frozen=True, slots=True)
class Amount:
    """A number found in a phrase. `last`: its last token. `rough`: "une trentaine"."""

    value: float
    last: int
    rough: bool = False


def amount_at(
    state: ParseState, first: int, readable: Callable[[int], bool] | None = None
) -> Amount | None:
    """The number that starts at token `first`, in digits or letters; None where none does.
    `readable`: which tokens may be part of it, as `first` may; by default the free ones.
    """
    readable = readable or state.unclaimed.__getitem__
    return (
        _digits(state, first, readable)
        if state.tokens[first].number
        else _letters(state, first, readable)
    )


def _digits(state: ParseState, first: int, readable: Callable[[int], bool]) -> Amount | None:
    tokens = state.tokens
    digits, last = tokens[first].text, first
    while last + 1 < len(tokens) and readable(last + 1) and tokens[last + 1].number:
        between = state.q[tokens[last].end : tokens[last + 1].start]
        if between not in _SPACES or len(tokens[last + 1].text) != 3 or len(tokens[first].text) > 3:
            break
        digits, last = digits + tokens[last + 1].text, last + 1  # "1 500"
    if len(digits) > _AMOUNT_DIGITS:
        return None
    after = last + 1
    decimals = after < len(tokens) and readable(after) and tokens[after].number
    if decimals and state.between(after) in (",", "."):  # "2,5"
        return Amount(float(f"{digits}.{tokens[after].text[:3]}"), after)
    return Amount(float(digits), last)


def _letters(state: ParseState, first: int, readable: Callable[[int], bool]) -> Amount | None:
    numbers = state.grammar.numbers
    total = current = 0.0
    rough = False
    last, index = -1, first
    while readable(index) and (index == first or state.adjacent[index]) and not rough:
        word = (state.folds[index],)
        if (times := numbers.rough.get(word)) is not None:
            current, rough = (current or 1) * times, True
        elif (value := numbers.numerals.get(word)) is None:
            after = index + 1
            more = state.unclaimed[after] and (state.folds[after],) in numbers.numerals
            if word[0] not in numbers.linked_by or last < 0 or current < _SCORE or not more:
                break
            index = after  # "vingt et un"
            continue
        else:
            total, current = counted(total, current, value)
        last = index
        index += 1
    return (
        None
        if last < 0 or (last == first and total + current == 0)
        else Amount(total + current, last, rough)
    )


def counted(total: float, current: float, value: float) -> tuple[float, float]:
    """A number in letters, its thousands and the rest, with one word more."""
    if value >= _THOUSAND:
        return total + (current or 1) * value, 0.0
    if value == _SCORE and current % _HUNDRED == _FOUR:
        return total, current + _SCORE * _FOUR - _FOUR  # "quatre-vingt"
    return total, (current or 1) * value if value == _HUNDRED else current + value


def starts_amount(state: ParseState, index: int) -> bool:
    """Whether a token may open a number: a quick look before `amount_at`."""
    return state.tokens[index].number or state.folds[index] in state.grammar.number_words


_LEADS = 8  # words between a distance and its centre


def _centre_follows(state: ParseState, start: int) -> bool:
    """Whether "d'", "de la gare de" lead from a token to a place."""
    if state.folds[start] not in state.connectives.of | {"from"}:
        return False
    for index in range(start, start + _LEADS):
        if not state.unclaimed[index] or not state.adjacent[index]:
            return False
        if index > start and (names_at(state, index) or fuller_names(state, index, INTRODUCED)):
            return True
        if state.folds[index] not in state.grammar.distances.leads_to_centre:
            return False
    return False


def _duration(state: ParseState, first: int) -> tuple[float, int] | None:
    """Minutes, and the last token that says them: "30 minutes", "une heure et demie", "1h30", "une
    demi-heure".
    """
    if not state.unclaimed[first]:
        return None
    durations, parts = state.grammar.distances.durations, state.grammar.numbers.parts
    index, count = first, 1.0
    amount = amount_at(state, first) if starts_amount(state, first) else None
    if amount is not None:
        index, count = amount.last + 1, amount.value
    part, size = _part(state, index)
    if part:
        index, count = index + size, count * part
        if state.folds[index] in state.connectives.of and state.adjacent[index]:
            index += 1
    elif amount is None:
        return None
    unit = (
        durations.get((state.folds[index],))
        if state.unclaimed[index] and state.adjacent[index]
        else None
    )
    if unit is None:
        return None
    minutes, last = count * unit, index
    after = index + 1
    if state.unclaimed[after] and state.tokens[after].number and state.gaps[after] is Gap.GLUE:
        return minutes + float(state.tokens[after].text[:3]), after  # "1h30"
    linked = (
        state.unclaimed[after]
        and state.folds[after] in state.grammar.numbers.linked_by
        and state.adjacent[after]
    )
    if linked and (more := parts.get((state.folds[after + 1],))) and state.adjacent[after + 1]:
        return minutes + more * unit, after + 1
    return minutes, last


def _part(state: ParseState, index: int) -> tuple[float, int]:
    parts = state.grammar.numbers.parts
    for size in (3, 2, 1):
        words = tuple(state.folds[i] for i in range(index, index + size))
        if words in parts and state.unclaimed_run(index, index + size - 1):
            return parts[words], size
    return 0.0, 0


def _speed(state: ParseState, last: int) -> tuple[float, int]:
    """Km in an hour, by what is said after a time; 0 of a car, and where nothing is said."""
    distances = state.grammar.distances
    index = last + 1
    if state.unclaimed[index] and state.adjacent[index] and state.folds[index] in distances.by:
        index += 1
    word = state.folds[index] if state.unclaimed[index] and state.adjacent[index] else ""
    speed = distances.speeds.get((word,), 0.0)
    return speed, index if speed or word in distances.driven else last


_UNLED = 120  # minutes: a longer travel is one only where words of distance lead to it
_DIGITS = 6  # beyond, no distance: and no number that overflows

_UNITS = {"radius": "km", "minutes": "min"}


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance as found. `first`, `last`: its tokens; `lead`: the first token that only leads to
    it; `after`: where the words that follow it ("à la ronde") end and its centre may begin;
    `refused`: left as words at the reader's request, though it still leads to its centre; `kind`:
    of its `value`, km or minutes by car; `note`: that of a travel time.
    """

    value: float
    first: int
    last: int
    lead: int
    after: int
    refused: bool = False
    kind: Literal["radius", "minutes"] = "radius"
    note: str = ""


def find_distances(state: ParseState) -> list[Distance]:
    """Every distance in the free tokens, in order. Nothing is claimed: without a centre they are
    words.
    """
    found: list[Distance] = []
    for index in range(len(state.tokens)):
        if found and index <= found[-1].last:
            continue
        if starts_amount(state, index) and _readable(state, index):
            distance = _distance_at(state, index) or _travel(state, index)
        elif state.folds[index] in state.grammar.part_words:
            distance = _travel(state, index)
        else:
            continue
        if distance is not None and not _claim_length(state, distance):
            found.append(distance)
    return found


def _claim_length(state: ParseState, distance: Distance) -> bool:
    """Claim a length of the work as a quantity: "(4 km) de sentiers", "(sur 12 km) Gap". Returns
    whether it was one: no word of distance leads to it, and "de" leads to a thing, or "sur" to it
    and nothing to the place behind it.
    """
    led = {state.folds[index] for index in range(distance.lead, distance.first)}
    distances = state.grammar.distances
    if distance.refused or distance.note or not led <= distances.of_work:
        return False
    starts = centre_starts(state, distance)
    thing = starts[-1] if starts else 0
    of = distance.after
    tied = state.adjacent[of] and state.folds[of] in state.connectives.of
    bare = of == distance.last + 1 and not tied
    if not (bare and led & distances.along and any(names_at(state, start) for start in starts)):
        if thing <= of or not tied or state.capitalised(thing):
            return False
        if not (state.known_word(thing) or known_word(state.folds[thing])):
            return False
    state.ignore("quantity", "quantity", distance.lead, distance.last)
    return True


def _distance_at(state: ParseState, first: int) -> Distance | None:
    if first > 0 and state.gaps[first] is Gap.GLUE and not state.tokens[first - 1].elided:
        return None
    amount = amount_at(state, first, lambda index: _readable(state, index))
    if amount is None or amount.value >= 10**_DIGITS:
        return None
    unit = amount.last + 1
    if (
        amount.rough
        and state.folds[unit] in state.grammar.quantities.counted_by
        and state.adjacent[unit]
    ):
        unit += 1
    if not (_readable(state, unit) and state.adjacent[unit]):
        return None
    word = state.folds[unit]
    lead = distance_lead(state, first)
    distances = state.grammar.distances
    km = distances.units.get((word,))
    if km is None:
        return None
    if word in distances.between_only and (
        lead == first or state.folds[unit + 1] not in distances.leads_to_centre
    ):  # "clôture 500 m" is a length
        return None
    value = amount.value * km if km <= 1 else float(round(amount.value * km))
    after = unit + 1
    after += state.phrase_at(after, distances.after) if state.adjacent[after] else 0
    refused = not state.unclaimed_run(first, unit)
    return Distance(round(value, 1), first, unit, lead, after, refused)


def _travel(state: ParseState, first: int) -> Distance | None:
    """The travel time that starts at a token and leads to a place, as the distance it stands for."""
    told = _duration(state, first)
    if told is None:
        return None
    minutes, last = told
    speed, last = _speed(state, last)
    lead = distance_lead(state, first)
    if not _centre_follows(state, last + 1) or (
        lead == first and minutes > _UNLED
    ):  # "24 heures du Mans"
        return None
    if not speed:
        return Distance(
            minutes, first, last, lead, last + 1, kind="minutes", note="minutes_estimated"
        )
    return Distance(
        float(round(minutes * speed / 60)), first, last, lead, last + 1, note="radius_approximate"
    )


def _readable(state: ParseState, index: int) -> bool:
    """Free, or left as words without being quoted."""
    return state.unclaimed[index] or (
        index < len(state.tokens)
        and state.states[index] is State.WORD
        and not state.tokens[index].opaque
    )


def distance_lead(state: ParseState, first: int) -> int:
    """Go back from token `first` over the words that lead to a distance ("dans un rayon de"); the
    index of the first of them.
    """
    lead = first
    while (
        state.unclaimed[lead - 1]
        and state.folds[lead - 1] in state.grammar.distances.before
        and state.adjacent[lead]
    ):
        lead -= 1
    return lead


def centre_starts(state: ParseState, distance: Distance) -> list[int]:
    """Tokens at which the name of a distance's centre may begin, nearest first."""
    starts: list[int] = []
    index = distance.after
    while len(starts) < _LEADS and state.unclaimed[index] and state.gaps[index] < Gap.STOP:
        starts.append(index)
        if state.folds[index] not in state.grammar.distances.leads_to_centre:
            break
        index += 1
    return starts


def claim_radius(state: ParseState, distances: list[Distance]) -> None:
    """Claim the last distance as the radius; note those that it overrides, and bounds that it
    exceeds.
    """
    for distance in distances[:-1]:
        state.notes.append(Note("radius_repeated", state.typed(distance.first, distance.last)))
        state.discard(range(distance.lead, distance.after))
    distance = distances[-1]
    (low, high), unit = BOUNDS[distance.kind], _UNITS[distance.kind]
    value = min(max(distance.value, low), high)
    text = state.typed(distance.first, distance.last)
    if value != distance.value:
        state.notes.append(Note(f"{distance.kind}_range", text))
    if distance.note:
        state.notes.append(Note(distance.note, text))
    state.claim(
        Draft(distance.kind, f"{value:g}", f"{value:g} {unit}", distance.first, distance.last)
    )
    state.discard(range(distance.lead, distance.after))
