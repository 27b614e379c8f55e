"""Char filters: changes to the text before it is cut into words, with the way back to its own offsets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

from discovery.engine.analysis.settings import Parameters
from discovery.engine.analysis.token import AnalysisError

Refuse = Callable[[str], AnalysisError]

_FLAGS = {"CASE_INSENSITIVE": re.IGNORECASE, "MULTILINE": re.MULTILINE, "DOTALL": re.DOTALL}

# What reads the same and means something else, or exists in Java only.
_ELSEWHERE = {".": '"." (list the characters)', "$": '"$" (end of line)'}
_ESCAPED_ELSEWHERE = frozenset("pPhHRXvVkNQEGzZ")
_NESTED_CLASS = 'a character class inside another, or "&&" (write one plain class)'


def compile_java(pattern: str, flags: str, refuse: Refuse) -> re.Pattern[str]:
    """The pattern, compiled.

    Java's `\\w`, `\\d`, `\\s`, `\\b` and its case-insensitivity know ASCII only, hence `re.ASCII`.
    A construct that Java and Python read differently makes `refuse` raise.
    """
    for difference in _differences(pattern):
        raise refuse(f"the pattern uses {difference}, which Java and Python read differently: {pattern}")
    compiled = re.ASCII
    for name in filter(None, flags.split("|")):
        if name not in _FLAGS:
            raise refuse(f"unknown flag {name!r}; supported: {', '.join(_FLAGS)}.")
        compiled |= _FLAGS[name]
    try:
        return re.compile(pattern, compiled)
    except re.error as error:
        raise refuse(f"the pattern cannot be read ({error}): {pattern}") from error


def _differences(pattern: str) -> Iterator[str]:
    in_class = False
    position = 0
    while position < len(pattern):
        character = pattern[position]
        following = pattern[position + 1 : position + 2]
        if character == "\\":
            if following in _ESCAPED_ELSEWHERE:
                yield f'"\\{following}"'
            position += 2
            continue
        if in_class:
            if character == "[" or (character == "&" and following == "&"):
                yield _NESTED_CLASS
            in_class = character != "]"
        elif character == "[":
            in_class = True
            # In both languages a "]" (after "^" too) right at the start would need an escape to be portable.
            if following == "]" or pattern[position + 1 : position + 3] == "^]":
                yield 'an unescaped "]" at the start of a class'
        elif character in _ELSEWHERE:
            yield _ELSEWHERE[character]
        position += 1


def template_of(replacement: str, pattern: re.Pattern[str], refuse: Refuse) -> str:
    """Java's replacement ("$1", "\\$") as Python's template; as in Java, "$12" is group 1 if there is no 12."""
    parts: list[str] = []
    position = 0
    while position < len(replacement):
        character = replacement[position]
        position += 1
        if character == "\\":
            if position == len(replacement):
                raise refuse(f"the replacement ends in a lone backslash: {replacement}")
            parts.append(_literal(replacement[position]))
            position += 1
        elif character == "$":
            digits = re.match(r"[0-9]+", replacement[position:])
            if digits is None or int(digits.group()[0]) > pattern.groups:
                raise refuse(f'the replacement\'s "$" names no group of the pattern: {replacement}')
            number = digits.group()
            while len(number) > 1 and int(number) > pattern.groups:
                number = number[:-1]
            parts.append(f"\\g<{int(number)}>")
            position += len(number)
        else:
            parts.append(_literal(character))
    return "".join(parts)


def _literal(character: str) -> str:
    return "\\\\" if character == "\\" else character


class Replacement(NamedTuple):
    """Characters `start` to `end` (excluded) of the input become `text`."""

    start: int
    end: int
    text: str


class CharFilter(Protocol):
    """A change of the text before it is cut into words."""

    def apply(self, text: str) -> str:
        """The changed text."""

    def replacements(self, text: str) -> Iterable[Replacement]:
        """The same change, as what replaces what, in order."""


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


def apply_with_offsets(filters: Iterable[CharFilter], text: str) -> tuple[str, Callable[[int], int]]:
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
    """`pattern_replace`: every match of a regular expression is replaced (a Java pattern, `$1` groups)."""

    def __init__(self, parameters: Parameters) -> None:
        self._pattern = compile_java(parameters.string("pattern"), parameters.string("flags", ""), parameters.error)
        self._template = template_of(parameters.string("replacement", ""), self._pattern, parameters.error)

    def apply(self, text: str) -> str:
        """The text with every match of the pattern replaced."""
        return self._pattern.sub(self._template, text)

    def replacements(self, text: str) -> Iterator[Replacement]:
        for match in self._pattern.finditer(text):
            yield Replacement(match.start(), match.end(), match.expand(self._template))


class Mapping:
    """`mapping`: strings replaced by strings ("& => et"), the longest that begins at a place winning."""

    def __init__(self, parameters: Parameters) -> None:
        self._replace: dict[str, str] = {}
        for rule in parameters.words("mappings"):
            left, arrow, right = rule.partition("=>")
            source, target = _unescape(left.strip()), _unescape(right.strip())
            if not arrow or not source:
                raise parameters.error(f"the mapping {rule!r} is not of the form `this => that`.")
            if source in self._replace:
                raise parameters.error(f"{source!r} is mapped twice.")
            self._replace[source] = target
        if not self._replace:
            raise parameters.error("needs at least one mapping.")
        longest_first = sorted(self._replace, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def apply(self, text: str) -> str:
        """The text with every key of the mapping replaced by its value."""
        return self._pattern.sub(lambda match: self._replace[match.group()], text)

    def replacements(self, text: str) -> Iterator[Replacement]:
        for match in self._pattern.finditer(text):
            yield Replacement(match.start(), match.end(), self._replace[match.group()])


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def _unescape(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        escaped: str = match.group(1)
        return chr(int(escaped[1:], 16)) if len(escaped) == 5 else _ESCAPES.get(escaped, escaped)

    return re.sub(r"\\(u[0-9A-Fa-f]{4}|.)", character, text)


_TYPES: dict[str, Callable[[Parameters], CharFilter]] = {"pattern_replace": PatternReplace, "mapping": Mapping}


def char_filter(kind: str, parameters: Parameters) -> CharFilter:
    """The char filter of that type; an unknown type or parameter is an `AnalysisError`."""
    make = _TYPES.get(kind)
    if make is None:
        raise AnalysisError(
            f"{parameters.where}: unknown char filter type {kind!r}; supported: {', '.join(sorted(_TYPES))}."
        )
    made = make(parameters)
    parameters.done()
    return made
