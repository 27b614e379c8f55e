"""The engine port: what a search is, whichever engine answers it.

Every engine gives, for the same request and documents, the same filters, totals and facet counts,
and on a freshly built one-shard index the same scores within 1e-4 relative.

In this order: what an engine is asked, what it answers, how it takes documents, what it does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from discovery.errors import DiscoveryError
from discovery.mappings.profiles import Promise, TradeTiers
from discovery.model import attributes, dataclass, field
from discovery.model.attributes import Attributes
from discovery.model.signals import DocumentSignals

if TYPE_CHECKING:
    from discovery.engine.analysis import Analysis


class Coverage(StrEnum):
    """How a supplier may match a place: seated there, by an activity's zone, or by a zone that is
    only presumed (which SERVES takes in).
    """

    LOCATED = "located"
    SERVES = "serves"
    PRESUMED = "presumed"
    ANY = "any"

    @property
    def by_seat(self) -> bool:
        return self in (Coverage.LOCATED, Coverage.ANY)

    @property
    def by_zone(self) -> bool:
        return self is not Coverage.LOCATED


class National(StrEnum):
    """What activities over all of France count for.

    EXCLUDE: they don't serve a place (a seat still counts); ONLY: the activity must be one.
    """

    INCLUDE = "include"
    EXCLUDE = "exclude"
    ONLY = "only"


class ServesBy(StrEnum):
    """How a supplier comes to serve the place asked for, the best first: it sits there (SEAT), an
    activity's declared zone covers it (NEAR: places that it names, or its circle), it serves all of
    France, or it is only presumed to go there.
    """

    SEAT = "seat"
    NEAR = "near"
    NATIONAL = "national"
    PRESUMED = "presumed"


class MatchedBy(StrEnum):
    """What tells that a hit does what is needed, the surest first: an activity it declares;
    evidence from others, such as its registered code; no more than words of its record.
    """

    ACTIVITY = "activity"
    EVIDENCE = "evidence"
    MENTION = "mention"


class Order(StrEnum):
    """Ties always end on id, ascending; those of RELEVANCE by the request's rotation first, if it
    has one.

    ID alone, ascending · RELEVANCE score descending · DISTANCE ascending, unknown last · NAME
    `name_key` ascending · UPDATED, LISTED newest first, unknown last · COMPLETENESS descending,
    then newest first (browsing).
    """

    RELEVANCE = "relevance"
    DISTANCE = "distance"
    NAME = "name"
    UPDATED = "updated"
    LISTED = "listed"
    COMPLETENESS = "completeness"
    ID = "id"


Position = tuple[str | float | None, str]
"""Where a hit stands in an order: (key, id). The key is what the order sorts by: kilometres,
`name_key`, `updated_at`, `first_listed_at`, None when unknown; of ID, always None. Nobody else's
changes when a supplier does.
"""

WALKABLE = frozenset({Order.ID, Order.NAME, Order.UPDATED, Order.LISTED, Order.DISTANCE})
"""Orders whose hits have a position."""


FACETS = tuple(attributes.FACETS)
"""Facets any engine counts. count(v) = the total of the same request with that one filter replaced
by v.
"""


@dataclass(frozen=True, slots=True)
class Point:
    """A point on the Earth, WGS 84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Circle:
    """Boundary included."""

    centre: Point
    radius_km: float


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees; `west > east` crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Target:
    """One place asked for, already resolved; the targets of a request are ORed.

    A supplier is *located* when `everywhere`, or its `commune`, `department` or `region` is listed,
    or its `location` lies in `circle`. An activity *serves* when its scope is `country`; or one of
    its `places` is in `zone_places`; or one of its `places_within` (ancestors of the places it
    names) is in `zone_within`; or its scope is `radius` or `presumed` and its own circle holds one
    of `zone_points`. For `everywhere`, only a country zone serves.
    """

    communes: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    circle: Circle | None = None
    everywhere: bool = False
    zone_places: frozenset[str] = frozenset()
    zone_within: frozenset[str] = frozenset()
    zone_points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters(Attributes):
    """AND between parameters, OR between the values of one; an empty tuple filters nothing.

    Field names are the API's parameters. `sector` takes sector and group slugs, either of which an
    activity may meet. `sector`, `service_type`, `national=only` and the zone must hold on the same
    activity. `department` and `region` are the seat's. `siret` is a prefix of digits.
    """

    siret: str = ""

    @property
    def on_activity(self) -> bool:
        return bool(self.sector or self.service_type)


