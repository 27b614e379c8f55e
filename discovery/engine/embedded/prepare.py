"""A document to the bytes of its row (see `layout`): checked against the mapping, its words counted
in numpy, packed.

What Elasticsearch would refuse is refused here, with a reason for people.
"""

import math
import struct
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np

from discovery.engine import instants
from discovery.engine.analysis import Analysis
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
    Header,
    TextField,
    text_fields,
)
from discovery.engine.embedded.postings import Content
from discovery.engine.json_safety import no_number
from discovery.errors import DiscoveryError
from discovery.model import dataclass

SINGLE = frozenset(
    {
        "id",
        "slug",
        "siret",
        "siren",
        "name_key",
        "fingerprint",
        "activities.sector",
        "activities.sector_group",
    }
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
    return partial(
        _object,
        {name: _rule(prefix + name, mapping) for name, mapping in properties.items()},
        prefix,
    )


def _object(rules: Mapping[str, Callable[[Any], None]], prefix: str, value: dict[str, Any]) -> None:
    for name, item in value.items():
        rule = rules.get(name)
        if rule is None:
            raise InvalidDocumentError(
                f"{prefix}{name}: no such field in the mapping, which is strict"
            )
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
    for item in as_list(value):
        _keyword(path, item)


def _text(path: str, value: Any) -> None:
    for item in as_list(value):
        _keyword(path, item)
        try:
            item.encode()
        except UnicodeEncodeError:
            raise InvalidDocumentError(
                f"{path}: holds half a character (a lone surrogate)"
            ) from None


def _integer(path: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) < value < 2**31:
        raise InvalidDocumentError(
            f"{path}: expected a whole number of 32 bits, got {shown(value)}"
        )


def _boolean(path: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise InvalidDocumentError(f"{path}: expected true or false, got {shown(value)}")


def _date(path: str, value: Any) -> None:
    try:
        if len(value) != 10:
            raise ValueError
        instants.days(value)
    except (TypeError, ValueError):
        raise InvalidDocumentError(
            f"{path}: expected a date such as 2026-03-01, got {shown(value)}"
        ) from None


def _instant(path: str, value: Any) -> None:
    try:
        instants.seconds(value)
    except (TypeError, ValueError):
        raise InvalidDocumentError(
            f"{path}: expected an instant such as 2026-03-01T09:30:00Z, got {shown(value)}"
        ) from None


def _point(path: str, value: Any) -> None:
    if not isinstance(value, dict) or value.keys() != {"lat", "lon"}:
        raise InvalidDocumentError(
            f'{path}: expected {{"lat": ..., "lon": ...}}, got {shown(value)}'
        )
    for name, top in (("lat", 90), ("lon", 180)):
        degrees = value[name]
        if (
            isinstance(degrees, bool)
            or not isinstance(degrees, int | float)
            or not math.isfinite(degrees)
        ):
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


class Text(NamedTuple):
    """A text as the numbers of its terms and of its folded words, ascending."""

    terms: Int32s
    folded: Int32s
    shared: int | None = None
    """Its own number, when a row is to hold that (see `postings.SharedTexts`)."""


@dataclass(slots=True)
class Prepared:
    """A document, checked, and analysed: `texts`, each with the number of its field. `document`:
    the fields to pack; a batch of whole ones costs memory, and a tenth of a rebuild's time.
    """

    document: Mapping[str, Any]
    texts: list[tuple[int, Text]]


class Preparer:
    """Checks and analyses documents for one index definition; not shared between threads. `numbers`
    are those of the words met, `shared` those of texts kept once.
    """

    def __init__(self, definition: Mapping[str, Any], analysis: Analysis) -> None:
        self.fields: tuple[TextField, ...] = text_fields(definition)
        self.numbers: Interner[str] = Interner()
        self.shared: Interner[Content] = Interner()
        self._texts = tuple(
            (number, field.name, field.analyzer, field.shared)
            for number, field in enumerate(self.fields)
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
            raise InvalidDocumentError(
                f"id: the document says {shown(document.get('id'))}, the action {id_!r}"
            )
        texts = []
        for number, name, analyzer, shared in self._texts:
            if name in document:
                for value in as_list(document[name]):
                    likely_again = shared or len(value) <= _CACHE_LENGTH
                    analysed = self._recalled if likely_again else self._analysed
                    texts.append((number, analysed(analyzer, value, shared)))
        return Prepared({name: document[name] for name in _PACKED if name in document}, texts)

    def _analysed(self, analyzer: str, value: str, shared: bool) -> Text:
        terms, folded = self._analysis.terms_by((analyzer, "folded"), value)
        numbers: Int32s = np.array(
            [*map(self.numbers.__getitem__, chain(terms, folded))], dtype=np.int32
        )
        text = Text(numbers[: len(terms)], numbers[len(terms) :])
        text.terms.sort()
        text.folded.sort()
        if shared:
            text = text._replace(shared=self.shared[text.terms.tobytes(), text.folded.tobytes()])
        return text


def as_list(value: Any) -> Sequence[Any]:
    """The values of a field, which may be none, one, or a list."""
    return () if value is None else value if isinstance(value, list) else (value,)


def _set(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        return (value,)
    return tuple(value if len(value) < 2 else dict.fromkeys(value))


def _point_of(location: Mapping[str, float] | None) -> tuple[float, float]:
    return _NOWHERE if location is None else (float(location["lat"]), float(location["lon"]))


_PACKED = (
    "live", "slug", "former_slugs", "siret", "siren", "name_key", "completeness", "certification_level", "updated_at",
    "first_listed_at", "location", "activities", *KEYWORDS,
)  # fmt: skip
_LISTS = ("service_types", "places", "places_within")
"""Of an activity, in the packed order."""
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
    """The words of some documents: all that can be done with them before their ids in the store are
    known.
    """

    documents: Sequence[Prepared]
    ends: list[list[int]]
    """By document, the end of its header: how many items each section has, then the lengths of its
    fields.
    """
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


def pack(
    batch: Counted, intern: Callable[[str], int], renumber: Renumber, of_texts: Renumber
) -> list[bytes]:
    """A row a document. `intern` gives the id of a string, making one when it is new; `renumber`
    does the same for the numbers under which words were prepared, `of_texts` for those of shared
    texts.
    """
    if not batch.documents:
        return []
    counts = len(KEYWORDS) + len(batch.ends[0])
    heads = map(_head(intern, counts), batch.documents, batch.ends)
    sections = (each.slots(of_texts if each.of_texts else renumber) for each in batch.sections)
    return [b"".join(parts) for parts in zip(heads, *sections, strict=True)]


class _Section:
    """Words of all documents, one document after the other; `rows` are the documents. `codes`, if
    any, stand beside. `of_texts`: what stands for words are the numbers of shared texts.
    """

    def __init__(
        self,
        rows: Int64s,
        words: Int32s,
        count: int,
        codes: Int32s | None = None,
        *,
        of_texts: bool = False,
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
        return [
            packed[start:end]
            for start, end in pairwise((offsets(self.counts) * slots[:1].nbytes).tolist())
        ]


def _laid_out(cells: Int64s, lists: Sequence[Int32s]) -> tuple[Int64s, Int32s]:
    """The items of all lists, one list after the other, behind the cell of each."""
    if not lists:
        return cells, np.zeros(0, dtype=np.int32)
    return np.repeat(cells, [len(one) for one in lists]), np.concatenate(lists)


def _runs(owners: Int64s, words: Int32s) -> tuple[Int64s, Int32s, Int64s]:
    """The distinct (owner, word), in order, and how often each comes.

    Sorted as one number, by the sort that is quick with what is nearly sorted: owners are, and the
    words of a text.
    """
    keys = owners << 32 | words
    keys.sort(kind="stable")
    first = nonzero(np.diff(keys, prepend=-1))
    held = keys[first]
    return held >> 32, (held & _WORD).astype(np.int32), np.diff(first, append=len(keys))


def _postings(
    cells: Int64s, terms: Int32s, width: int, count: int, *, of_texts: bool = False
) -> _Section:
    held, term, frequency = _runs(cells, terms)
    row, field = np.divmod(held, width)
    code = field << TF_BITS | np.minimum(frequency, _MAX_FREQUENCY)
    return _Section(row, term, count, code.astype(np.int32), of_texts=of_texts)


def _head(intern: Callable[[str], int], counts: int) -> Callable[[Prepared, Sequence[int]], bytes]:
    """A function that packs all of a row before its words, of a document and the slots at the end
    of its header. `counts`: how many those are, with one a column of keywords.
    """
    header = struct.Struct(f"<{_FIXED}{Header.POSTINGS - Header.ACTIVITIES + counts}i").pack

    def head(one: Prepared, end: Sequence[int]) -> bytes:
        document = one.document
        # By group then sector, so that a supplier's equal sectors stand side by side.
        activities: list[Mapping[str, Any]] = sorted(
            as_list(document.get("activities")),
            key=lambda each: (each.get("sector_group") or "", each.get("sector") or ""),
        )
        lists = [[_set(each.get(name)) for each in activities] for name in _LISTS]
        keywords = [_set(document.get(name)) for name in KEYWORDS]
        location, updated, listed = (
            document.get(name) for name in ("location", "updated_at", "first_listed_at")
        )
        return b"".join(
            (
                header(
                    (LIVE if document.get("live") else 0)
                    | (LOCATED if location is not None else 0),
                    _number(document.get("completeness")),
                    _number(document.get("certification_level")),
                    ABSENT if updated is None else instants.days(updated),
                    *_point_of(location),
                    NEVER if listed is None else instants.seconds(listed),
                    *map(len, keywords),
                    len(activities),
                    *(sum(map(len, held)) for held in lists),
                    *end,
                ),
                _ints([intern(text) for texts in keywords for text in texts]),
                *(
                    _packed_activity(each, intern, held)
                    for each, *held in zip(activities, *lists, strict=True)
                ),
                _ints([intern(text) for held in lists for texts in held for text in texts]),
            )
        )

    return head


def _packed_activity(
    one: Mapping[str, Any], intern: Callable[[str], int], lists: Sequence[Sequence[str]]
) -> bytes:
    sector, group, location = one.get("sector"), one.get("sector_group"), one.get("location")
    return _ACTIVITY(
        -1 if sector is None else intern(sector),
        -1 if group is None else intern(group),
        _SCOPES.get(one.get("scope") or "", OTHER),
        _number(one.get("radius_km")),
        *_point_of(location),
        location is not None,
        *map(len, lists),
    )


def _ints(values: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(values)}i", *values)
