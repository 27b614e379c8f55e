"""A search as asked: its parameters, whoever asks (API, command line or page), and what can be
wrong with them.

Codes of problems and notices are stable; their words are the key `message.<code>` of
`discovery/texts`, in which `args` are filled in.
"""

import math
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cached_property
from hashlib import blake2b
from operator import attrgetter
from typing import Any, Literal

import structlog
from itsdangerous import BadData, URLSafeSerializer

from discovery.engine.port import FACETS, Box, Coverage, Filters, National, Position, TextQuery
from discovery.errors import DiscoveryError
from discovery.mappings import SettingsError
from discovery.mappings.crosswalk import Classification
from discovery.mappings.profiles import LAYERS
from discovery.mappings.vocabulary import Lang, Term, Vocabulary
from discovery.model import dataclass, field, fields, replace
from discovery.model.attributes import EXCLUSIONS, FILTERS, TAKEN_OUT, AttributesAndExclusions
from discovery.phrase.model import BOUNDS
from discovery.phrase.spelling.names import close_values
from discovery.places import Gazetteer
from discovery.search import launch
from discovery.search.launch import EVERYTHING, LaunchScope

Args = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Problem:
    """A parameter that can't be used. `choices`: valid values that come close, nearest first."""

    parameter: str
    value: str
    code: str
    args: Args = field(default_factory=dict)
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning: the search is answered, but not quite as asked, or with a choice made for the
    user.
    """

    code: str
    parameter: str = ""
    args: Args = field(default_factory=dict)
    choices: tuple[str, ...] = ()


MALFORMED = frozenset(
    {"not_a_number", "not_a_whole_number", "not_a_switch", "not_a_box", "given_twice"}
)
"""Codes of parameters that can't be read at all; the others are read, but can't be meant."""


class InvalidQuery(DiscoveryError):
    """The parameters can't be answered; `problems` lists all of them at once.

    `status`: 400 as soon as one can't even be read, else 422.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        self.status = 400 if any(one.code in MALFORMED for one in problems) else 422
        super().__init__("; ".join(f"{one.parameter}={one.value}: {one.code}" for one in problems))


def invalid(parameter: str, code: str, value: str = "", /, **args: str | int) -> InvalidQuery:
    return InvalidQuery((Problem(parameter, value, code, args),))


WALKED = ("id", "name", "updated", "listed", "distance")
"""Sorts that can be walked: who changes meanwhile moves nobody else."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a walk goes on.

    `position`: of the last hit given. `relaxed`: the walk began with the lenient reading of the
    words, and goes on so however many suppliers the strict one finds by now. `mark`: of the search
    (`search_mark.mark`).
    """

    position: Position
    relaxed: bool
    mark: str


MAX_HELPED = 3
"""Unknown values of a parameter that near ones are looked for."""
MAX_Q = 300
"""Characters of a phrase (code points)."""
MIN_RADIUS_KM, MAX_RADIUS_KM = BOUNDS["radius"]
MIN_MINUTES, MAX_MINUTES = BOUNDS["minutes"]
"""By car: what the estimate was measured on."""
MAX_PER_PAGE = 100
MAX_DEPTH = 10_000
"""Hits that can be paged through."""
SORTS = ("relevance", "distance", "name", "updated", "listed")
EVERY_SORT = (*SORTS, "id")
"""Those that people choose from, and the one for programs that fetch everything."""

_COVERAGES, _NATIONALS = tuple(Coverage), tuple(National)
CODES: tuple[Classification, ...] = ("cpv", "naf", "rome")
"""Parameters whose codes stand for sectors."""
PRESUMED = ("include", "exclude")
TRADES = ("unknown",)
AUTO, NO_LIMIT = "auto", "none"
Radius = float | Literal["auto", "none"]
"""Kilometres; `auto`: the smallest circle in which enough suppliers answer; `none`: the centre only
ranks.
"""


