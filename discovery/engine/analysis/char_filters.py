"""Char filters: changes to the text before it is cut into words, with the way back to its own offsets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from discovery.engine.analysis.settings import AnalysisError, Parameters

_ELSEWHERE = re.compile(r"[.$]|\\[pPhHRXvVkNQEGzZ]|\[\^?\]|\[[^]]*(?:\[|&&)")
"""What Java reads otherwise than Python, or alone: end of line, end of text, its own classes, classes within one."""


class Replacement(NamedTuple):
    """Characters `start` to `end` (excluded) of the input become `text`."""

    start: int
    end: int
    text: str


class Offsets:
    """From offsets in a changed text to offsets in the text it was made of (Lucene's BaseCharFilter).

    Behind a shorter replacement the lost characters are added back; all the extra characters of a longer one
    point at the end of what was replaced.
    """

    def __init__(self, replacements: Iterable[Replacement]) -> None:
        shifts: dict[int, int] = {}
        lost = 0
        for start, end, text in replacements:
            output = start - lost
            shorter_by = (end - start) - len(text)
            if shorter_by > 0:
                lost += shorter_by
                shifts[output + len(text)] = lost
            else:
                for extra in range(end - start, len(text)):
                    lost -= 1
                    shifts[output + extra] = lost
        self._at = list(shifts)
        self._shift = list(shifts.values())

    def original(self, offset: int) -> int:
        """The offset in the text as given of an offset in the changed text."""
        index = bisect_right(self._at, offset)
        return offset + self._shift[index - 1] if index else offset


def apply_with_offsets(filters: Iterable[PatternReplace], text: str) -> tuple[str, Callable[[int], int]]:
    """The text after all filters, and the function from its offsets to those of the text given."""
    maps: list[Offsets] = []
    for char_filter in filters:
        changed = char_filter.apply(text)
        if changed != text:
            maps.append(Offsets(char_filter.replacements(text)))
        text = changed
    maps.reverse()

    def original(offset: int) -> int:
        for one in maps:
            offset = one.original(offset)
        return offset

    return text, original


class PatternReplace:
    """`pattern_replace`: every match of a regular expression is replaced by a text, without groups.

    As in Java, `\\w`, `\\d`, `\\s` and `\\b` know ASCII only.
    """

    def __init__(self, parameters: Parameters) -> None:
        pattern, self._text = parameters.string("pattern"), parameters.string("replacement", "")
        if found := _ELSEWHERE.search(re.sub(r"\\[^\w\s]", "", pattern)):
            raise parameters.error(f"the pattern uses {found.group()!r}, which Java reads otherwise: {pattern}")
        if "$" in self._text or "\\" in self._text:
            raise parameters.error(f"the replacement must be plain text, without groups: {self._text}")
        try:
            self._pattern = re.compile(pattern, re.ASCII)
        except re.error as error:
            raise parameters.error(f"the pattern cannot be read ({error}): {pattern}") from error

    def apply(self, text: str) -> str:
        """The text with every match of the pattern replaced."""
        return self._pattern.sub(self._text, text)

    def replacements(self, text: str) -> Iterator[Replacement]:
        """The same change, as what replaces what, in order."""
        for match in self._pattern.finditer(text):
            yield Replacement(match.start(), match.end(), self._text)


def char_filter(kind: str, parameters: Parameters) -> PatternReplace:
    """The char filter of that type; an unknown type or parameter is an `AnalysisError`."""
    if kind != "pattern_replace":
        raise AnalysisError(f"{parameters.where}: unknown char filter type {kind!r}; supported: pattern_replace.")
    made = PatternReplace(parameters)
    parameters.done()
    return made
