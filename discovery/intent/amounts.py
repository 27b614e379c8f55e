"""Numbers as they are written and said: "1 500", "2,5", "trente", "quatre-vingt-dix", "une centaine"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from discovery.intent.parse_state import ParseState

_DIGITS = 9  # beyond, no amount: and no number that overflows
_SPACES = (" ", "\u00a0", "\u202f")
_HUNDRED, _THOUSAND, _SCORE, _FOUR = 100, 1000, 20, 4


@dataclass(frozen=True, slots=True)
class Amount:
    """A number found in a phrase.

    `last`: its last token. `rough`: "une trentaine". `article`: "un", "a", which may count nothing.
    """

    value: float
    last: int
    rough: bool = False
    article: bool = False


def amount_at(reading: ParseState, first: int, readable: Callable[[int], bool] | None = None) -> Amount | None:
    """The number that starts at token `first`, in digits or letters; None where none does. `readable`: which tokens
    may be part of it, by default the free ones."""
    if not 0 <= first < len(reading.tokens):
        return None
    readable = readable or reading.free
    if not readable(first):
        return None
    return _digits(reading, first, readable) if reading.tokens[first].number else _letters(reading, first, readable)


def _digits(reading: ParseState, first: int, readable: Callable[[int], bool]) -> Amount | None:
    tokens = reading.tokens
    digits, last = tokens[first].text, first
    while last + 1 < len(tokens) and readable(last + 1) and tokens[last + 1].number:
        between = reading.q[tokens[last].end : tokens[last + 1].start]
        if between not in _SPACES or len(tokens[last + 1].text) != 3 or len(tokens[first].text) > 3:
            break
        digits, last = digits + tokens[last + 1].text, last + 1  # "1 500"
    if len(digits) > _DIGITS:
        return None
    after = last + 1
    decimals = after < len(tokens) and readable(after) and tokens[after].number
    if decimals and reading.between(after) in (",", "."):  # "2,5"
        return Amount(float(f"{digits}.{tokens[after].text[:3]}"), after)
    return Amount(float(digits), last)


def _letters(reading: ParseState, first: int, readable: Callable[[int], bool]) -> Amount | None:
    numbers = reading.grammar.numbers
    total = current = 0.0
    rough = False
    last, index = -1, first
    while readable(index) and (index == first or reading.tied(index)) and not rough:
        word = (reading.fold(index),)
        if (times := numbers.rough.get(word)) is not None:
            current, rough = (current or 1) * times, True
        elif (value := numbers.numerals.get(word)) is None:
            if word[0] in numbers.linked_by and last >= 0 and current >= _SCORE and _numeral(reading, index + 1):
                index += 1  # "vingt et un"
                continue
            break
        elif value == _HUNDRED:
            current = (current or 1) * value
        elif value == _THOUSAND:
            total, current = total + (current or 1) * value, 0.0
        elif value == _SCORE and current % _HUNDRED == _FOUR:
            current += _SCORE * _FOUR - _FOUR  # "quatre-vingt"
        else:
            current += value
        last = index
        index += 1
    if last < 0 or (last == first and total + current == 0):
        return None
    article = first == last and not rough and current == 1
    return Amount(total + current, last, rough, article)


def _numeral(reading: ParseState, index: int) -> bool:
    return reading.free(index) and (reading.fold(index),) in reading.grammar.numbers.numerals


def starts_amount(reading: ParseState, index: int) -> bool:
    """Whether a token may open a number: a quick look before `amount_at`."""
    return reading.tokens[index].number or reading.fold(index) in reading.grammar.number_words