@dataclass(frozen=True, slots=True)
class Alternative:
    """An analysed token that may stand for a word; its clause's score is multiplied by `weight`."""

    token: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Word:
    """One word asked for: the characters typed, and the tokens any of which is a match (at least
    one).
    """

    text: str
    alternatives: tuple[Alternative, ...] = field(
        hash=False
    )  # of a text nearly always the same: a dozen a word


@dataclass(frozen=True, slots=True)
class TextQuery:
    """score = Σ over words of dis_max over (field, alternative) of boost x weight x BM25.

    dis_max = best + `tie_breaker` x (sum of the others). A supplier matches when at least
    `required` of the `words` match in any field (0 < required <= len(words)).
    """

    words: tuple[Word, ...]
    required: int
    fields: tuple[tuple[str, float], ...]
    tie_breaker: float


@dataclass(frozen=True, slots=True)
class Need:
    """One trade asked for. A supplier meets it by an activity that has one of `sectors` (sector or
    group slugs), by evidence of one of them, or when at least `required` of `words` match in any
    field of the request's `text`, of `fields` where some are given (0 < required <= len(words);
    without `text` or words, words meet nothing).
    """

    sectors: tuple[str, ...]
    words: tuple[Word, ...] = ()
    required: int = 1
    fields: tuple[str, ...] = ()

    def said(self, text: TextQuery) -> TextQuery:
        """What finds who speaks of it, beside a request's text."""
        fields = tuple((name, 1.0) for name in self.fields) or text.fields
        return TextQuery(self.words, self.required, fields, text.tie_breaker)


@dataclass(frozen=True, slots=True)
class TextSignal:
    """weight x min(1, text / (full x the number of words)): at most `weight`, however many words a
    record repeats.
    """

    weight: float
    full: float


@dataclass(frozen=True, slots=True)
class DistanceSignal:
    """weight x promise x ((1 - far_share) x 2^(-x / near_km) + far_share x 2^(-x / far_km)), x =
    max(0, d - offset_km).

    d: kilometres to the nearest of the centres, 0 for who is located `inside` and for everybody
    without a centre; nothing is added where it is unknown. One part falls within a town's
    surroundings, the other still tells 90 km from
    790. The promise is `Signals.promise`'s.
    """

    weight: float
    centres: tuple[Point, ...]
    offset_km: float
    near_km: float
    far_km: float
    far_share: float
    inside: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class FreshnessSignal:
    """weight x exp(-max(0, d - offset)^2 / (2 sigma^2)), sigma^2 = -scale^2 / (2 ln decay), d the
    days between `updated_at` and `as_of`; 0 without a date.
    """

    weight: float
    as_of: date
    offset_days: int
    scale_days: int
    decay: float


@dataclass(frozen=True, slots=True)
class SeaSignal:
    """What is left of a score across the sea.

    `factor` for who sits across the sea from the place asked for: in one of the departments (or,
    unless `among`, in none of them).
    """

    factor: float
    departments: frozenset[str]
    among: bool = True


# Which of equals comes first: a lot each, and an order of lots that is drawn anew by day and
# search. A lot is sixteen bits of the id's digest. A rotation reads them in an order of its own,
# some of them the other way round: so each of ten equals comes first about as often as another, and
# Elasticsearch sorts by fields, without a script.

