"""Codes of classifications: "CPV 90919200-2", "NAF 81.21Z", "ROME K2204". They name trades by analysts' crosswalk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from discovery.config.crosswalk import CPV_DIGITS, NAF, ROME, Classification, Meaning
from discovery.crosswalk import bare
from discovery.crosswalk.cpv import IN_TEXT, START_IN_TEXT, regained
from discovery.intent.model import Need, Note, Option
from discovery.intent.parse_state import Draft, ParseState

Meanings = Callable[[Classification, str], Meaning | None]
"""A code without dots and check digit → what it means, None where nobody decided."""

_CODES: tuple[tuple[Classification, re.Pattern[str]], ...] = (
    ("cpv", re.compile(IN_TEXT)),
    ("cpv", re.compile(START_IN_TEXT)),
    ("naf", re.compile(rf"(?<![\w.])({NAF})(?!\w)", re.IGNORECASE)),
    ("rome", re.compile(rf"(?<!\w)({ROME})(?!\w)", re.IGNORECASE)),
)
_LONGEST_LEAD = 3


def no_meaning(_classification: Classification, _code: str) -> None:
    """No code means anything: for phrases that are read without a crosswalk."""


def claim_codes(reading: ParseState, meanings: Meanings) -> list[Need]:
    """Claim each code with the words that lead to it, and return the needs that they name. A code that leads to no
    sector is noted (`code_unknown`)."""
    if not any(token.number for token in reading.tokens):
        return []
    starts = {token.start: index for index, token in enumerate(reading.tokens)}
    ends = {token.end: index for index, token in enumerate(reading.tokens)}
    needs: list[Need] = []
    for classification, match in _found(reading.q):
        first, last = starts.get(match.start()), ends.get(match.end())
        if first is None or last is None or not reading.free_run(first, last):
            continue
        code = bare(match[1])
        lead = _lead(reading, first)
        named = classification in {reading.fold(index) for index in range(lead, first)}
        if classification == "cpv" and len(code) < CPV_DIGITS:
            # Some digits of a code are one only where it is said so: 45000 is Orléans before it is construction.
            if not named:
                continue
            code = regained(code)
        meaning = meanings(classification, code)
        if not named and meaning is None:
            continue
        needs += _claim(reading, classification, code, meaning, lead, last)
    return needs


def _found(q: str) -> Iterator[tuple[Classification, re.Match[str]]]:
    for classification, form in _CODES:
        for match in form.finditer(q):
            yield classification, match


def _lead(reading: ParseState, first: int) -> int:
    """The first of "code CPV :", "NAF" and the like before a code."""
    lead = first
    while lead > max(0, first - _LONGEST_LEAD) and reading.free(lead - 1):
        before = reading.between(lead).strip(" \u00a0:°.")
        if before or reading.fold(lead - 1) not in reading.grammar.references.classifications:
            break
        lead -= 1
    return lead


def _claim(
    reading: ParseState, classification: Classification, code: str, meaning: Meaning | None, first: int, last: int
) -> Iterator[Need]:
    start, end = reading.tokens[first].start, reading.tokens[last].end
    text = reading.q[start:end]
    sectors = meaning.all if meaning is not None else ()
    options = tuple(Option(slug, reading.lexicon.label(slug, reading.lang)) for slug in sectors)
    reading.claim(Draft(classification, code, text, first, last, alternatives=options))
    if sectors:
        yield Need(start, end, text, sectors, "code")
    else:
        reading.notes.append(Note("code_unknown", text))
