"""Numbers that name a lot, a contract, a file: "lot n° 4", "MAPA 2024-12", "19v1411"."""

from __future__ import annotations

from discovery.intent.lexer import Gap
from discovery.intent.parse_state import ParseState

_LETTERS, _DIGITS = 4, 4
"""Of a bare code: letters at most between its digits, digits at least."""
_SHORT = 3  # characters of a number that a document's name makes a reference


def claim_references(reading: ParseState, guarded: frozenset[int]) -> None:
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
