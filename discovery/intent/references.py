"""Numbers that name a lot, a contract, a file: "lot n° 4", "MAPA 2024-12", "19v1411".

And those that identify or that call: SIRET, SIREN, telephone numbers. Found first, so that no rule reads them.
"""

from __future__ import annotations

import re

from discovery.intent.lexer import Gap
from discovery.intent.parse_state import Draft, ParseState, State

_LETTERS, _DIGITS = 4, 4
"""Of a bare code: letters at most between its digits, digits at least."""
_SHORT = 3  # characters of a number that a document's name makes a reference


def claim_references(reading: ParseState, guarded: frozenset[int]) -> None:
    """Claim numbers that name a lot or a contract. `guarded`: tokens of names that keep their number."""
    index = 0
    while index < len(reading.tokens):
        free = reading.free(index) and index not in guarded and index not in reading.denied
        last = (_lot(reading, index) or _document(reading, index) or _code(reading, index)) if free else None
        if last is None:
            index += 1
            continue
        reading.ignore("reference", "reference", index, last)
        index = last + 1


def _signed(reading: ParseState, index: int) -> int:
    """The token after "n°", "numéro", or `index` itself."""
    if not (reading.free(index) and reading.fold(index) in reading.grammar.references.signs):
        return index
    marked = index + 1 < len(reading.tokens) and reading.between(index + 1).strip(" \u00a0\u202f.") in ("", "°", "º")
    return index + 1 if marked else index


def _follows(reading: ParseState, index: int) -> bool:
    """Whether a token goes on after "n°", "réf." or a blank."""
    if index >= len(reading.tokens) or not reading.free(index):
        return False
    return reading.between(index).strip(" \u00a0\u202f") in ("", "°", "º", ".", ":", ".:")


def _whole(reading: ParseState, index: int) -> int:
    """The last token of a number written with marks and letters: "2024-12", "2025/14", "123-AB"."""
    while (
        reading.free(index + 1)
        and reading.gap(index + 1) in (Gap.GLUE, Gap.SLASH)
        and not any(c.isspace() for c in reading.between(index + 1))
    ):
        index += 1
    return index


def _lot(reading: ParseState, index: int) -> int | None:
    if reading.fold(index) not in reading.grammar.references.lots:
        return None
    first = _signed(reading, index + 1)
    signed = first > index + 1
    if not _follows(reading, first) or not _is_lot(reading, first):
        return None
    digits = reading.tokens[first].text
    if not signed and digits in ("46", "47") and first + 1 == len(reading.tokens):
        return None  # the department of that name, numbered
    last = _whole(reading, first)
    while True:
        after = last + 1
        linked = reading.free(after) and reading.tied(after) and reading.fold(after) in reading.grammar.quantities.to
        if linked and reading.tied(after + 1) and reading.free(after + 1) and _is_lot(reading, after + 1):
            last = _whole(reading, after + 1)
        elif reading.gap(after) is Gap.COMMA and reading.free(after) and reading.tokens[after].number and (
            reading.gap(after + 1) > Gap.BLANK or reading.fold(after + 1) in reading.grammar.quantities.to
        ):  # fmt: skip
            last = after
        else:
            return last


def _is_lot(reading: ParseState, index: int) -> bool:
    token = reading.tokens[index]
    if token.number:
        return len(token.text) <= _SHORT and not reading.is_quantity(index)
    alone = reading.gap(index + 1) is not Gap.GLUE
    return len(token.text) == 1 and token.upper and alone and not token.elided


def _document(reading: ParseState, index: int) -> int | None:
    """ "MAPA 2024-12", "accord-cadre n° 2023-018", "n° 2024-015"."""
    after = index + reading.phrase_at(index, reading.grammar.references.documents)
    first = _signed(reading, after)
    if first == index or not _follows(reading, first) or not reading.tokens[first].number:
        return None
    if first == after and not reading.fold(index):
        return None
    last = _whole(reading, first)
    written = reading.q[reading.tokens[first].start : reading.tokens[last].end]
    told = first > after or len(written) >= _SHORT
    return last if told and not reading.is_quantity(last) and (first > after or len(written) != 5) else None


def _code(reading: ParseState, index: int) -> int | None:
    """ "19v1411": digits, letters, digits in one run."""
    tokens = reading.tokens
    if not tokens[index].number or (index > 0 and reading.gap(index) is Gap.GLUE):
        return None
    if index + 2 >= len(tokens) or not (reading.free(index + 1) and reading.free(index + 2)):
        return None
    letters, digits = tokens[index + 1], tokens[index + 2]
    if letters.start != tokens[index].end or digits.start != letters.end or not digits.number:
        return None
    measured = reading.phrase_at(index + 1, reading.grammar.quantities.surfaces) or reading.phrase_at(
        index + 1, reading.grammar.quantities.measures
    )
    if measured or len(letters.text) > _LETTERS or letters.fold in reading.grammar.dates.hours:
        return None
    return index + 2 if len(tokens[index].text) + len(digits.text) >= _DIGITS else None


_SIREN, _SIRET = 9, 14  # digits (INSEE: a SIRET is the SIREN and a NIC of five)
_GROUPS = re.compile(r"3 3 3|9|3 3 3 5|9 5|3 3 3 2 3|3 3 3 3 2|14|3 11|3 6 5|12 2|6 3 5")
"""How people group those digits, by lengths; any other grouping is a list of numbers, of post codes say."""

_PHONE = re.compile(r"0[1-9](?:\d{8})|(?:33|0033)[1-9]\d{8}")


def claim_numbers(reading: ParseState) -> None:
    """Claim SIREN and SIRET (value: their digits); turn telephone numbers into plain words."""
    index = 0
    while index < len(reading.tokens):
        if not (reading.free(index) and reading.tokens[index].number):
            index += 1
            continue
        last = _run(reading, index)
        claimed = _identifier(reading, index, last) or _telephone(reading, index, last)
        index = last + 1 if claimed else index + 1


def _run(reading: ParseState, first: int) -> int:
    """The last token of a run of numbers parted by blanks, dots or hyphens only."""
    last = first
    while reading.free(last + 1) and reading.tokens[last + 1].number and reading.tied(last + 1):
        last += 1
    return last


def _fastened(reading: ParseState, first: int, last: int) -> bool:
    glued_before = first > 0 and reading.gap(first) is Gap.GLUE
    return glued_before or (last + 1 < len(reading.tokens) and reading.gap(last + 1) is Gap.GLUE)


def _identifier(reading: ParseState, first: int, last: int) -> bool:
    parts = [reading.tokens[index].text for index in range(first, last + 1)]
    digits = "".join(parts)
    if len(digits) not in (_SIREN, _SIRET) or _fastened(reading, first, last):
        return False
    if not _GROUPS.fullmatch(" ".join(str(len(part)) for part in parts)):
        return False
    label = " ".join(filter(None, (digits[:3], digits[3:6], digits[6:9], digits[9:])))
    before = first - 1
    if reading.fold(before) in ("n", "no", "numero"):
        before -= 1
    if reading.fold(before) in ("siret", "siren"):
        reading.drop(range(before, first))
    reading.claim(Draft("siret", digits, label, first, last))
    return True


def _telephone(reading: ParseState, first: int, last: int) -> bool:
    digits = "".join(reading.tokens[index].text for index in range(first, last + 1))
    if not _PHONE.fullmatch(digits):
        return False
    for index in range(first, last + 1):
        reading.states[index] = State.WORD
    return True
