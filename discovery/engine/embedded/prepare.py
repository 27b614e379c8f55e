"""A search document, checked against the mapping and analysed: words have the numbers of this process, not yet the
store's.

This is the slow part of writing, done outside any transaction.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from discovery.engine import instants
from discovery.engine.embedded.arrays import Int32s, Interner
from discovery.engine.embedded.layout import KEYWORDS, Analyser, TextField, text_fields
from discovery.engine.embedded.postings import Content
from discovery.engine.json_safety import no_number
from discovery.errors import DiscoveryError

SINGLE = frozenset(
    {"id", "slug", "siret", "siren", "name_key", "fingerprint", "activities.sector", "activities.sector_group"}
    | {"activities.scope"}
)
"""Keyword fields that take one value; the others take one or a list, as in Elasticsearch."""


class InvalidDocumentError(DiscoveryError):
    """The document can't be indexed; the message says which field and why, for people."""


def shown(value: Any) -> str:
    """A value as an error message shows it."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def compiled(properties: Mapping[str, Any], prefix: str = "") -> Callable[[dict[str, Any]], None]:
    """A function that raises InvalidDocumentError for an object which is not of this mapping.

    Made once for a mapping, because every field of every document goes through it.
    """
    return partial(_object, {name: _rule(prefix + name, mapping) for name, mapping in properties.items()}, prefix)


def _object(rules: Mapping[str, Callable[[Any], None]], prefix: str, value: dict[str, Any]) -> None:
    for name, item in value.items():
        rule = rules.get(name)
        if rule is None:
            raise InvalidDocumentError(f"{prefix}{name}: no such field in the mapping, which is strict")
        if item is not None:
            rule(item)


def _rule(path: str, mapping: Mapping[str, Any]) -> Callable[[Any], None]:
    if mapping.get("enabled") is False:
        return partial(_stored, path)
    kind = mapping.get("type", "object")
    if kind == "nested":
        return partial(_nested, path, compiled(mapping["properties"], path + "."))
    kind = mapping.get("format", kind)
    if kind == "keyword" and path in SINGLE:
        return partial(_one_keyword, path)
    check = _CHECKS.get(kind)
    return partial(_unknown, path, kind) if check is None else partial(check, path)


def _unknown(path: str, kind: str, _: Any) -> None:
    raise InvalidDocumentError(f"{path}: the embedded engine knows no fields of type {kind!r}")


def _nested(path: str, check: Callable[[dict[str, Any]], None], value: Any) -> None:
    for number, inner in enumerate(value if isinstance(value, list) else [value]):
        if not isinstance(inner, dict):
            raise InvalidDocumentError(f"{path}[{number}]: expected an object, got {shown(inner)}")
        check(inner)


def _stored(path: str, value: Any) -> None:
    """Of what is only stored: no number that JSON does not have, which would come back as null."""
    if (found := no_number(value)) is not None:
        raise InvalidDocumentError(f"{path}: can't be stored as JSON: {found} is no number there")


def _one_keyword(path: str, value: Any) -> None:
    if not isinstance(value, str):
        raise InvalidDocumentError(f"{path}: expected text, got {shown(value)}")


def _keyword(path: str, value: Any) -> None:
    for item in value if isinstance(value, list) else (value,):
        if not isinstance(item, str):
            raise InvalidDocumentError(f"{path}: expected text, got {shown(item)}")


def _text(path: str, value: Any) -> None:
    for item in value if isinstance(value, list) else (value,):
        if not isinstance(item, str):
            raise InvalidDocumentError(f"{path}: expected text, got {shown(item)}")
        try:
            item.encode()
        except UnicodeEncodeError:
            raise InvalidDocumentError(f"{path}: holds half a character (a lone surrogate)") from None


def _integer(path: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) < value < 2**31:
        raise InvalidDocumentError(f"{path}: expected a whole number of 32 bits, got {shown(value)}")


def _boolean(path: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise InvalidDocumentError(f"{path}: expected true or false, got {shown(value)}")


def _date(path: str, value: Any) -> None:
    try:
        if len(value) != 10:
            raise ValueError
        instants.days(value)
    except (TypeError, ValueError):
        raise InvalidDocumentError(f"{path}: expected a date such as 2026-03-01, got {shown(value)}") from None


def _instant(path: str, value: Any) -> None:
    try:
        instants.seconds(value)
    except (TypeError, ValueError):
        raise InvalidDocumentError(
            f"{path}: expected an instant such as 2026-03-01T09:30:00Z, got {shown(value)}"
        ) from None


def _point(path: str, value: Any) -> None:
    if not isinstance(value, dict) or value.keys() != {"lat", "lon"}:
        raise InvalidDocumentError(f'{path}: expected {{"lat": ..., "lon": ...}}, got {shown(value)}')
    for name, top in (("lat", 90), ("lon", 180)):
        degrees = value[name]
        if isinstance(degrees, bool) or not isinstance(degrees, int | float) or not math.isfinite(degrees):
            raise InvalidDocumentError(f"{path}.{name}: expected degrees, got {shown(degrees)}")
        if abs(degrees) > top:
            raise InvalidDocumentError(f"{path}.{name}: {degrees} is beyond {top} degrees")


_CHECKS: Mapping[str, Callable[[str, Any], None]] = {
    "keyword": _keyword,
    "text": _text,
    "integer": _integer,
    "boolean": _boolean,
    "strict_date": _date,
    "strict_date_time_no_millis": _instant,
    "geo_point": _point,
}


_CACHE_TEXTS = 20_000
_CACHE_LENGTH = 80


class PreparedActivity(NamedTuple):
    """An activity of a prepared document."""

    sector: str | None
    group: str | None
    scope: str | None
    radius_km: int | None
    location: tuple[float, float] | None
    services: tuple[str, ...]
    places: tuple[str, ...]
    within: tuple[str, ...]


class Text(NamedTuple):
    """A text as the numbers of its terms and of its folded words, ascending."""

    terms: Int32s
    folded: Int32s
    shared: int | None = None
    """Its own number, when a row is to hold that (see `postings.SharedTexts`)."""


@dataclass(slots=True)
class Prepared:
    """A document, checked and analysed, ready to be packed.

    `texts`: each with the number of its field. Days and seconds are those since 1970.
    """

    id: str
    live: bool
    fingerprint: str
    slug: str | None
    former_slugs: tuple[str, ...]
    siret: str | None
    siren: str | None
    name_key: str | None
    completeness: int | None
    level: int | None
    updated: int | None
    """Days."""
    listed: int | None
    """Seconds."""
    location: tuple[float, float] | None
    keywords: list[tuple[str, ...]]
    activities: list[PreparedActivity]
    texts: list[tuple[int, Text]]


class Preparer:
    """Checks and analyses documents for one index definition; not shared between threads. `numbers` are those
    of the words met, `shared` those of texts kept once."""

    def __init__(self, definition: Mapping[str, Any], analysis: Analyser) -> None:
        self.fields: tuple[TextField, ...] = text_fields(definition)
        self.numbers: Interner[str] = Interner()
        self.shared: Interner[Content] = Interner()
        self._texts = tuple(
            (number, field.name, field.analyzer, field.shared) for number, field in enumerate(self.fields)
        )
        self._check = compiled(definition["mappings"]["properties"])
        self._analysis = analysis
        self._cache: dict[tuple[str, str, bool], Text] = {}

    def __call__(self, id_: str, document: Any) -> Prepared:
        """Raises InvalidDocumentError."""
        if not isinstance(document, dict):
            raise InvalidDocumentError(f"expected an object, got {shown(document)}")
        self._check(document)
        if document.get("id") != id_:
            raise InvalidDocumentError(f"id: the document says {shown(document.get('id'))}, the action {id_!r}")
        texts = []
        for number, name, analyzer, shared in self._texts:
            if name in document:
                texts += [(number, self._analysed(analyzer, value, shared)) for value in _list(document[name])]
        updated, listed = document.get("updated_at"), document.get("first_listed_at")
        return Prepared(
            id=id_,
            live=document.get("live") is True,
            fingerprint=document.get("fingerprint") or "",
            slug=document.get("slug"),
            former_slugs=_set(document.get("former_slugs")),
            siret=document.get("siret"),
            siren=document.get("siren"),
            name_key=document.get("name_key"),
            completeness=document.get("completeness"),
            level=document.get("certification_level"),
            updated=None if updated is None else instants.days(updated),
            listed=None if listed is None else instants.seconds(listed),
            location=_pair(document.get("location")),
            keywords=[_set(document.get(name)) for name in KEYWORDS],
            activities=[_activity(activity) for activity in _list(document.get("activities"))],
            texts=texts,
        )

    def _analysed(self, analyzer: str, value: str, shared: bool) -> Text:
        """A text of the document; remembered when it is likely to come again."""
        if not shared and len(value) > _CACHE_LENGTH:
            return self._analyse(analyzer, value)
        key = (analyzer, value, shared)
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) >= _CACHE_TEXTS:
                self._cache.clear()
            found = self._analyse(analyzer, value)
            if shared:
                found = found._replace(shared=self.shared[found.terms.tobytes(), found.folded.tobytes()])
            self._cache[key] = found
        return found

    def _analyse(self, analyzer: str, value: str) -> Text:
        terms, folded = self._analysis.terms_by((analyzer, "folded"), value)
        numbers: Int32s = np.array([*map(self.numbers.__getitem__, chain(terms, folded))], dtype=np.int32)
        text = Text(numbers[: len(terms)], numbers[len(terms) :])
        text.terms.sort()
        text.folded.sort()
        return text


def _list(value: Any) -> Sequence[Any]:
    return () if value is None else value if isinstance(value, list) else (value,)


def _set(value: Any) -> tuple[str, ...]:
    """Each value once."""
    if value is None:
        return ()
    if not isinstance(value, list):
        return (value,)
    return tuple(value if len(value) < 2 else dict.fromkeys(value))


def _pair(point: Mapping[str, float] | None) -> tuple[float, float] | None:
    return None if point is None else (float(point["lat"]), float(point["lon"]))


def _activity(value: Mapping[str, Any]) -> PreparedActivity:
    return PreparedActivity(
        sector=value.get("sector"),
        group=value.get("sector_group"),
        scope=value.get("scope"),
        radius_km=value.get("radius_km"),
        location=_pair(value.get("location")),
        services=_set(value.get("service_types")),
        places=_set(value.get("places")),
        within=_set(value.get("places_within")),
    )
