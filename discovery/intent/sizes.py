"""How many, how large, how often, for how much: "pour 80 personnes", "320 m²", "deux fois par mois", "1 500 € HT"."""

from __future__ import annotations

from discovery.intent.amounts import Amount, lead, several, starts_amount
from discovery.intent.communes import WELL_POPULATED
from discovery.intent.dates import frequency_end
from discovery.intent.lexer import Gap
from discovery.intent.model import PieceType
from discovery.intent.names import department_code, names_at, post_code
from discovery.intent.parse_state import ParseState

_HUNDRED, _THOUSAND, _SCORE, _FOUR = 100, 1000, 20, 4


_SIGNS = frozenset("€$£")
_LARGE = 3  # digits: shorter numbers may be departments
_TOWN = 4  # tokens of a town's name: "Saint-Jean-de-Luz"


def claim_sizes(reading: ParseState, guarded: frozenset[int]) -> None:
    """Claim each amount that a unit, a sign or a period tells. `guarded`: tokens of names that keep their number."""
    for index in range(len(reading.tokens)):
        if not reading.free(index) or index in guarded or index in reading.denied or not starts_amount(reading, index):
            continue
        if reading.gap(index) is Gap.GLUE and index > 0 and not reading.tokens[index - 1].elided:
            continue  # "A4", "covid-19"
        if index > 0 and reading.tied(index) and reading.free(index - 1) and reading.tokens[index - 1].number:
            continue  # the end of a number
        found = several(reading, index)
        if found is None or found.last in guarded:
            continue
        _claim(reading, index, found)


def _claim(reading: ParseState, first: int, amount: Amount) -> bool:
    after = amount.last + 1
    return (
        _budget(reading, first, amount)
        or _frequency(reading, first, amount)
        or _surface(reading, first, after)
        or (not amount.article and _people(reading, first, after, amount))
        or (not amount.article and _measure(reading, first, after))
        or (not amount.article and _things(reading, first, after))
    )


def _ignore(reading: ParseState, type_: PieceType, first: int, last: int, end: int | None = None) -> bool:
    reading.ignore(type_, type_, first, last, end)
    return True


def _lead(reading: ParseState, first: int) -> int:
    return lead(reading, first, reading.grammar.quantities.sized_by)


def _frequency(reading: ParseState, first: int, amount: Amount) -> bool:
    end = frequency_end(reading, amount.last)
    return end is not None and _ignore(reading, "frequency", first, end)


def _surface(reading: ParseState, first: int, after: int) -> bool:
    size = reading.phrase_at(after, reading.grammar.quantities.surfaces) if reading.tied(after) else 0
    if not size:
        return False
    start = first
    while led := reading.phrase_before(start, reading.grammar.quantities.surface_leads):
        start -= led
    return _ignore(reading, "surface", start, after + size - 1)


def _people(reading: ParseState, first: int, after: int, amount: Amount) -> bool:
    quantities = reading.grammar.quantities
    unit = after
    if reading.fold(unit) in quantities.counted_by and reading.tied(unit) and amount.rough:
        unit += 1
    if not (reading.free(unit) and reading.tied(unit) and reading.fold(unit) in quantities.people):
        return False
    if not _ends(reading, unit):
        return False
    return _ignore(reading, "quantity", _lead(reading, first), unit)


def _ends(reading: ParseState, unit: int) -> bool:
    """Whether no word tells which people: those of "12 personnes âgées" are whom a service is for."""
    after = unit + 1
    if not reading.free(after) or reading.gap(after) >= Gap.SLASH:
        return True
    if any(named.areas or named.communes[0].population >= WELL_POPULATED for named in names_at(reading, after)):
        return True
    if reading.phrase_at(after, reading.grammar.negation.negations):
        return True  # "60 personnes sauf ESAT"
    word = reading.fold(after)
    return word in reading.ties.trailing or word in reading.ties.listing or word in reading.grammar.dates.months