@dataclass(frozen=True, slots=True)
class Query(AttributesAndExclusions):
    """One search as asked. Names are the API's; empty or None = not given.

    `place`: codes (`commune:69123`) or typed names; `near`: a typed name or code; `lat`, `lon`,
    `bbox` in WGS 84 degrees; `radius` None is `auto` where there is a centre and no boundary;
    `minutes` by car, in its place. `not_…`: values that take suppliers out. `presumed`: whether
    undeclared zones count (`PRESUMED`). `trades`: only who tells none (`TRADES`). `facets` None =
    all, () = none. `as_of` fixes the day that freshness is measured from (evaluation); None =
    today, UTC. `without`: layers of the profile to switch off. `unknown`: names of parameters that
    don't exist, for a warning. `key`: the widget's, which addresses of the same search repeat;
    `scope`: the suppliers that its presets leave. `cursor`: where a walk goes on, in place of a
    page.
    """

    q: str = ""
    interpret: bool = True
    literal: tuple[str, ...] = ()
    cpv: tuple[str, ...] = ()
    naf: tuple[str, ...] = ()
    rome: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    near: str = ""
    lat: float | None = None
    lon: float | None = None
    radius: Radius | None = None
    minutes: float | None = None
    bbox: Box | None = None
    coverage: str | None = None
    national: str | None = None
    presumed: str | None = None
    trades: str | None = None
    sort: str = "relevance"
    page: int = 1
    per_page: int = 20
    facets: tuple[str, ...] | None = None
    profile: str | None = None
    without: tuple[str, ...] = ()
    lang: Lang = "fr"
    key: str = ""
    as_of: date | None = None
    unknown: tuple[str, ...] = ()
    cursor: Cursor | None = None
    scope: tuple[Filters, ...] = ()

    def values(self, parameter: str) -> tuple[str, ...]:
        """The values of a parameter of `FILTERS`, `CODES`, `EXCLUSIONS`, `place` or `not_place`."""
        found: tuple[str, ...] = getattr(self, parameter)
        return found

    @property
    def radius_km(self) -> float | None:
        """The distance in kilometres; None when none is given, or a word (`auto`, `none`)."""
        return None if isinstance(self.radius, str) else self.radius


_BEFORE = {"cpv": FILTERS, "sort": TAKEN_OUT}
ORDER: tuple[str, ...] = tuple(
    name for own in Query.__annotations__ for name in (*_BEFORE.get(own, ()), own)
)
"""Fields of a query, in the order of parameters in addresses."""


def composed(query: Query) -> Query:
    """The query with its phrase in composed form (NFC) and the spaces of French typography as plain
    ones.

    Letters typed in two parts, and words joined to their "!" by a narrow space, would be other
    words to the analysis.
    """
    q = unicodedata.normalize("NFC", query.q).replace("\u202f", " ").replace("\u00a0", " ")
    return query if q == query.q else replace(query, q=q)


_CHOSEN = (*EXCLUSIONS, *FILTERS)
_chosen = attrgetter(*_CHOSEN)


def check(
    query: Query,
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
    profiles: Collection[str],
    scope: LaunchScope = EVERYTHING,
) -> tuple[Query, list[Problem]]:
    """The query with its values spelt as the lists spell them, and everything wrong with it;
    nothing is raised. Places are checked later, by `where.resolve`. What the scope has not opened
    is a problem too, though it exists.
    """
    problems: list[Problem] = []
    spelt: dict[str, Any] = {}
    for parameter, asked in zip(_CHOSEN, _chosen(query), strict=True):
        if asked:
            held = launch.held(parameter.removeprefix("not_"), vocabulary, gazetteer)
            opened = scope.only(parameter, held) if parameter in FILTERS else held
            spelt[parameter] = _spell(parameter, asked, held, problems, opened)
            for value in spelt[parameter]:
                if value not in opened:
                    args = {
                        "label": launch.called(held[value])[0],
                        "scope": scope.label(query.lang),
                    }
                    problems.append(
                        Problem(
                            parameter,
                            value,
                            "out_of_scope",
                            args,
                            close_values(value, launch.names(opened)),
                        )
                    )
    if query.facets:
        spelt["facets"] = _spell("facets", query.facets, dict.fromkeys(FACETS, ""), problems)
    if query.without:
        spelt["without"] = _spell("without", query.without, dict.fromkeys(LAYERS, ""), problems)
    for parameter, value, valid in (
        ("coverage", query.coverage, _COVERAGES),
        ("national", query.national, _NATIONALS),
        ("presumed", query.presumed, PRESUMED),
        ("trades", query.trades, TRADES),
        ("sort", query.sort, EVERY_SORT),
        ("profile", query.profile, profiles),
    ):
        if value is not None and value not in valid:
            problems.append(_unknown(parameter, value, {one: (one,) for one in valid}))
    problems += _numbers(query)
    return replace(query, **spelt) if spelt else query, problems


def _spell(
    parameter: str,
    asked: tuple[str, ...],
    held: Mapping[str, Term | str],
    problems: list[Problem],
    proposed: Mapping[str, Term | str] | None = None,
) -> tuple[str, ...]:
    """Values in the list's own case, without repetition; the unknown ones become problems, with
    near ones of those `proposed` (None = all) for the first few: each is held against every name.
    """
    if held.keys() >= set(asked):
        return tuple(dict.fromkeys(asked))
    cased = {value.casefold(): value for value in held}
    near = launch.names(held if proposed is None else proposed)
    found: dict[str, None] = {}
    unknown = 0
    for value in asked:
        known = cased.get(value.strip().casefold())
        if known is None:
            unknown += 1
            problems.append(_unknown(parameter, value, near if unknown <= MAX_HELPED else {}))
        else:
            found[known] = None
    return tuple(found)


def _unknown(parameter: str, value: str, names: Mapping[str, tuple[str, ...]]) -> Problem:
    return Problem(parameter, value, "unknown_value", {"value": value}, close_values(value, names))


