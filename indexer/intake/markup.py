"""HTML that people paste, made plain, in one pass: the time is in proportion to the length, whatever the text. Pure.

Not `html.parser`, which took quadratic time for unclosed constructs until late patch releases of Python, and for which
"a < b" begins a tag.
"""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,19})(?:[\s/][^<>]*)?>")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,20});")
_HIDDEN = frozenset({"script", "style"})
"""Elements whose content is not for people."""
_BREAKS = frozenset({"/p", "/div", "/li", "/h1", "/h2", "/h3", "/h4", "/h5", "/h6", "br", "/br"})


def without_html(text: str) -> str:
    """The text between the tags; entities become their characters. "a < b" and "<3" are no tags and stay."""
    if "<" in text:
        text = "".join(_between(text))
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


def _between(text: str) -> list[str]:
    """The parts that stay. Each character is looked at a bounded number of times: an end that is once not found is not
    looked for again."""
    kept: list[str] = []
    ends = _Ends(text)
    done, at = 0, text.find("<")
    while at >= 0:
        end, put = at + 1, None
        if text.startswith("<!--", at):
            found = ends.after("-->", at + 4)
            if found is not None:
                end, put = found, ""
        elif tag := _TAG.match(text, at):
            name = tag[2].lower()
            end, put = tag.end(), "\n" if tag[1] + name in _BREAKS else ""
            if name in _HIDDEN and not tag[1]:
                end = ends.closing(name, end) or end
        if put is not None:
            kept += (text[done:at], put)
            done = end
        at = text.find("<", end)
    kept.append(text[done:])
    return kept


class _Ends:
    """Where constructs end. What is not there after one place is not there after a later one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lower = ""
        self._absent: set[str] = set()
        self._unclosed: set[str] = set()

    def after(self, mark: str, start: int) -> int | None:
        """Behind the next `mark`."""
        return self._find(self._text, mark, start)

    def closing(self, name: str, start: int) -> int | None:
        """Behind the next closing tag of that name."""
        if name in self._unclosed:
            return None
        self._lower = self._lower or _lower(self._text)
        while (at := self._find(self._lower, f"</{name}", start)) is not None:
            end = at
            while end < len(self._lower) and self._lower[end].isspace():
                end += 1
            if self._lower.startswith(">", end):
                return end + 1
            start = end
        self._unclosed.add(name)
        return None

    def _find(self, text: str, mark: str, start: int) -> int | None:
        if mark in self._absent:
            return None
        at = text.find(mark, start)
        if at < 0:
            self._absent.add(mark)
            return None
        return at + len(mark)


def _lower(text: str) -> str:
    """ASCII letters alone, so that every character stays where it is."""
    return text.translate({letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)})
