"""The parameters of requests: read from a query string, described to OpenAPI, with examples.

A fault is a `Problem` inside marshmallow's ValidationError, so that every parameter's faults come back at once and in
the user's language. Empty texts count as not given: forms send them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from discovery.engine.port import FACETS, Box, Coverage, National
from discovery.mappings.profiles import LAYERS
from discovery.mappings.vocabulary import LANGS
from discovery.model.attributes import ATTRIBUTES, EXCLUSIONS, TAKEN_OUT, Exclusion
from discovery.phrase.spelling.names import close_values
from discovery.search.query import (
    AUTO,
    EVERY_SORT,
    MAX_PER_PAGE,
    MAX_Q,
    MAX_RADIUS_KM,
    MIN_RADIUS_KM,
    NO_LIMIT,
    PRESUMED,
    TRADES,
    WALKED,
    Args,
    Problem,
    Query,
)

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


DEFAULTS = Query()


def about(description: str, **described: Any) -> dict[str, Any]:
    """What OpenAPI and `--help` say of a parameter."""
    return {"description": description, **described} if description else described


def listed(description: str) -> dict[str, Any]:
    """What is said of a parameter whose values are alternatives."""
    return about(f"{description} Repeat the parameter or separate values with commas; they are alternatives (OR).")


def taken_out(one: Exclusion) -> dict[str, Any]:
    """What is said of a parameter that takes suppliers out."""
    example = ", ".join(f"`{value}`" for value in one.example)
    return about(f"{one.about} to take out, such as {example}. Repeat the parameter or separate values with commas.")


_READ_BY = {"employees": Bands}
"""Filters whose values are not read as plain ones."""
_CODES = {
    "cpv": "CPV 2008 codes or their first digits (90910000, 9091): the sectors mapped to them.",
    "naf": "Registered activity codes (81.21Z): the sectors mapped to them.",
    "rome": "ROME job codes (K2204): the sectors mapped to them.",
}


def _filters() -> Iterator[tuple[str, Values]]:
    """A parameter an attribute; behind sectors, the codes that stand for some."""
    for one in ATTRIBUTES:
        yield one.name, _READ_BY.get(one.name, Values)(metadata=listed(one.about))
        if one.name == "sector":
            yield from ((name, Values(metadata=listed(said))) for name, said in _CODES.items())


def _exclusions() -> Iterator[tuple[str, Values]]:
    place = Values(
        commas=False,
        metadata=about("A place, as in `place`, whose seated suppliers are taken out. Repeatable."),
    )
    for name in TAKEN_OUT:
        yield name, Values(metadata=taken_out(EXCLUSIONS[name])) if name in EXCLUSIONS else place


class LangParameter(Schema):
    """The parameters that every endpoint takes."""

    class Meta:
        unknown = EXCLUDE

    lang = Word(
        choices=LANGS,
        metadata=about("Language of labels, reasons and errors.", enum=list(LANGS), default="fr"),
    )
    key = Word(
        metadata=about(
            "A widget's key, from whoever runs the service: only the suppliers of its presets are found, only pages of "
            "its origins may ask, and its own limits count."
        )
    )


class SearchParameters(LangParameter):
    """Field names are those of `discovery.search.parameters.Query`, but for `cursor`."""

    q = Phrase(
        metadata=about(
            "What is wanted, in plain words: trade, place, distance, kinds… in French or English.",
            maxLength=MAX_Q,
        )
    )
    interpret = Switch(
        load_default=True,
        metadata=about("false searches the words as they are, without recognising places, kinds or distances."),
    )
    literal = Values(commas=False, metadata=about("A recognised piece to leave as words, by its text. Repeatable."))
    vars().update(_filters())
    place = Values(
        commas=False,
        metadata=about(
            "A boundary: `commune:69123`, `postcode:01150`, `epci:200046977`, `ept:200057875`, "
            "`arrondissement:493`, `department:69`, `region:84`, `area:pays-d-auge`, `country`, or a typed name. "
            "Repeatable; places are alternatives (OR)."
        ),
    )
    near = Word(
        metadata=about(
            "A centre, typed: “Lyon”, “69003”. With a `radius` it draws a circle; without, and without a boundary, the "
            "circle is chosen (`radius=auto`)."
        )
    )
    lat = Number(metadata=about("Latitude of a centre, WGS 84 degrees; with `lon`.", minimum=-90, maximum=90))
    lon = Number(metadata=about("Longitude of a centre, WGS 84 degrees; with `lat`.", minimum=-180, maximum=180))
    radius = Distance(
        words=(AUTO, NO_LIMIT),
        metadata=about(
            "Kilometres around the centre, which it needs; `auto`: the smallest circle in which enough suppliers "
            "answer (what a centre alone means), told in `query.circle`; `none`: no circle, the centre only ranks.",
            anyOf=[
                {"type": "number", "minimum": MIN_RADIUS_KM, "maximum": MAX_RADIUS_KM},
                {"type": "string", "enum": [AUTO, NO_LIMIT]},
            ],
        ),
    )
    bbox = Frame(metadata=about("`west,south,east,north` in degrees: suppliers seated inside only."))
    coverage = Word(
        metadata=about(
            "Whether a supplier must be located in the place, serve it, or either. Default: `located` with a circle "
            "or box, else `any`.",
            enum=[str(one) for one in Coverage],
        )
    )
    national = Word(
        metadata=about(
            "What suppliers who work in all of France count for.",
            enum=[str(one) for one in National],
            default="include",
        )
    )
    presumed = Word(
        metadata=about(
            "Whether activities without a declared zone count as serving around their seat.",
            enum=list(PRESUMED),
            default=PRESUMED[0],
        )
    )
    trades = Word(
        metadata=about(
            "`unknown`: only suppliers of whom no trade is known, neither declared nor by evidence.", enum=list(TRADES)
        )
    )
    vars().update(_exclusions())
    sort = Word(metadata=about("Order; `distance` needs a centre.", enum=list(EVERY_SORT), default=DEFAULTS.sort))
    page = Whole(load_default=DEFAULTS.page, metadata=about("From 1, up to 10,000 results deep.", minimum=1))
    per_page = Whole(load_default=DEFAULTS.per_page, metadata=about("Results a page.", minimum=1, maximum=MAX_PER_PAGE))
    facets = Values(
        metadata=about(f"Facets to count, separated by commas, or `none`; default all: {', '.join(FACETS)}.")
    )
    profile = Word(metadata=about("Name of a ranking profile."))
    without = Values(
        metadata=about(
            f"Layers of the profile to switch off, to see what each does: {', '.join(LAYERS)}. Repeat the parameter or "
            "separate values with commas."
        )
    )
    cursor = Word(
        metadata=about(
            f"Where to go on, from `links.next` of an answer sorted by {', '.join(WALKED)}; in place of `page`, and as "
            "deep as one likes. Suppliers who don't change meanwhile are met exactly once."
        )
    )


PARAMETERS = tuple(SearchParameters().fields)


Examples = Mapping[str, Any]

SEARCH_EXAMPLES: Examples = {
    "q": "nettoyage à 30 km de Lyon, ESAT ou EI",
    **{one.name: list(one.example) for one in ATTRIBUTES},
    **{name: list(one.example) for name, one in EXCLUSIONS.items()},
    "interpret": True,
    "literal": ["Lyon"],
    "cpv": ["90910000"],
    "naf": ["8121Z"],
    "rome": ["K2204"],
    "place": ["department:69"],
    "near": "Lyon",
    "radius": 30,
    "bbox": "4.7,45.6,5.1,45.9",
    "coverage": "any",
    "national": "include",
    "presumed": "exclude",
    "trades": "unknown",
    "not_place": ["department:75"],
    "sort": "relevance",
    "page": 1,
    "per_page": 20,
    "facets": ["kind", "sector_group"],
    "profile": "balanced",
    "without": ["distance", "freshness"],
    "lang": "fr",
}
"""One value for each parameter; each alone is a valid request, or with `SUPPORT`."""

SUGGEST_EXAMPLES: Examples = {"q": "nettoyage à lyo", "types": ["place", "sector"], "limit": 8, "lang": "fr"}

MAP_EXAMPLES: Examples = {**SEARCH_EXAMPLES, "bbox": "3.5,45.0,6.5,46.5", "zoom": 9}
EXPLAIN_EXAMPLES: Examples = {**SEARCH_EXAMPLES, "id": "sample-000520"}

SUPPORT: Mapping[str, Examples] = {"radius": {"near": "Lyon"}, "lat": {"lon": 4.83}, "lon": {"lat": 45.76}}
"""What a parameter needs beside it to make sense."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a query schema, with examples of these and perhaps of others; `required`: names of those that
    can't be left out."""

    schema: type[Schema]
    examples: Examples | None = None
    required: tuple[str, ...] = ()

    def described(self) -> list[dict[str, Any]]:
        """As OpenAPI describes them. Lists may be repeated or joined by commas."""
        from apispec import APISpec  # what describes is imported when somebody asks
        from apispec.ext.marshmallow import MarshmallowPlugin

        plugin = MarshmallowPlugin()
        APISpec("", "", "3.1.0", plugins=[plugin])
        assert plugin.converter is not None
        found: list[dict[str, Any]] = plugin.converter.schema2parameters(self.schema(), location="query")
        for parameter in found:
            parameter["required"] = parameter["name"] in self.required
            if self.examples and parameter["name"] in self.examples:
                parameter["example"] = self.examples[parameter["name"]]
        return found