def _measure(reading: ParseState, first: int, after: int) -> bool:
    """Weights, volumes, lengths: no distance here, which was read before."""
    if not reading.tied(after):
        return False
    size = reading.phrase_at(after, reading.grammar.quantities.measures)
    if not size and reading.free(after) and reading.fold(after) in reading.grammar.distances.between_only:
        size = 1
    if not size or reading.gap(after + size) is Gap.GLUE:
        return False
    return _ignore(reading, "quantity", _lead(reading, first), after + size - 1)


def _things(reading: ParseState, first: int, after: int) -> bool:
    """ "10000 flyers": the number sizes the order, and what is counted stays words where it may name the trade."""
    unit = after
    if reading.fold(unit) in reading.grammar.quantities.counted_by and reading.tied(unit):
        unit += 1
    if not (reading.free(unit) and reading.tied(unit)):
        return False
    if reading.fold(unit) not in reading.grammar.quantities.things and not _ordered(reading, first, after, unit):
        return False
    if _hints(reading, first):
        return False
    if reading.lexicon.knows(reading.tokens[unit].stem):
        return _ignore(reading, "quantity", first, after - 1)
    return _ignore(reading, "quantity", _lead(reading, first), unit)


def _ordered(reading: ParseState, first: int, after: int, unit: int) -> bool:
    """ "1000 sacs": a large number before a plural of the vocabulary counts it, unless it is a year or a post code."""
    digits = "".join(reading.tokens[index].text for index in range(first, after))
    plural = reading.fold(unit).endswith(("s", "x")) and reading.lexicon.knows(reading.tokens[unit].stem)
    large = digits.isdigit() and unit == after and len(digits) >= _LARGE and not digits.startswith("97")
    return plural and large and not digits.startswith(("19", "20")) and post_code(reading, first) is None


def _hints(reading: ParseState, number: int) -> bool:
    """ "Saint-Denis 93 vitres": the number of a department after a town's name tells which town."""
    if department_code(reading, number) is None or not reading.tied(number):
        return False
    starts = range(max(0, number - _TOWN), number)
    return any(named.communes and named.last == number - 1 for start in starts for named in names_at(reading, start))


def _budget(reading: ParseState, first: int, amount: Amount) -> bool:
    budgets = reading.grammar.budgets
    last, end = amount.last, None
    after = last + 1
    before = reading.q[max(0, reading.tokens[first].start - 2) : reading.tokens[first].start].strip()
    if (sign := _sign(reading, last)) is not None:
        end = sign
    elif reading.free(after) and reading.tied(after) and reading.fold(after) in budgets.multiples:
        if (sign := _sign(reading, after)) is None and reading.fold(after + 1) not in budgets.currencies:
            return False
        last, end = (after, sign) if sign is not None else (after + 1, None)
    elif reading.free(after) and reading.tied(after) and reading.fold(after) in budgets.currencies:
        last = after
    elif (before[-1:] not in _SIGNS or not before) and not _said(reading, first):
        return False
    start = first
    while led := reading.phrase_before(start, budgets.before):
        start -= led
    more = last
    while size := reading.phrase_at(more + 1, budgets.after):
        if reading.gap(more + 1) > Gap.BLANK and not (more == last and end is not None):
            break
        more += size
    if more > last:
        last, end = more, None
    return _ignore(reading, "budget", start, last, end)


def _said(reading: ParseState, first: int) -> bool:
    """ "budget 1500": the word is enough."""
    size = reading.phrase_before(first, reading.grammar.budgets.before)
    return bool(size) and reading.fold(first - size) in reading.grammar.budgets.nouns


def _sign(reading: ParseState, last: int) -> int | None:
    """The offset after the currency's sign that follows a token."""
    end = reading.tokens[last].end
    if reading.q[end : end + 1] in ("\u00a0", "\u202f", " "):
        end += 1
    return end + 1 if reading.q[end : end + 1] in _SIGNS and end < len(reading.q) else None
