"""When: "le 12 juin", "à partir de septembre 2026", "12/06/2026", "sous 15 jours", "à 18 h", "urgent".

And how often: "deux fois par mois", "chaque lundi", "hebdomadaire", "7j/7".
"""

from __future__ import annotations

from discovery.config.phrases import Phrases
from discovery.intent.amounts import amount_at, starts_amount
from discovery.intent.lexer import Gap
from discovery.intent.parse_state import ParseState, State

_DAY, _MONTH, _HOUR, _MINUTE = 31, 12, 24, 59
_YEARS = range(1990, 2100)


def claim_dates(reading: ParseState, guarded: frozenset[int]) -> None:
    """Claim dates, hours and delays, with what leads to them. `guarded`: tokens of names that keep their number."""
    index = 0
    while index < len(reading.tokens):
        last = None
        if reading.free(index) and index not in guarded and index not in reading.denied and not _glued(reading, index):
            last = _phrase(reading, index) or _date(reading, index) or _delay(reading, index)
        if last is None:
            index += 1
            continue
        reading.ignore("date", "date", _lead(reading, index), last)
        index = last + 1


def _glued(reading: ParseState, index: int) -> bool:
    """ "Fontaine-de-Mars": a part of a name, unlike "mi-mars"."""
    before = index - 1
    return before >= 0 and reading.between(index) == "-" and (reading.fold(before),) not in reading.grammar.dates.before


def _phrase(reading: ParseState, index: int) -> int | None:
    size = reading.phrase_at(index, reading.grammar.dates.phrases)
    return index + size - 1 if size else None


def _lead(reading: ParseState, first: int) -> int:
    before = reading.grammar.date_leads
    while size := reading.phrase_before(first, before):
        if any(index in reading.denied for index in range(first - size, first)):
            break
        first -= size
    return first


def _delay(reading: ParseState, first: int) -> int | None:
    """ "(sous) 15 jours", "(pendant) trois mois": a length of time, where words lead to one."""
    if not starts_amount(reading, first) or not reading.phrase_before(first, reading.grammar.dates.delays):
        return None
    found = amount_at(reading, first)
    unit = found.last + 1 if found else first
    told = found and reading.free(unit) and reading.tied(unit) and reading.fold(unit) in reading.grammar.dates.durations
    return unit if told else None


def _date(reading: ParseState, first: int) -> int | None:
    """The last token of a date, or of a range of dates, that starts at a token."""
    led = bool(reading.phrase_before(first, reading.grammar.dates.before))
    last = _one(reading, first, led=led) or _unfinished(reading, first)
    while last is not None:
        after = last + 1
        link = reading.phrase_at(after, reading.grammar.dates.links)
        dash = not link and after < len(reading.tokens) and reading.between(after).strip() in ("-", "–", "/")
        if (link and reading.tied(after)) or dash:
            following = _one(reading, after + link, led=True)
            if following is not None:
                last = following
                continue
        if reading.free(after) and reading.tied(after) and reading.fold(after) in reading.grammar.dates.after:
            last = after
            continue
        break
    return last


def _one(reading: ParseState, first: int, *, led: bool) -> int | None:
    if not reading.free(first):
        return None
    return (
        _day(reading, first, led=led)
        or _numeric(reading, first, led=led)
        or _hour(reading, first, led=led)
        or _year(reading, first, led=led)
    )


def _number(reading: ParseState, index: int, most: int) -> bool:
    if not reading.free(index):
        return False
    token = reading.tokens[index]
    return token.number and len(token.text) <= len(str(most)) and int(token.text) <= most


def _day(reading: ParseState, first: int, *, led: bool) -> int | None:
    """ "jeudi", "jeudi 12 juin 2026", "12 juin", "June 12", "juin 2026", "(en) juin"."""
    dates = reading.grammar.dates
    index, last = first, None
    if reading.fold(index) in dates.days:
        index, last = index + 1, index
        if not reading.tied(index) or not _number(reading, index, _DAY):
            return last
    number = index
    if _number(reading, index, _DAY):
        index += 1
        if reading.free(index) and reading.gap(index) <= Gap.BLANK and reading.fold(index) in dates.ordinals:
            index += 1
        if reading.free(index) and reading.fold(index) == "of":
            index += 1
    counted = index > number
    if not (reading.free(index) and (index == first or reading.tied(index)) and reading.fold(index) in dates.months):
        return number if last is not None and counted else last
    month, told = index, counted or led
    index += 1
    if reading.tied(index) and _number(reading, index, _DAY) and not counted:
        day = index + 1
        if reading.free(day) and reading.gap(day) is Gap.GLUE and reading.fold(day) in dates.ordinals:
            index += 1
        index, told = index + 1, True
    if reading.gap(index) <= Gap.COMMA and _is_year(reading, index):
        index, told = index + 1, True
    return max(index - 1, month) if told else None


def _unfinished(reading: ParseState, first: int) -> int | None:
    """The "3" of "3 au 5 mai"."""
    link = reading.phrase_at(first + 1, reading.grammar.dates.links)
    if not (_number(reading, first, _DAY) and link and reading.tied(first + 1)):
        return None
    following = first + 1 + link
    if _number(reading, following, _DAY) and _day(reading, following, led=False) is not None:
        return first
    return None


def _numeric(reading: ParseState, first: int, *, led: bool) -> int | None:
    """ "12/06/2026", "12-06-2026", "12.06.26", "(le) 20/11"."""
    if not (_number(reading, first, _DAY) and _number(reading, first + 1, _MONTH)):
        return None
    mark = reading.between(first + 1)
    third = first + 2
    if led and mark == "/" and reading.gap(third) not in (Gap.GLUE, Gap.SLASH):
        return first + 1
    if mark not in ("/", "-", ".") or third >= len(reading.tokens) or reading.between(third) != mark:
        return None
    year = reading.tokens[third]
    return (
        third if reading.free(third) and year.number and len(year.text) in ((4,) if mark == "-" else (2, 4)) else None
    )


def _hour(reading: ParseState, first: int, *, led: bool) -> int | None:
    """ "18 h", "12h30", "9:30"."""
    if not _number(reading, first, _HOUR):
        return None
    unit = first + 1
    if not (reading.free(unit) and reading.tied(unit) and reading.fold(unit) in reading.grammar.dates.hours):
        return None
    minutes = unit + 1
    if reading.gap(minutes) is Gap.GLUE and _number(reading, minutes, _MINUTE):
        return minutes
    told = led or reading.gap(unit) is Gap.GLUE
    return unit if told and reading.gap(minutes) is not Gap.GLUE else None


def _is_year(reading: ParseState, index: int) -> bool:
    if not reading.free(index):
        return False
    text = reading.tokens[index].text
    return text.isascii() and text.isdigit() and len(text) == 4 and int(text) in _YEARS


def _year(reading: ParseState, first: int, *, led: bool) -> int | None:
    """ "(année) 2026", "2026-2029"."""
    after = first + 1
    if not _is_year(reading, first) or reading.is_quantity(first):
        return None
    if _is_year(reading, after) and reading.between(after).strip() in ("-", "–", "/"):
        return after
    glued = reading.gap(after) is Gap.GLUE or (first > 0 and reading.gap(first) is Gap.GLUE)
    return first if led and not glued else None


def claim_frequencies(reading: ParseState, guarded: frozenset[int]) -> None:
    """Claim frequencies that no number opens: "chaque semaine". Those with a number are claimed with sizes."""
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
    """The last token of a frequency whose number ends at token `number`: "2 fois", "5 jours sur 7", "24h/24". None
    where it is none."""
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
