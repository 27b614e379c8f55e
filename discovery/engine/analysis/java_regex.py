"""Java regular expressions whose meaning Python shares; the others are refused, never reinterpreted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from discovery.engine.analysis.errors import AnalysisError

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
