"""A search document, checked against the mapping and analysed: strings and numbers, not yet ids.

Pure. This is the slow part of writing, done outside any transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from discovery.engine import instants
from discovery.engine.embedded.check import InvalidDocumentError, compiled, shown
from discovery.engine.embedded.layout import KEYWORDS, TF_BITS, Analyser, TextField, text_fields

VOCABULARY_SUFFIX = "_terms"
"""Fields so named are made of the vocabulary's names: few texts, held by many suppliers, worth remembering."""

_CACHE_TEXTS = 20_000
_CACHE_LENGTH = 80
_MAX_FREQUENCY = (1 << TF_BITS) - 1


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
    """`terms`: those of each text field, one field after the other; `codes`: of each, field << TF_BITS | frequency;
    `lengths`: tokens by text field; days and seconds are those since 1970. Flat, so that they pack without a loop."""

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
    terms: tuple[str, ...]
    codes: tuple[int, ...]
    lengths: tuple[int, ...]
    name_words: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Analysed:
    """A text: how often it holds each of its terms, `length` of them in all, and its folded words."""

    counts: Mapping[str, int]
    length: int
    folded: frozenset[str]


class Preparer:
    """Checks and analyses documents for one index definition; not shared between threads."""

    def __init__(self, definition: Mapping[str, Any], analysis: Analyser) -> None:
        self.fields: tuple[TextField, ...] = text_fields(definition)
        self._check = compiled(definition["mappings"]["properties"])
        self._analysis = analysis
        self._cache: dict[tuple[str, str], _Analysed] = {}

    def __call__(self, id_: str, document: Any) -> Prepared:
        """Raises InvalidDocumentError."""
        if not isinstance(document, dict):
            raise InvalidDocumentError(f"expected an object, got {shown(document)}")
        self._check(document)
        if document.get("id") != id_:
            raise InvalidDocumentError(f"id: the document says {shown(document.get('id'))}, the action {id_!r}")
        terms: list[str] = []
        codes: list[int] = []
        lengths = []
        words: set[str] = set()
        name_words: set[str] = set()
        for number, field in enumerate(self.fields):
            remember = field.name.endswith(VOCABULARY_SUFFIX)
            analysed = [self._analysed(field.analyzer, value, remember) for value in _values(document, field.name)]
            for one in analysed:
                words |= one.folded
                if field.name in _NAMES:
                    name_words |= one.folded
            counts, length = _counted(analysed)
            lengths.append(length)
            terms += counts
            mark = number << TF_BITS
            codes += [mark | (count if count < _MAX_FREQUENCY else _MAX_FREQUENCY) for count in counts.values()]
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
            updated=None if updated is None else instants.days(updated),
            listed=None if listed is None else instants.seconds(listed),
            location=_pair(document.get("location")),
            keywords=tuple(_values(document, name) for name in KEYWORDS),
            activities=tuple(_activity(activity) for activity in _objects(document, "activities")),
            terms=tuple(terms),
            codes=tuple(codes),
            lengths=tuple(lengths),
            name_words=frozenset(name_words),
            words=frozenset(words),
        )

    def _analysed(self, analyzer: str, text: str, remember: bool) -> _Analysed:
        """A text's terms and folded words; remembered when it is likely to come again."""
        if not remember and len(text) > _CACHE_LENGTH:
            return self._analyse(analyzer, text)
        key = (analyzer, text)
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) >= _CACHE_TEXTS:
                self._cache.clear()
            found = self._cache[key] = self._analyse(analyzer, text)
        return found

    def _analyse(self, analyzer: str, text: str) -> _Analysed:
        terms = self._analysis.terms(analyzer, text)
        return _Analysed(Counter(terms), len(terms), frozenset(self._analysis.terms("folded", text)))


def _counted(analysed: list[_Analysed]) -> tuple[Mapping[str, int], int]:
    """How often each term is in the texts of one field, and how many there are in all. What is remembered stays."""
    if len(analysed) == 1:
        return analysed[0].counts, analysed[0].length
    counts: dict[str, int] = {}
    for one in analysed:
        for term, count in one.counts.items():
            counts[term] = counts.get(term, 0) + count
    return counts, sum(one.length for one in analysed)


def _values(document: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = document.get(name)
    if value is None:
        return ()
    return tuple(dict.fromkeys(value)) if isinstance(value, list) and name in _SETS else _as_tuple(value)


_NAMES = frozenset({"name", "brand"})
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
