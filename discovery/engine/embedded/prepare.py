"""A search document, checked against the mapping and analysed: strings and numbers, not yet ids.

Pure. This is the slow part of writing, done outside any transaction.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, repeat
from typing import Any

from discovery.engine import instants
from discovery.engine.embedded.layout import KEYWORDS, Analyser, TextField, text_fields

SINGLE = frozenset(
    {"id", "slug", "siret", "siren", "name_key", "fingerprint", "activities.sector", "activities.sector_group"}
    | {"activities.scope"}
)
"""Keyword fields that take one value; the others take one or a list, as in Elasticsearch."""

VOCABULARY_SUFFIX = "_terms"
"""Fields so named are made of the vocabulary's names: few texts, held by many suppliers, worth remembering."""

_CACHE_TERMS = 20_000
_CACHE_LENGTH = 80


class InvalidDocumentError(ValueError):
    """The document can't be indexed; the message says which field and why, for people."""


@dataclass(frozen=True, slots=True)
class PreparedActivity:
    sector: str | None
    group: str | None
    scope: str | None
    radius_km: int | None
    location: tuple[float, float] | None
    services: tuple[str, ...]
    places: tuple[str, ...]
    within: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """`postings`: (field number, term, frequency); `lengths`: tokens by text field; days and seconds are those since
    1970."""

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
    keywords: tuple[tuple[str, ...], ...]
    activities: tuple[PreparedActivity, ...]
    postings: tuple[tuple[int, str, int], ...]
    lengths: tuple[int, ...]
    name_words: frozenset[str]
    words: frozenset[str]


_EPOCH = date(1970, 1, 1).toordinal()


def days(text: str) -> int:
    """Days from 1970-01-01 to an ISO date; ValueError when it is none."""
    return date.fromisoformat(text).toordinal() - _EPOCH


def _keyword(path: str, value: Any) -> None:
    values = value if isinstance(value, list) and path not in SINGLE else [value]
    for item in values:
        if not isinstance(item, str):
            raise InvalidDocumentError(f"{path}: expected text, got {_shown(item)}")


def _text(path: str, value: Any) -> None:
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, str):
            raise InvalidDocumentError(f"{path}: expected text, got {_shown(item)}")
        try:
            item.encode()
        except UnicodeEncodeError:
            raise InvalidDocumentError(f"{path}: holds half a character (a lone surrogate)") from None


def _integer(path: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) < value < 2**31:
        raise InvalidDocumentError(f"{path}: expected a whole number of 32 bits, got {_shown(value)}")


