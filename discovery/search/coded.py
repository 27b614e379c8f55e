"""The parameters `cpv`, `naf` and `rome`: other ways to say sectors. Pure.

The sectors that analysts mapped to a code join those of `sector`: a supplier that does one of them is found. A code
that does not exist, or leads to no sector, is a problem: it never widens the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from discovery.config.crosswalk import Classification, Codes
from discovery.config.vocabulary import Vocabulary
from discovery.crosswalk import code_label, meaning_of, read_code
from discovery.search.parameters import CODES, Query
from discovery.search.problems import Problem

_EXAMPLES: dict[Classification, str] = {"cpv": "90910000", "naf": "81.21Z", "rome": "K2204"}


@dataclass(frozen=True, slots=True)
class Coded:
    """`query`: with its codes as they are kept ("8121Z"). `sectors`: slugs, the surest first, each once."""

    query: Query
    sectors: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(query: Query, codes: Codes, vocabulary: Vocabulary) -> Coded:
    """Everything that the codes of a query say, and what is wrong with them."""
    spelt: dict[str, Any] = {}
    sectors: list[str] = []
    problems: list[Problem] = []
    for kind in CODES:
        found: dict[str, None] = {}
        for typed in query.values(kind):
            code = _code(kind, typed)
            meaning = meaning_of(kind, code, codes, vocabulary) if code else None
            if code is None or (meaning is None and kind != "cpv"):
                problems.append(Problem(kind, typed, "unknown_code", {"value": typed, "example": _EXAMPLES[kind]}))
            elif meaning is None or not meaning.all:
                label = " ".join(filter(None, (code, code_label(kind, code, vocabulary, query.lang))))
                problems.append(Problem(kind, typed, "code_without_trade", {"label": label}))
            else:
                found[code] = None
                sectors += meaning.all
        if found:
            spelt[kind] = tuple(found)
    return Coded(replace(query, **spelt) if spelt else query, tuple(dict.fromkeys(sectors)), tuple(problems))


def _code(kind: Classification, typed: str) -> str | None:
    """A parameter says which classification it is, so that some digits are enough."""
    found = read_code(f"{kind} {typed.strip()}")
    return found.code if found and found.classification == kind else None
