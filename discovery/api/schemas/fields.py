"""Fields of a query string: each reads the list of texts under its name, and describes itself to OpenAPI.

A fault is a `Problem` inside marshmallow's ValidationError, so that every parameter's faults come back at once and
in the user's language. Empty texts count as not given: forms send them.
"""

from __future__ import annotations

import math
import re
from typing import Any

from marshmallow import ValidationError, fields

from discovery.engine.port import Box
from discovery.search.query import Args, Problem
from discovery.spelling.names import close_values

MAX_VALUES = 100
"""Values of one repeatable parameter; a sector group replaces its sectors."""
SHOWN = 60
"""Characters of a faulty value that are given back."""

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_SWITCH = {"true": True, "1": True, "false": False, "0": False}


class Fault(ValidationError):
    """A ValidationError that holds one Problem."""

    def __init__(
        self, parameter: str, value: str, code: str, args: Args | None = None, choices: tuple[str, ...] = ()
    ) -> None:
        shown = value if len(value) <= SHOWN else value[:SHOWN] + "…"
        super().__init__([Problem(parameter, shown, code, {"value": shown, **(args or {})}, choices)])


def _single(name: str, texts: list[str]) -> str:
    """The one text given; the same one repeated is one."""
    given = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if len(given) > 1:
        raise Fault(name, ", ".join(given), "given_twice", {"parameter": name})
    return given[0] if given else ""


def _number(text: str) -> float | None:
    """A finite number written in digits, or None."""
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


class Phrase(fields.String):
    """Free text, exactly as typed: offsets into it are given back."""

    def _deserialize(self, value: list[str], attr: str | None, *_: Any, **__: Any) -> str:
        _single(attr or "", value)
        return next((text for text in value if text.strip()), "")


class Word(fields.String):
    """One name or code; "" when not given. `choices` closes the list here, for what no service checks later."""

    def __init__(self, *, choices: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(**options)
        self.choices = choices

    def _deserialize(self, value: list[str], attr: str | None, *_: Any, **__: Any) -> str:
        text = _single(attr or "", value)
        if text and self.choices and text not in self.choices:
            near = close_values(text, {choice: (choice,) for choice in self.choices})
            raise Fault(attr or "", text, "unknown_value", choices=near)
        return text


class Number(fields.Float):
    """A finite number, or None when not given."""

    def _deserialize(self, value: list[str], attr: str | None, *_: Any, **__: Any) -> Any:
        text = _single(attr or "", value)
        number = _number(text)
        if text and number is None:
            raise Fault(attr or "", text, "not_a_number")
        return number


class Distance(fields.Raw):
    """Kilometres, or one of `words`; None when not given."""

    def __init__(self, *, words: tuple[str, ...], **options: Any) -> None:
        super().__init__(**options)
        self.words = words

    def _deserialize(self, value: list[str], attr: str | None, *_: Any, **__: Any) -> Any:
        text = _single(attr or "", value)
        if not text or text.lower() in self.words:
            return text.lower() or None
        number = _number(text)
        if number is None:
            near = close_values(text, {word: (word,) for word in self.words})
            raise Fault(attr or "", text, "not_a_number", choices=near)
        return number


class Whole(fields.Integer):
    """A whole number, or its default."""

    def _deserialize(self, value: list[str], attr: str | None, *_: Any, **__: Any) -> int:
        text = _single(attr or "", value)
        if text and not _WHOLE.fullmatch(text):
            raise Fault(attr or "", text, "not_a_whole_number")
        default: int = self.load_default
        return int(text) if text else default


class Switch(fields.Boolean):
    """true, false, 1 or 0, or its default."""

    def _deserialize(self, value: list[str], attr: str | None, *_: Any, **__: Any) -> bool:
        text = _single(attr or "", value)
        if text and text.lower() not in _SWITCH:
            raise Fault(attr or "", text, "not_a_switch")
        default: bool = self.load_default
        return _SWITCH[text.lower()] if text else default


class Values(fields.List[str]):
    """Several texts: repeated, and separated by commas when `commas`."""

    def __init__(self, *, commas: bool = True, **options: Any) -> None:
        super().__init__(fields.String(), **options)
        self.commas = commas

    def _deserialize(self, value: list[str], attr: str | None, *_: Any, **__: Any) -> Any:
        parts = [part for text in value for part in (text.split(",") if self.commas else [text])]
        found = tuple(dict.fromkeys(self.tidy(part) for part in parts if part.strip()))
        if len(found) > MAX_VALUES:
            counts = {"count": len(found), "limit": MAX_VALUES}
            raise Fault(attr or "", f"{found[0]}, …", "too_many_values", counts)
        return found

    def tidy(self, text: str) -> str:
        """One value as it is taken."""
        return text.strip()


class Bands(Values):
    """Bands such as `500+`, whose plus sign means a space in an address: `500 ` is read as `500+`."""

    def tidy(self, text: str) -> str:
        """One band as it is taken: "500 " was "500+", whose plus an address writes as a blank."""
        return text.strip() + "+" if text.endswith(" ") and text.strip().isdigit() else text.strip()


class Frame(fields.String):
    """`west,south,east,north` in degrees, or None."""

    def _deserialize(self, value: list[str], attr: str | None, *_: Any, **__: Any) -> Any:
        text = _single(attr or "", value)
        if not text:
            return None
        edges = [_number(part.strip()) for part in text.split(",")]
        known = [edge for edge in edges if edge is not None]
        if len(edges) != 4 or len(known) != 4:
            raise Fault(attr or "", text, "not_a_box")
        return Box(*known)