def _boolean(path: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise InvalidDocumentError(f"{path}: expected true or false, got {_shown(value)}")


def _date(path: str, value: Any) -> None:
    try:
        if len(value) != 10:
            raise ValueError
        days(value)
    except (TypeError, ValueError):
        raise InvalidDocumentError(f"{path}: expected a date such as 2026-03-01, got {_shown(value)}") from None


def _instant(path: str, value: Any) -> None:
    try:
        instants.seconds(value)
    except (TypeError, ValueError):
        raise InvalidDocumentError(
            f"{path}: expected an instant such as 2026-03-01T09:30:00Z, got {_shown(value)}"
        ) from None


def _point(path: str, value: Any) -> None:
    if not isinstance(value, dict) or value.keys() != {"lat", "lon"}:
        raise InvalidDocumentError(f'{path}: expected {{"lat": ..., "lon": ...}}, got {_shown(value)}')
    for name, top in (("lat", 90), ("lon", 180)):
        degrees = value[name]
        if isinstance(degrees, bool) or not isinstance(degrees, int | float) or not math.isfinite(degrees):
            raise InvalidDocumentError(f"{path}.{name}: expected degrees, got {_shown(degrees)}")
        if abs(degrees) > top:
            raise InvalidDocumentError(f"{path}.{name}: {degrees} is beyond {top} degrees")


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


_CHECKS: Mapping[str, Callable[[str, Any], None]] = {
    "keyword": _keyword,
    "text": _text,
    "integer": _integer,
    "boolean": _boolean,
    "strict_date": _date,
    "strict_date_time_no_millis": _instant,
    "geo_point": _point,
}


class Preparer:
    """Checks and analyses documents for one index definition; not shared between threads."""

    def __init__(self, definition: Mapping[str, Any], analysis: Analyser) -> None:
        self.fields: tuple[TextField, ...] = text_fields(definition)
        self._properties: Mapping[str, Any] = definition["mappings"]["properties"]
        self._analysis = analysis
        self._cache: dict[tuple[str, str], tuple[list[str], frozenset[str]]] = {}

    def __call__(self, id_: str, document: Any) -> Prepared:
        """Raises InvalidDocumentError."""
        if not isinstance(document, dict):
            raise InvalidDocumentError(f"expected an object, got {_shown(document)}")
        self._check(self._properties, document, "")
        if document.get("id") != id_:
            raise InvalidDocumentError(f"id: the document says {_shown(document.get('id'))}, the action {id_!r}")
        postings: list[tuple[int, str, int]] = []
        lengths = []
        words: set[str] = set()
        folded: set[str]
        name_words: set[str] = set()
        for number, field in enumerate(self.fields):
            remember = field.name.endswith(VOCABULARY_SUFFIX)
            analysed = [self._analysed(field.analyzer, value, remember) for value in _values(document, field.name)]
            counts = Counter(chain.from_iterable(terms for terms, _ in analysed))
            lengths.append(counts.total())
            postings += zip(repeat(number), counts, counts.values(), strict=False)
            folded = set().union(*(words for _, words in analysed))
            words |= folded
            if field.name in ("name", "brand"):
                name_words |= folded
        updated, listed = document.get("updated_at"), document.get("first_listed_at")
        return Prepared(
            id=id_,
            live=document.get("live") is True,
            fingerprint=document.get("fingerprint") or "",
            slug=document.get("slug"),
            former_slugs=_values(document, "former_slugs"),
            siret=document.get("siret"),
            siren=document.get("siren"),
            name_key=document.get("name_key"),
            completeness=document.get("completeness"),
            level=document.get("certification_level"),
            updated=None if updated is None else days(updated),
            listed=None if listed is None else instants.seconds(listed),
            location=_pair(document.get("location")),
            keywords=tuple(_values(document, name) for name in KEYWORDS),
            activities=tuple(_activity(activity) for activity in _objects(document, "activities")),
            postings=tuple(postings),
            lengths=tuple(lengths),
            name_words=frozenset(name_words),
            words=frozenset(words),
        )

    def _check(self, properties: Mapping[str, Any], value: dict[str, Any], prefix: str) -> None:
        for name, item in value.items():
            mapping = properties.get(name)
            path = prefix + str(name)
            if mapping is None:
                raise InvalidDocumentError(f"{path}: no such field in the mapping, which is strict")
            if item is None or mapping.get("enabled") is False:
                continue
            kind = mapping.get("type", "object")
            if kind == "nested":
                for number, inner in enumerate(item if isinstance(item, list) else [item]):
                    if not isinstance(inner, dict):
                        raise InvalidDocumentError(f"{path}[{number}]: expected an object, got {_shown(inner)}")
                    self._check(mapping["properties"], inner, path + ".")
            else:
                kind = mapping.get("format", kind)
                check = _CHECKS.get(kind)
                if check is None:
                    raise InvalidDocumentError(f"{path}: the embedded engine knows no fields of type {kind!r}")
                check(path, item)

    def _analysed(self, analyzer: str, text: str, remember: bool) -> tuple[list[str], frozenset[str]]:
        """The field's terms and the folded words of a text; remembered when it is likely to come again."""
        if not remember and len(text) > _CACHE_LENGTH:
            return self._analysis.terms(analyzer, text), frozenset(self._analysis.terms("folded", text))
        key = (analyzer, text)
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) >= _CACHE_TERMS:
                self._cache.clear()
            found = (self._analysis.terms(analyzer, text), frozenset(self._analysis.terms("folded", text)))
            self._cache[key] = found
        return found


def _values(document: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = document.get(name)
    if value is None:
        return ()
    return tuple(dict.fromkeys(value)) if isinstance(value, list) and name in _SETS else _as_tuple(value)


_SETS = frozenset({*KEYWORDS, "former_slugs", "service_types", "places", "places_within"})


def _as_tuple(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _objects(document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = document.get(name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _pair(point: Mapping[str, float] | None) -> tuple[float, float] | None:
    return None if point is None else (float(point["lat"]), float(point["lon"]))


def _activity(value: Mapping[str, Any]) -> PreparedActivity:
    return PreparedActivity(
        sector=value.get("sector"),
        group=value.get("sector_group"),
        scope=value.get("scope"),
        radius_km=value.get("radius_km"),
        location=_pair(value.get("location")),
        services=_values(value, "service_types"),
        places=_values(value, "places"),
        within=_values(value, "places_within"),
    )
