"""Closed lists: a value as a person writes it → the code, or the near ones."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

from discovery.config.vocabulary import LANGS, Term
from discovery.gazetteer import normalise

NEAR = 3
NEAR_SCORE = 65.0


class ClosedList:
    """The codes of one list. Case, accents, punctuation and blanks do not matter; a label stands for its code."""

    def __init__(self, terms: Mapping[str, Term | None]) -> None:
        self._codes: dict[str, str] = {}
        for code, term in terms.items():
            labels = [term.labels.get(lang, "") for lang in LANGS] if isinstance(term, Term) else []
            for name in (code, *labels):
                if name:
                    self._codes.setdefault(normalise(name), code)
        # A code always wins over another's label.
        self._codes |= {normalise(code): code for code in terms}
        self._joined = {_joined(name): code for name, code in reversed(self._codes.items())}  # the first one wins
        self._exact = frozenset(terms)
        self.near = lru_cache(maxsize=1024)(self._near)

    def __contains__(self, value: str) -> bool:
        """Whether it is a code, letter for letter."""
        return value in self._exact

    def code(self, value: str) -> str | None:
        """The code that a value means, as code or by one of its names; None when it means none."""
        if value in self._exact:
            return value
        name = normalise(value)
        return self._codes.get(name) or self._joined.get(_joined(name))

    def _near(self, value: str) -> tuple[str, ...]:
        """At most three codes whose code or label resembles the value, the nearest first."""
        found = process.extract(normalise(value[:100]), list(self._codes), scorer=fuzz.WRatio, limit=12)
        codes = dict.fromkeys(self._codes[name] for name, score, _ in found if score >= NEAR_SCORE)
        return tuple(codes)[:NEAR]


def _joined(name: str) -> str:
    return name.replace(" ", "")
