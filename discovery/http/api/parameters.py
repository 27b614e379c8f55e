"""The parameters of requests: read from a query string, described to OpenAPI, with examples.

A fault is a `Problem` inside marshmallow's ValidationError, so that every parameter's faults come
back at once and in the user's language. Empty texts count as not given: forms send them.
"""

import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, missing

from discovery.engine.port import FACETS, Box, Coverage, National
from discovery.mappings import yamlfile
from discovery.mappings.profiles import LAYERS
from discovery.mappings.vocabulary import LANGS
from discovery.model import dataclass
from discovery.model.attributes import ATTRIBUTES, EXCLUSIONS, TAKEN_OUT, Exclusion
from discovery.phrase.spelling.names import close_values
from discovery.search import query as asked
from discovery.search.query import Args, Problem, Query

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
        self,
        parameter: str,
        value: str,
        code: str,
        args: Args | None = None,
        choices: tuple[str, ...] = (),
    ) -> None:
        shown = value if len(value) <= SHOWN else value[:SHOWN] + "…"
        super().__init__(
            [Problem(parameter, shown, code, {"value": shown, **(args or {})}, choices)]
        )


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
    """One name or code; "" when not given. `choices` closes the list here, for what no service
    checks later.
    """

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
    """Kilometres, or one of `WORDS`; None when not given."""

    WORDS = (asked.AUTO, asked.NO_LIMIT)

    def _deserialize(self, value: list[str], attr: str | None, *_: Any, **__: Any) -> Any:
        text = _single(attr or "", value)
        if not text or text.lower() in self.WORDS:
            return text.lower() or None
        number = _number(text)
        if number is None:
            near = close_values(text, {word: (word,) for word in self.WORDS})
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
        """One value, without blanks around it."""
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


DEFAULTS = Query()


def about(description: str, **described: Any) -> dict[str, Any]:
    """What OpenAPI and `--help` say of a parameter."""
    return {"description": description, **described} if description else described


def listed(description: str) -> dict[str, Any]:
    """What is said of a parameter whose values are alternatives."""
    return about(
        f"{description} Repeat the parameter or separate values with commas; they are alternatives (OR)."
    )


def taken_out(one: Exclusion) -> dict[str, Any]:
    """What is said of a parameter that takes suppliers out."""
    example = ", ".join(f"`{value}`" for value in one.example)
    return about(
        f"{one.about} to take out, such as {example}. Repeat the parameter or separate values with commas."
    )


_READ_BY = {"employees": Bands}
"""Filters whose values are not read as plain ones."""


def _filters() -> Iterator[tuple[str, Values]]:
    """A parameter an attribute; behind sectors, the codes that stand for some."""
    for one in ATTRIBUTES:
        yield one.name, _READ_BY.get(one.name, Values)(metadata=listed(one.about))
        if one.name == "sector":
            yield from ((name, Values()) for name in ("cpv", "naf", "rome"))


def _exclusions() -> Iterator[tuple[str, Values]]:
    for name in TAKEN_OUT:
        yield (
            name,
            Values(metadata=taken_out(EXCLUSIONS[name]))
            if name in EXCLUSIONS
            else Values(commas=False),
        )


class LangParameter(Schema):
    """The parameters that every endpoint takes."""

    class Meta:
        unknown = EXCLUDE

    lang = Word(choices=LANGS, metadata={"enum": list(LANGS), "default": "fr"})
    key = Word()


