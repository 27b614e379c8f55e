"""CPV and NAF codes by their first digits: "9091" → "90910000 Services de nettoyage → Nettoyage de locaux". Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from discovery.config.crosswalk import CPV_DIGITS, Classification, Codes, Meaning
from discovery.config.vocabulary import Vocabulary
from discovery.crosswalk import bare, meaning_of
from discovery.crosswalk.cpv import cpv_codes
from discovery.suggest.model import Fit, Suggestion

MAX_CODES = 4
_SHORTEST = 3
"""Digits: two are a department's."""
_TYPED = re.compile(r"(?:^|\s)(?P<lead>(?:CPV|NAF|APE)[\s:]*)?(?P<code>\d{3,8}|\d{2}\.\d{0,2}[A-Z]?|\d{4}[A-Z])$", re.I)
_POST_CODE = 5
_SAID, _DIGIT = 0.2, 0.02
"""Added to a code said to be one, and taken for each digit that is still to be typed."""


def met(q: str, codes: Codes, vocabulary: Vocabulary, lang: str) -> list[Suggestion]:
    """The codes that begin with what stands at the end of a phrase, broadest first; only those that lead to sectors.

    In a phrase a number is a quantity, and five digits alone are a post code, unless "CPV" is said.
    """
    typed = _TYPED.search(q)
    if typed is None or len(bare(typed["code"])) < _SHORTEST or not (typed["lead"] or q.strip() == typed["code"]):
        return []
    digits, lead = bare(typed["code"]), (typed["lead"] or "").upper()
    dotted = "." in typed["code"]
    found: list[tuple[float, Classification, str, str]] = []
    if digits.isdigit() and not dotted and lead[:3] in ("", "CPV") and (lead or len(digits) != _POST_CODE):
        found += [(_fit(code.rstrip("0"), digits, lead), "cpv", code, label) for code, label in _cpv(digits, lang)]
    if lead[:3] != "CPV":
        starting = (one for one in vocabulary.naf.items() if one[0].startswith(digits))
        found += [(_fit(code, digits, lead or dotted), "naf", code, term.label(lang)) for code, term in starting]
    suggested: list[Suggestion] = []
    for score, kind, code, label in sorted(found, key=lambda one: -one[0]):
        meaning = meaning_of(kind, code, codes, vocabulary)
        if meaning is not None and (detail := _sectors(meaning, vocabulary, lang)):
            name, start = f"{kind.upper()} {code}", typed.start("lead" if lead else "code")
            suggested.append(Suggestion("code", code, f"{code} {label}", detail, name, start, score, kind))
        if len(suggested) == MAX_CODES:
            break
    return suggested


def _fit(told: str, digits: str, said: object) -> float:
    """`told`: the digits of a code that tell something; `said`: whether it is said to be a code."""
    return Fit.START + (_SAID if said else 0) - _DIGIT * max(0, len(told) - len(digits))


@cache
def _ordered() -> tuple[str, ...]:
    return tuple(cpv_codes())


def _cpv(digits: str, lang: str) -> Iterator[tuple[str, str]]:
    table = _ordered()
    for code in table[bisect_left(table, digits.ljust(CPV_DIGITS, "0")) :]:
        if not code.startswith(digits):
            break
        yield code, cpv_codes()[code][lang == "en"]


def _sectors(meaning: Meaning, vocabulary: Vocabulary, lang: str) -> str:
    """Those that are open; related ones are not said."""
    terms = vocabulary.terms("sector")
    return ", ".join(terms[slug].label(lang) for slug in meaning.sectors if slug in terms)