BITS = 16
EQUAL_DIGITS = 6
"""Decimals of a score that count: those alike in them are equals."""
Lots = TypeVar("Lots", int, "np.ndarray[tuple[int], np.dtype[np.int64]]")


@dataclass(frozen=True, slots=True)
class Rotation:
    """`bits`: the bits of a lot, the first that tells first; of those of the mask `turned`, 1 comes
    before 0.
    """

    bits: tuple[int, ...]
    turned: int

    def place(self, lots: Lots) -> Lots:
        """The lower comes first: of one lot, or of an array of them."""
        found = lots & 0
        for bit in self.bits:
            found = (found << 1) | (((lots ^ self.turned) >> bit) & 1)
        return found


def lot(id_: str) -> int:
    """A supplier's lot: a number of `BITS` bits drawn from its id, the same for ever."""
    return int.from_bytes(blake2b(id_.encode(), digest_size=BITS // 8).digest(), "big")


def drawn(seed: str) -> Rotation:
    """The rotation that a seed draws: the same for the same seed, on any machine."""
    digest = blake2b(seed.encode("utf-8", "replace"), digest_size=BITS + BITS // 8).digest()
    return Rotation(
        tuple(sorted(range(BITS), key=digest.__getitem__)), int.from_bytes(digest[BITS:], "big")
    )


PIN_STEP = 1e7
"""More than any score of a match can be of another's: so many times ranks above it, whatever both
are.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals(DocumentSignals):
    """score = (base + the sum of all signals) x the factors of the supplier. Without any, the score
    of the text.

    `trade`: for each need, by what the supplier meets it. `promise`: how it serves the where, by
    its seat or the zones of its activities that do what is needed, of any where it declares none;
    by `coverage`, `national` and `presumed`, no filter and no exclusion minded; 1 without a where.
    It multiplies `distance`. `named`: a supplier whose `name` or `brand` holds all of these words
    is what was typed: it has `trade.declared` for each need, whatever it does, and all of
    `text.weight`; without a text nobody is. `text` None: the score of the words as it is. Of the
    document's own: weight x its share (`discovery.model.signals`). `base`: what everyone has, so
    that factors tell. `pinned`, `buried`: ids whose matches come first, in this order, and last.
    `rotation`: changes no score; it orders those whose scores are equal to a millionth.
    """

    base: float = 0.0
    named: tuple[Word, ...] = ()
    trade: TradeTiers = TradeTiers()
    promise: Promise = Promise()
    text: TextSignal | None = None
    distance: DistanceSignal | None = None
    freshness: FreshnessSignal | None = None
    sea: SeaSignal | None = None
    pinned: tuple[str, ...] = ()
    buried: tuple[str, ...] = ()
    rotation: Rotation | None = None

    def factors(self) -> dict[str, float]:
        """Id → what its score is multiplied by, the sea aside."""
        steps = range(len(self.pinned), 0, -1)
        first = {id_: PIN_STEP**step for id_, step in zip(self.pinned, steps, strict=True)}
        return dict.fromkeys(self.buried, 1 / PIN_STEP) | first


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """Everything an engine needs. Only documents with `live` true are ever found.

    `text` None = no words. `targets` empty = no where (`coverage` then filters nothing and its
    facet counts every match under each value). `centre` gives each hit its distance and is what
    order DISTANCE needs. `scope`: filters that hold besides, whatever else is asked and whichever
    filter a facet replaces (a site's own suppliers, a service that has not opened everywhere yet);
    what they ask of an activity holds on the same one as all the rest, signals aside. `after`: only
    hits behind this position are given, whatever the total; for `WALKABLE` orders only, with
    `offset` 0. `needs`: who matches is who meets one of them; `text` then only scores, and its
    `required` is not looked at. Of who declares what is needed, only those activities serve a
    where, or are `national=only`. `exclude`, `exclude_targets`: who is left out, whatever else is
    asked. A supplier is by what it is itself (any of the values of any parameter but sector and
    service type) and by where it sits; a sector or a service type takes activities away: those of
    one of these sectors or groups, and those that are offered in no other way. A supplier is then
    out when it has activities and none is left, or when none is left of those by which it met its
    only need. `presumed`: whether an activity that declares no zone serves around its seat, as far
    as presumed of its kind. `unknown_trades`: only suppliers that declare no activity of a sector
    and of whom there is no evidence of any. `unless`: who passes the filters and the where of that
    request, whatever it needs, is left out; without facets only.
    """

    text: TextQuery | None = None
    filters: Filters = field(default_factory=Filters)
    targets: tuple[Target, ...] = ()
    coverage: Coverage = Coverage.ANY
    national: National = National.INCLUDE
    box: Box | None = None
    centre: Point | None = None
    signals: Signals = field(default_factory=Signals)
    order: Order = Order.COMPLETENESS
    offset: int = 0
    size: int = 20
    facets: tuple[str, ...] = FACETS
    scope: tuple[Filters, ...] = ()
    after: Position | None = None
    needs: tuple[Need, ...] = ()
    exclude: Filters = field(default_factory=Filters)
    exclude_targets: tuple[Target, ...] = ()
    presumed: bool = True
    unknown_trades: bool = False
    unless: "SearchRequest | None" = None


Document = dict[str, Any]
"""A search document, shaped by `mappings/suppliers.json`; `public` holds what may leave the
service.
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A supplier found, and how it matched.

    `score` is None when the order is not RELEVANCE; `coverage` and `serves_by` are None without
    targets, `matched_by` without needs.

    `matched_sectors`: sectors of the activities that meet the request's activity filters and, when
    the supplier is not located there, its where; empty when the request has neither. `position`:
    where it stands in an order of `WALKABLE`, None in another.
    """

    id: str
    document: Document
    score: float | None = None
    distance_km: float | None = None
    coverage: Coverage | None = None
    matched_sectors: tuple[str, ...] = ()
    position: Position | None = None
    serves_by: ServesBy | None = None
    matched_by: MatchedBy | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of hits, with the total and the facet counts.

    `facets[name][value]` = count; values with zero are absent (the presenter adds the selected
    ones).
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Grid:
    """How matches are put together on a map: by cell of the world's Web Mercator square, halved
    `precision` times in each direction (0 to `FINEST`), as map tiles are numbered.

    `view`: only suppliers located in it are put in cells. A cell that holds `few` of them or less
    gives the suppliers themselves.
    """

    precision: int
    view: Box | None = None
    few: int = 1


FINEST = 24
"""Cells of about two metres."""


MAPPED = ("id", "slug", "name", "brand", "location", "address")
"""What a map shows of a supplier."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The suppliers of one cell: `count` of them, the mean of their points, the box that holds
    them.

    `suppliers`: all of them, by id, when they are few; of each document at least `id`, `kind` and,
    of its `public` part, `MAPPED`.
    """

    count: int
    centre: Point
    bounds: Box
    suppliers: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Clusters:
    """The matches of a map, gathered by cell.

    Of all `total` matches, those in the view by cell (from west to east, then from north to south),
    those outside it, those without a location: together they are the total.
    """

    total: int
    clusters: tuple[Cluster, ...]
    outside: int
    unlocated: int


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What an engine says of its index.

    `ready` False carries a `reason` for people. `generation` changes whenever an answer might.
    """

    ready: bool
    engine: str
    index: str
    documents: int
    generation: str
    fingerprint: str
    reason: str = ""


class WriteStatus(StrEnum):
    """What became of one action. STALE: a newer version is already there, which is fine on the live
    path.
    """

    INDEXED = "indexed"
    DELETED = "deleted"
    STALE = "stale"
    RETRY = "retry"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Action:
    """Write `document`, or delete when None, if `version` >= the one the index holds
    (external_gte).
    """

    id: str
    version: int
    document: Document | None


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What became of one action, and why."""

    id: str
    status: WriteStatus
    reason: str = ""


class IndexWriter(Protocol):
    """The writing side: what `indexer` uses."""

    def bulk(self, actions: Iterable[Action]) -> list[WriteOutcome]:
        """One outcome per action, in order. Durable when it returns."""

    def status(self) -> EngineStatus: ...


@dataclass(frozen=True, slots=True)
class Held:
    """What an index holds under an id: the document as it gives it back, without
    `_source.excludes`.
    """

    id: str
    version: int
    document: Document


class Holdings(Protocol):
    """The whole of an index, for whoever compares it with the store. Raises `EngineUnavailable`
    only.
    """

    def versions(self, after: str = "", limit: int = 1000) -> dict[str, int]:
        """Versions by id, in id order, of at most so many live and stub documents behind an id."""

    def everything(self) -> Iterator[list[Held]]:
        """All live and stub documents, each once, in no order. What is written meanwhile may be
        missed.
        """

    def held(self, ids: Sequence[str]) -> list[Held]:
        """Documents of these ids that are held now, searchable or not; at most 1,000 ids."""


class EngineUnavailable(DiscoveryError):
    """The engine can't answer now; the message says why, for people."""

    status = 503


class EngineUnreachable(EngineUnavailable):
    """Nothing answers at its address, or it refuses us: the server or the settings are at fault,
    not the index.
    """


class WordCounts(Protocol):
    """The index's own words (analyzer `folded`), for corrections and for intent's 'frequent in the
    index'.
    """

    def count(self, word: str) -> int:
        """Number of live documents that hold the folded word; 0 when unknown."""

    def near(self, word: str, limit: int = 5) -> Sequence[tuple[str, int]]:
        """Known words one edit away (insert, delete, replace, transpose), most frequent first, with
        counts.
        """


class Searcher(Protocol):
    """One state of the index, for all that one answer asks: opened once, by what answers, and
    passed down. The state is that of the first call. Belongs to the thread that opened it. Every
    call raises `EngineUnavailable` only.
    """

    def search(self, request: SearchRequest) -> SearchPage: ...

    def searches(self, requests: Sequence[SearchRequest]) -> list[SearchPage]:
        """Several searches in one go."""

    def counts(self, requests: Sequence[SearchRequest]) -> list[int]:
        """Totals only, in one go (paging, order, signals and facets are ignored)."""

    def clusters(self, request: SearchRequest, grid: Grid) -> Clusters:
        """All matches on a map (paging, order, signals and facets are ignored)."""

    def walk(self, request: SearchRequest) -> tuple[int, Iterator[Hit]]:
        """The total, and the hits of a page as large as one likes, in their order, read while they
        are asked for. EngineUnavailable at once, rather than halfway, if the engine is away.
        """

    def milestones(self, request: SearchRequest, every: int) -> list[Position]:
        """Where each `every`-th match stands in order ID: behind them, parts of that size begin."""

    def get(self, id_or_slug: str) -> Document | None:
        """A document by id, slug or former slug (delisted stubs too: `live` false)."""

    def by_siret(self, siret: str) -> list[Document]:
        """Live documents of that SIRET, or of that SIREN when 9 digits, ordered by id."""

    def names(self, prefix: str, limit: int = 10) -> list[Document]:
        """Live documents one of whose name or brand words (folded) starts with the folded prefix,
        or whose SIRET does; most complete first.
        """

    def words(self) -> WordCounts: ...

    def analysis(self) -> "Analysis":
        """The analysis this index was built with (kept beside it), whatever `mappings/` says today."""

    def status(self) -> EngineStatus: ...


class SearchEngine(Searcher, Protocol):
    """The reading side: what `discovery` uses. Asked itself, each call is of the index as it is
    then.
    """

    def searcher(self) -> AbstractContextManager[Searcher]:
        """One state for all that is asked within. An engine of other processes promises no more
        than each call's own state.
        """
