"""Numbers that identify or that call: SIRET, SIREN, telephone numbers. Claimed first, so that no rule reads them."""

from __future__ import annotations

import re

from discovery.intent.lexer import Gap
from discovery.intent.parse_state import Draft, ParseState, State

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