def _numbers(query: Query) -> list[Problem]:
    found: list[Problem] = []
    if len(query.q) > MAX_Q:
        found.append(
            Problem("q", query.q[:40] + "…", "q_too_long", {"length": len(query.q), "limit": MAX_Q})
        )
    if (query.lat is None) != (query.lon is None):
        missing, given = ("lon", query.lat) if query.lon is None else ("lat", query.lon)
        found.append(Problem(missing, str(given), "half_a_point"))
    if query.lat is not None and not -90 <= query.lat <= 90:  # also refuses NaN
        found.append(Problem("lat", str(query.lat), "latitude_range"))
    if query.lon is not None and not -180 <= query.lon <= 180:
        found.append(Problem("lon", str(query.lon), "longitude_range"))
    if query.near.strip() and (query.lat is not None or query.lon is not None):
        found.append(Problem("near", query.near, "two_centres"))
    if query.radius_km is not None and not MIN_RADIUS_KM <= query.radius_km <= MAX_RADIUS_KM:
        limits = {"minimum": MIN_RADIUS_KM, "maximum": MAX_RADIUS_KM}
        found.append(Problem("radius", str(query.radius), "radius_range", limits))
    if query.minutes is not None and not MIN_MINUTES <= query.minutes <= MAX_MINUTES:
        limits = {"minimum": MIN_MINUTES, "maximum": MAX_MINUTES}
        found.append(Problem("minutes", f"{query.minutes:g}", "minutes_range", limits))
    if query.bbox is not None:
        found += box_problems(query.bbox)
    if query.cursor and query.sort not in WALKED:
        found.append(
            Problem(
                "cursor",
                query.sort,
                "cursor_needs_sort",
                choices=tuple(f"sort={one}" for one in WALKED),
            )
        )
    if query.cursor and query.page != 1:
        found.append(Problem("page", str(query.page), "cursor_with_page"))
    if query.page < 1:
        found.append(Problem("page", str(query.page), "page_range"))
    if not 1 <= query.per_page <= MAX_PER_PAGE:
        limits = {"minimum": 1, "maximum": MAX_PER_PAGE}
        found.append(Problem("per_page", str(query.per_page), "per_page_range", limits))
    elif query.page * query.per_page > MAX_DEPTH:
        found.append(Problem("page", str(query.page), "too_deep", {"limit": MAX_DEPTH}))
    return found


def box_problems(box: Box) -> list[Problem]:
    """What is wrong with a box: an edge out of range (degrees), its south above its north."""
    text = f"{box.west},{box.south},{box.east},{box.north}"
    edges = (box.west, box.south, box.east, box.north)
    in_range = all(-180 <= lon <= 180 for lon in (box.west, box.east)) and all(
        -90 <= lat <= 90 for lat in (box.south, box.north)
    )
    if not in_range or not all(math.isfinite(edge) for edge in edges):
        return [Problem("bbox", text, "box_range")]
    return [Problem("bbox", text, "box_upside_down")] if box.south > box.north else []


_CHANGES_BY_PAGE = frozenset({"page", "per_page", "facets", "lang", "cursor", "unknown", "key"})
"""What may change from one page to the next without changing who is found."""


def mark_of(query: Query, text: TextQuery | None) -> str:
    """A digest (9 bytes in hexadecimal), the same for all pages of a search and, but for accidents,
    for no other. `text`: the words as searched.
    """
    asked = [
        (item.name, getattr(query, item.name))
        for item in fields(query)
        if item.name not in _CHANGES_BY_PAGE
    ]
    words = text and (
        text.required,
        [[one.token for one in word.alternatives] for word in text.words],
    )
    return blake2b(repr((asked, words)).encode("utf-8", "replace"), digest_size=9).hexdigest()


FORM = "cursor-1"
"""Of the contents: another form does not read this one's."""


class Cursors:
    """Seals cursors, and opens those that it sealed.

    `secret` is asked for when the first cursor is read or written: it may have to be made.
    """

    def __init__(self, secret: Callable[[], str]) -> None:
        self._secret = secret

    def write(self, cursor: Cursor) -> str:
        """The cursor's text; empty when there can be no secret (a home folder that can't be written
        to, a file that holds none).
        """
        try:
            serializer = self._serializer
        except (OSError, SettingsError) as error:
            structlog.get_logger().warning("no secret to sign cursors with", reason=str(error))
            return ""
        return str(serializer.dumps([*cursor.position, cursor.relaxed, cursor.mark]))

    def read(self, text: str) -> Cursor | None:
        """The cursor of a text; None when this service has not written it."""
        try:
            key, id_, relaxed, mark = self._serializer.loads(text)
        except (BadData, OSError, SettingsError):
            return None
        return Cursor((key, id_), relaxed, mark)

    @cached_property
    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret(), salt=FORM)
