"""A document to the bytes of its row (see `layout`): checked against the mapping, its words counted in numpy, packed.

What Elasticsearch would refuse is refused here, with a reason for people."""

import math
import struct
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np

from discovery.engine import instants
from discovery.engine.definition import NAMES
from discovery.engine.embedded.arrays import Int32s, Int64s, Interner, nonzero, offsets
from discovery.engine.embedded.layout import (
    ABSENT,
    COUNTRY,
    KEYWORDS,
    LIVE,
    LOCATED,
    NEVER,
    OTHER,
    PRESUMED,
    RADIUS,
    TF_BITS,
    Analyser,
    Header,
    TextField,
    text_fields,
)
from discovery.engine.embedded.postings import Content
from discovery.engine.json_safety import no_number
from discovery.errors import DiscoveryError
from discovery.model import dataclass

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
    if kind == "keyword" and path not in SINGLE:
        kind = "keywords"
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


def _keyword(path: str, value: Any) -> None:
    if not isinstance(value, str):
        raise InvalidDocumentError(f"{path}: expected text, got {shown(value)}")


def _keywords(path: str, value: Any) -> None:
    for item in _list(value):
        _keyword(path, item)


def _text(path: str, value: Any) -> None:
    for item in _list(value):
        _keyword(path, item)
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
    "keywords": _keywords,
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
        self._recalled = lru_cache(_CACHE_TEXTS)(self._analysed)

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
                for value in _list(document[name]):
                    likely_again = shared or len(value) <= _CACHE_LENGTH
                    analysed = self._recalled if likely_again else self._analysed
                    texts.append((number, analysed(analyzer, value, shared)))
        updated, listed = document.get("updated_at"), document.get("first_listed_at")
        return Prepared(
            id=id_,
            live=document.get("live") is True,
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
        terms, folded = self._analysis.terms_by((analyzer, "folded"), value)
        numbers: Int32s = np.array([*map(self.numbers.__getitem__, chain(terms, folded))], dtype=np.int32)
        text = Text(numbers[: len(terms)], numbers[len(terms) :])
        text.terms.sort()
        text.folded.sort()
        if shared:
            text = text._replace(shared=self.shared[text.terms.tobytes(), text.folded.tobytes()])
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


_SCOPES = {"country": COUNTRY, "radius": RADIUS, "presumed": PRESUMED}
_MAX_FREQUENCY = (1 << TF_BITS) - 1
_WORD = (1 << 32) - 1
_NOWHERE = (0.0, 0.0)
_FIXED = "4i3d"
"""Slots of the header up to the number of its first keywords."""
_ACTIVITY = struct.Struct("<4i2d4i").pack


def _number(value: int | None) -> int:
    return ABSENT if value is None else value


@dataclass(slots=True)
class Counted:
    """The words of some documents: all that can be done with them before their ids in the store are known."""

    documents: Sequence[Prepared]
    ends: list[list[int]]
    """By document, the end of its header: how many items each section has, then the lengths of its fields."""
    sections: "tuple[_Section, ...]"


def counted(documents: Sequence[Prepared], fields: Sequence[TextField]) -> Counted:
    """The lists of a segment: which documents hold each term, with how many terms each field has."""
    count, width = len(documents), len(fields)
    texts: list[tuple[int, Text]] = []
    shared: list[tuple[int, Text]] = []
    for at, one in enumerate(documents):
        for number, text in one.texts:
            (texts if text.shared is None else shared).append((at * width + number, text))
    cells = np.array([cell for cell, _ in texts], dtype=np.int64)
    term_cells, terms = _laid_out(cells, [text.terms for _, text in texts])
    folded_cells, folded = _laid_out(cells, [text.folded for _, text in texts])
    row, field = np.divmod(folded_cells, width)
    named = np.array([one.name in NAMES for one in fields], dtype=np.bool_)[field]
    sharing_cells = np.array([cell for cell, _ in shared], dtype=np.int64)
    numbers: Int32s = np.array([text.shared for _, text in shared], dtype=np.int32)
    sections = (
        _postings(term_cells, terms, width, count),
        _postings(sharing_cells, numbers, width, count, of_texts=True),
        _Section(*_runs(row[named], folded[named])[:2], count),
        _Section(*_runs(row, folded)[:2], count),
    )
    lengths = np.bincount(term_cells, minlength=count * width)
    np.add.at(lengths, sharing_cells, [len(text.terms) for _, text in shared])
    ends = np.column_stack((*(each.counts for each in sections), lengths.reshape(count, width)))
    return Counted(documents, ends.tolist(), sections)


Renumber = Callable[[Int32s], Int32s]


def pack(batch: Counted, intern: Callable[[str], int], renumber: Renumber, of_texts: Renumber) -> list[bytes]:
    """A row a document. `intern` gives the id of a string, making one when it is new; `renumber` does the same for the
    numbers under which words were prepared, `of_texts` for those of shared texts."""
    if not batch.documents:
        return []
    counts = len(batch.documents[0].keywords) + len(batch.ends[0])
    heads = map(_head(intern, counts), batch.documents, batch.ends)
    sections = (each.slots(of_texts if each.of_texts else renumber) for each in batch.sections)
    return [b"".join(parts) for parts in zip(heads, *sections, strict=True)]


class _Section:
    """Words of all documents, one document after the other; `rows` are the documents. `codes`, if any, stand beside.
    `of_texts`: what stands for words are the numbers of shared texts."""

    def __init__(
        self, rows: Int64s, words: Int32s, count: int, codes: Int32s | None = None, *, of_texts: bool = False
    ) -> None:
        self.of_texts = of_texts
        self.counts = np.bincount(rows, minlength=count)
        """Words by document."""
        self._words = words
        self._codes = codes

    def slots(self, renumber: Renumber) -> list[bytes]:
        """By document."""
        ids = renumber(self._words)
        slots = ids if self._codes is None else np.column_stack((ids, self._codes))
        packed = slots.astype("<i4", copy=False).tobytes()
        return [packed[start:end] for start, end in pairwise((offsets(self.counts) * slots[:1].nbytes).tolist())]


def _laid_out(cells: Int64s, lists: Sequence[Int32s]) -> tuple[Int64s, Int32s]:
    """The items of all lists, one list after the other, behind the cell of each."""
    if not lists:
        return cells, np.zeros(0, dtype=np.int32)
    return np.repeat(cells, [len(one) for one in lists]), np.concatenate(lists)


def _runs(owners: Int64s, words: Int32s) -> tuple[Int64s, Int32s, Int64s]:
    """The distinct (owner, word), in order, and how often each comes.

    Sorted as one number, by the sort that is quick with what is nearly sorted: owners are, and the words of a text.
    """
    keys = owners << 32 | words
    keys.sort(kind="stable")
    first = nonzero(np.diff(keys, prepend=-1))
    held = keys[first]
    return held >> 32, (held & _WORD).astype(np.int32), np.diff(first, append=len(keys))


def _postings(cells: Int64s, terms: Int32s, width: int, count: int, *, of_texts: bool = False) -> _Section:
    held, term, frequency = _runs(cells, terms)
    row, field = np.divmod(held, width)
    code = field << TF_BITS | np.minimum(frequency, _MAX_FREQUENCY)
    return _Section(row, term, count, code.astype(np.int32), of_texts=of_texts)


def _head(intern: Callable[[str], int], counts: int) -> Callable[[Prepared, Sequence[int]], bytes]:
    """A function that packs all of a row before its words, of a document and the slots at the end of its header.
    `counts`: how many those are, with one a column of keywords."""
    header = struct.Struct(f"<{_FIXED}{Header.POSTINGS - Header.ACTIVITIES + counts}i").pack

    def head(document: Prepared, end: Sequence[int]) -> bytes:
        # By group then sector, so that a supplier's equal sectors stand side by side.
        activities = sorted(document.activities, key=lambda one: (one.group or "", one.sector or ""))
        services = [intern(text) for one in activities for text in one.services]
        places = [intern(text) for one in activities for text in one.places]
        within = [intern(text) for one in activities for text in one.within]
        keywords = [intern(text) for texts in document.keywords for text in texts]
        return b"".join(
            (
                header(
                    (LIVE if document.live else 0) | (LOCATED if document.location is not None else 0),
                    _number(document.completeness),
                    _number(document.level),
                    _number(document.updated),
                    *(document.location or _NOWHERE),
                    NEVER if document.listed is None else document.listed,
                    *map(len, document.keywords),
                    len(activities),
                    len(services),
                    len(places),
                    len(within),
                    *end,
                ),
                _ints(keywords),
                *[_packed_activity(one, intern) for one in activities],
                _ints([*services, *places, *within]),
            )
        )

    return head


def _packed_activity(one: PreparedActivity, intern: Callable[[str], int]) -> bytes:
    return _ACTIVITY(
        -1 if one.sector is None else intern(one.sector),
        -1 if one.group is None else intern(one.group),
        _SCOPES.get(one.scope or "", OTHER),
        _number(one.radius_km),
        *(one.location or _NOWHERE),
        one.location is not None,
        len(one.services),
        len(one.places),
        len(one.within),
    )


def _ints(values: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(values)}i", *values)
