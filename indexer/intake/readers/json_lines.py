"""Canonical JSON: one object a line, or one array. Both in bounded memory."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn, TextIO

import orjson

from indexer.intake.findings import Code, Finding, shown
from indexer.intake.limits import RECORD_CHARACTERS
from indexer.intake.readers.table import Row
from indexer.intake.source import BrokenFile

CHUNK = 1 << 16
_BLANK = " \t\r\n"


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


# JSON has no NaN and no Infinity (RFC 8259, 6); Python's reader lets them in unless told.
_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def read_lines(stream: TextIO) -> Iterator[Row]:
    """One object a line; empty lines are passed over. Whole numbers beyond 64 bits are read as
    floats.
    """
    number = 0
    while text := stream.readline(RECORD_CHARACTERS + 1):
        number += 1
        if len(text) > RECORD_CHARACTERS:
            raise BrokenFile(
                f"longer than {RECORD_CHARACTERS} characters", "Write one object a line", number
            )
        stripped = text.strip(_BLANK)
        if not stripped:
            continue
        try:
            value = orjson.loads(stripped)
        except orjson.JSONDecodeError:
            value = _decoded(stripped, number, last=not text.endswith(("\n", "\r")))
        yield _row(number, value)


def _decoded(text: str, line: int, *, last: bool) -> Any:
    """What `orjson` refuses: it may be JSON all the same (half of a surrogate pair), or there are
    words for what is wrong with it.
    """
    try:
        value, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError) as error:
        raise _not_json(error, line, last=last) from None
    if end != len(text):
        raise BrokenFile("something follows the JSON object", "Write one object a line", line)
    return value


def read_array(stream: TextIO) -> Iterator[Row]:
    """The elements of one array, each decoded as soon as it is whole."""
    text = _Text(stream)
    if text.skip_blank() != "[":
        raise BrokenFile("the file is not a JSON array", "Begin with [, end with ]", text.line)
    text.take()
    first = True
    while True:
        mark = text.skip_blank()
        if mark == "]" and first:
            break
        line = text.line
        yield _row(line, text.element())
        first = False
        mark = text.skip_blank()
        if mark == "]":
            break
        if mark != ",":
            what = "a comma is missing between two objects" if mark else "the array has no end"
            raise BrokenFile(what, "Fetch the file again: it may be cut short", text.line)
        text.take()
    text.take()
    if text.skip_blank():
        raise BrokenFile("something follows the array", "Keep one array in the file", text.line)


def _row(line: int, value: Any) -> Row:
    if isinstance(value, dict):
        return Row(line, value)
    return Row(line, {}, fault=Finding(Code.NOT_AN_OBJECT, "", shown(value)))


def _not_json(error: Exception, line: int, *, last: bool) -> BrokenFile:
    if isinstance(error, RecursionError):
        return BrokenFile("the JSON is nested too deep", "Write the canonical fields only", line)
    reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error).partition(";")[0]
    fix = "Fetch the file again: it may be cut short" if last else "Write one JSON object a line"
    return BrokenFile(f"not valid JSON ({reason})", fix, line)


class _Text:
    """A window over a stream that grows until an element fits, and lets go of what was read."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text = ""
        self._at = 0
        self._ended = False
        self.line = 1

    def skip_blank(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            start = self._at
            while self._at < len(self._text) and self._text[self._at] in _BLANK:
                self._at += 1
            self.line += self._text.count("\n", start, self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._grow():
                return ""

    def take(self) -> None:
        self._at += 1

    def element(self) -> Any:
        """Decode the element that starts here. An element counts once something follows it: `12`
        may become `123`.
        """
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                size = len(self._text) - self._at
                if (
                    isinstance(error, RecursionError)
                    or size > RECORD_CHARACTERS
                    or not self._grow()
                ):
                    raise _not_json(error, self.line, last=self._ended) from None
                continue
            if end == len(self._text) and self._grow():
                continue
            self.line += self._text.count("\n", self._at, end)
            self._at = end
            return value

    def _grow(self) -> bool:
        """Read on, the more the longer the element, so that it is not decoded once per chunk."""
        if self._ended:
            return False
        kept = self._text[self._at :]
        more = self._stream.read(max(CHUNK, len(kept)))
        self._ended = not more
        self._text, self._at = kept + more, 0
        return bool(more)