class SearchParameters(LangParameter):
    """Field names are those of `discovery.search.parameters.Query`, but for `cursor`. What is said
    of them, and not of attributes, stands in parameters.yaml.
    """

    q = Phrase(metadata={"maxLength": asked.MAX_Q})
    interpret = Switch(load_default=True)
    literal = Values(commas=False)
    vars().update(_filters())
    place = Values(commas=False)
    near = Word()
    lat = Number(metadata={"minimum": -90, "maximum": 90})
    lon = Number(metadata={"minimum": -180, "maximum": 180})
    radius = Distance(
        metadata={
            "anyOf": [
                {"type": "number", "minimum": asked.MIN_RADIUS_KM, "maximum": asked.MAX_RADIUS_KM},
                {"type": "string", "enum": [*Distance.WORDS]},
            ]
        },
    )
    minutes = Number(metadata={"minimum": asked.MIN_MINUTES, "maximum": asked.MAX_MINUTES})
    bbox = Frame()
    coverage = Word(metadata={"enum": [str(one) for one in Coverage]})
    national = Word(metadata={"enum": [str(one) for one in National], "default": "include"})
    presumed = Word(metadata={"enum": list(asked.PRESUMED), "default": asked.PRESUMED[0]})
    trades = Word(metadata={"enum": list(asked.TRADES)})
    vars().update(_exclusions())
    sort = Word(metadata={"enum": list(asked.EVERY_SORT), "default": DEFAULTS.sort})
    page = Whole(load_default=DEFAULTS.page, metadata={"minimum": 1})
    per_page = Whole(
        load_default=DEFAULTS.per_page, metadata={"minimum": 1, "maximum": asked.MAX_PER_PAGE}
    )
    facets = Values()
    profile = Word()
    without = Values()
    cursor = Word()


PARAMETERS = tuple(SearchParameters().fields)


Examples = Mapping[str, Any]
REFERENCE = Path(__file__).with_name("parameters.yaml")
_rows = cache(lambda: yamlfile.table(REFERENCE))
_TYPES = {
    fields.String: "string",
    fields.Float: "number",
    fields.Integer: "integer",
    fields.Boolean: "boolean",
}


@cache
def reference() -> Mapping[str, str]:
    """What the file says of each parameter of a search."""
    lists = {
        sign: ", ".join(of)
        for sign, of in (("facets", FACETS), ("layers", LAYERS), ("walked", asked.WALKED))
    }
    return {name: row["about"].format_map(lists) for name, row in _rows().items()}


@cache
def examples() -> Examples:
    """One value for each parameter of a search; each alone is a valid request, or with `SUPPORT`."""
    told = {name: row["example"] for name, row in _rows().items() if "example" in row}
    attributes = {one.name: list(one.example) for one in ATTRIBUTES}
    return {**told, **attributes, **{name: list(one.example) for name, one in EXCLUSIONS.items()}}


SUGGEST_EXAMPLES: Examples = {
    "q": "nettoyage à lyo",
    "types": ["place", "sector"],
    "limit": 8,
    "lang": "fr",
}

MAP_EXAMPLES: Examples = {"bbox": "3.5,45.0,6.5,46.5", "zoom": 9}
EXPLAIN_EXAMPLES: Examples = {"id": "sample-000520"}

_TOWN: Examples = {"near": "Lyon"}
SUPPORT: Mapping[str, Examples] = {
    "radius": _TOWN,
    "minutes": _TOWN,
    "lat": {"lon": 4.83},
    "lon": {"lat": 45.76},
}
"""What a parameter needs beside it to make sense."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a query schema. `own`: its examples beside those of the search; None: it
    shows none. `required`: names of those that can't be left out.
    """

    schema: type[Schema]
    own: Examples | None = None
    required: tuple[str, ...] = ()

    def described(self) -> list[dict[str, Any]]:
        """The parameters as OpenAPI describes them. Lists may be repeated or joined by commas."""
        shown = {} if self.own is None else {**examples(), **self.own}
        return [
            {
                "in": "query",
                "name": name,
                "description": field.metadata.get("description") or reference().get(name, ""),
                "schema": _schema(field),
                "required": name in self.required,
                **({"explode": True, "style": "form"} if isinstance(field, Values) else {}),
                **({"example": shown[name]} if name in shown else {}),
            }
            for name, field in self.schema().fields.items()
        ]


def _schema(field: fields.Field[Any]) -> dict[str, Any]:
    """Of a parameter's value; `metadata` says the rest."""
    one = next(({"type": name} for kind, name in _TYPES.items() if isinstance(field, kind)), {})
    made = {"type": "array", "items": {"type": "string"}} if isinstance(field, Values) else one
    default = {} if field.load_default is missing else {"default": field.load_default}
    return (
        made | default | {key: told for key, told in field.metadata.items() if key != "description"}
    )
