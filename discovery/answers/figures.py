"""Public figures: what a count of suppliers says is the total that the search of the same filter
finds; and what people search: what an answer adds to the counts, in all and for the site of a key,
and what they tell.

Searches are counted in one SQLite file of the home folder, shared by workers, kept over restarts.
Never in a search's way: what can't be written is not counted, said once, and tried again after a
while.
"""

import hashlib
import os
import secrets
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

import structlog

from discovery.answers import links
from discovery.engine.breaker import Breaker
from discovery.engine.port import Need, SearchRequest
from discovery.mappings.secrets import private_file, private_folder
from discovery.model import dataclass, replace
from discovery.model.masking import masked
from discovery.places import Gazetteer, Place
from discovery.search.answer import Answer
from discovery.search.query import Query
from discovery.search.service import SearchService, today
from discovery.search.where import target

WHOLE = (
    "kind",
    "kind_group",
    "sector_group",
    "sector",
    "department",
    "region",
    "certification",
    "network",
)

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """The public figures of one day.

    `facets[name][value]` counts suppliers, all those that are open; zeros are absent.

    `reach[department][sector]` counts those that a buyer of the department may ask: seated there,
    or with a zone that reaches into it; activities over all of France are left aside, since they
    would hide every gap.

    `seated[sector][department]` counts those seated there that do it, declared or by evidence
    (registered code, name).
    """

    day: date
    total: int
    facets: Mapping[str, Counts]
    reach: Mapping[str, Counts]
    seated: Mapping[str, Counts]

    def gaps(self, sector: str) -> tuple[str, ...]:
        """Codes of the departments where nobody known answers for a sector, in the order of the
        departments.
        """
        held = self.seated.get(sector, {})
        return tuple(
            code
            for code, counts in self.reach.items()
            if not (counts.get(sector) or held.get(code))
        )


def gather(search: SearchService) -> Figures:
    """One request for the whole, one a department that is open and lived in, one a sector. Raises
    EngineUnavailable.
    """
    whole = search.index.search(_counted(search, Query(facets=WHOLE)))
    around = _counted(search, Query(national="exclude", facets=("sector",)))
    reach = {}
    for department in search.gazetteer.departments():
        towns = map(
            search.gazetteer.commune, search.gazetteer.communes_of_department(department.code)
        )
        lived_in = any(town.population for town in towns if town)  # nobody lives on Clipperton
        if lived_in and search.scope.opens("department", department.code):
            there = target(Place("department", department.code), search.gazetteer)
            reach[department.code] = search.index.search(replace(around, targets=(there,))).facets[
                "sector"
            ]
    everyone = _counted(search, Query(facets=("department",)))
    seated = {
        slug: search.index.search(replace(everyone, needs=(Need((slug,)),))).facets["department"]
        for slug in search.mappings.vocabulary.sectors
    }
    return Figures(today(), whole.total, whole.facets, reach, seated)


def _counted(search: SearchService, query: Query) -> SearchRequest:
    return replace(search.plan(query).request, size=0)


AT_MOST_SECONDS = 600.0
"""A change of the index may wait that long before what is kept tells of it."""

T = TypeVar("T")


class Cached(Generic[T]):
    """Shared by threads: one gathers, and the others go on with what is kept; where nothing is,
    they wait for it. What an unchanged index told is not gathered again, but made `again` of what
    is kept.
    """

    def __init__(
        self,
        gather: Callable[[SearchService], T],
        clock: Callable[[], float] = time.monotonic,
        again: Callable[[T], T] = lambda kept: kept,
    ) -> None:
        self._gather, self._clock, self._again = gather, clock, again
        self._lock = Lock()
        self._kept: tuple[T, str, float] | None = None

    def of(self, search: SearchService) -> T:
        """The value, counted anew when it is old. Raises EngineUnavailable when the engine is away
        and nothing is kept.
        """
        kept, now = self._kept, self._clock()
        due = kept is None or now - kept[2] >= AT_MOST_SECONDS
        if due and self._lock.acquire(blocking=kept is None):
            try:
                if self._kept is kept:  # else renewed by whoever was waited for
                    status = search.index.status()
                    same = kept is not None and kept[1] == status.generation and status.ready
                    found = self._again(kept[0]) if kept and same else self._gather(search)
                    self._kept = (found, status.generation, now)
            finally:
                self._lock.release()
        assert self._kept is not None
        return self._kept[0]


def kept_figures(
    clock: Callable[[], float] = time.monotonic, gather: Callable[[SearchService], Figures] = gather
) -> Cached[Figures]:
    """What keeps the public figures, dated today. `clock`: in seconds."""
    return Cached(gather, clock, lambda figures: replace(figures, day=today()))


MIN_SHOWN = 5
"""Smaller counts are not told, nor those from which they could be reckoned."""
MAX_MONTHS = 13
"""Months told of, so that one can be set beside the same of the year before."""

Row = tuple[str, str]
"""(what is counted, its value)."""
Asked = tuple[str, str, bool]
"""(department code or "", trade or "" for the search itself, whether no member was found)."""
Counted = tuple[str, str, str, int, int]
"""(month as YYYY-MM, department, trade, searches, those that found nothing)."""


@dataclass(frozen=True, slots=True)
class Count:
    """None: few, and not told."""

    searches: int | None
    zero: int | None


@dataclass(frozen=True, slots=True)
class Month:
    """What one month's visitors searched.

    `departments`: code → its searches, most first. `gaps`: (department or "", trade, times): asked,
    and no member offers it there; most asked first.
    """

    month: str
    count: Count
    departments: Mapping[str, Count]
    gaps: tuple[tuple[str, str, int], ...]


def of_key(rows: Iterable[Row], gazetteer: Gazetteer) -> list[Asked]:
    """What a search (its rows, as they are counted for all) adds to the counts of its key."""
    kept = dict.fromkeys(rows)
    if (SEARCH, "") not in kept:
        return []
    zero = (ZERO, "") in kept
    places = (value for what, value in kept if what == "place")
    department = next(filter(None, (_department(place, gazetteer) for place in places)), "")
    return [
        (department, trade, zero)
        for trade in ("", *(value for what, value in kept if what == "sector"))
    ]


def _department(place: str, gazetteer: Gazetteer) -> str:
    """The one that holds a place; "" for one that lies in several, or is larger."""
    found = [one for one in (place, *gazetteer.ancestors(place)) if one.startswith("department:")]
    return found[0].removeprefix("department:") if len(found) == 1 else ""


def told(counted: Iterable[Counted]) -> tuple[Month, ...]:
    """Counts by month, the last month first; small numbers are left out."""
    months: dict[str, list[Counted]] = {}
    for one in counted:
        months.setdefault(one[0], []).append(one)
    return tuple(_month(name, months[name]) for name in sorted(months, reverse=True)[:MAX_MONTHS])


def _month(name: str, counted: list[Counted]) -> Month:
    searches, zeros, gaps = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for _, department, trade, times, zero in counted:
        if trade:
            gaps[department, trade] += zero
        else:
            searches[department] += times
            zeros[department] += zero
    shown, empty = _enough(searches), _enough(zeros)
    departments = {
        code: Count(times, empty.get(code, None if zeros[code] else 0))
        for code, times in _most_first(shown)
        if code
    }
    often = [
        (department, trade, times)
        for (department, trade), times in _most_first(gaps)
        if times >= MIN_SHOWN
        and department in empty
        and not 0 < empty[department] - times < MIN_SHOWN
    ]
    return Month(
        name, Count(_few(searches.total()), _few(zeros.total())), departments, tuple(often)
    )


def _enough(counts: Mapping[str, int]) -> dict[str, int]:
    """Those that are not small. Where what is left out would be small, and known from the total,
    the smallest goes with it.
    """
    kept = {value: times for value, times in counts.items() if times >= MIN_SHOWN}
    if kept and 0 < sum(counts.values()) - sum(kept.values()) < MIN_SHOWN:
        del kept[min(kept, key=lambda value: (kept[value], value))]
    return kept


def _few(times: int) -> int | None:
    return times if times >= MIN_SHOWN or not times else None


def _most_first(counts: Mapping[T, int]) -> list[tuple[T, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], str(one[0])))


SEARCH, ZERO, PHRASE = "search", "zero", "phrase"
VALUES = ("sector", "kind", "place")
"""What else is counted: trades, kinds and places asked for, in words or by a filter."""
LONGEST = 100
"""Characters of a phrase that is counted."""
MIN_TIMES, MIN_DAYS = 5, 2
"""Something is shown when it was asked so many times, on so many days: not when one person came
back to it once.
"""
MIN_TOGETHER = 3
"""A phrase, besides, when so many visitors asked it on one day: not when one person came back to it
for a week.
"""
MAX_SHOWN = 10
DAYS = 30
"""Days told of, today included."""

_PLAIN = frozenset({"q", "lang", "facets", "per_page", "key"})
"""Parameters of a phrase that was typed and sent; any other refines it, and the same person does
that.
"""

Total = tuple[str, str, int, int]
"""(what is counted, its value, times, days it was asked on)."""


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """A value and how often it was searched."""

    value: str
    times: int


@dataclass(frozen=True, slots=True)
class Searches:
    """What was searched during some days. `most[what]`: the most asked first. `zero`: searches that
    found nothing.
    """

    days: int
    total: int
    zero: int
    most: Mapping[str, tuple[SearchFigures, ...]]

    @property
    def zero_rate(self) -> float:
        return self.zero / self.total if self.total else 0.0


def rows(answer: Answer) -> list[Row]:
    """What counts one more (a phrase for each visitor); none for what is no search: the home page,
    a later page of the same list.
    """
    query = answer.plan.query
    asks = any(name not in _PLAIN - {"q"} for name, _ in links.pairs(query))
    if query.page > 1 or query.cursor is not None or not asks:
        return []
    found = [(SEARCH, ""), *_values(answer)]
    if not answer.page.total:
        found.append((ZERO, ""))
    if phrase := shown_phrase(answer):
        found.append((PHRASE, phrase))
    return found


def shown_phrase(answer: Answer) -> str:
    """The phrase, when it may be shown some day: as typed but for capitals, refined by nothing; all
    of its words are the index's own, which a name seldom is; nothing in it looks like a number or
    an address of anybody. Else "".
    """
    query = answer.plan.query
    phrase = " ".join(query.q.lower().split())
    plain = {name for name, _ in links.pairs(query)} <= _PLAIN
    told = plain and _known(answer) and answer.page.total and masked(phrase) == phrase
    return phrase if told and len(phrase) <= LONGEST else ""


def _known(answer: Answer) -> bool:
    """Whether every word is the index's own: of a recognised trade, or found with all the others."""
    if answer.plan.relaxed is not None or answer.plan.reading.ignored or answer.plan.intent.notes:
        return False
    request = answer.plan.request
    if not request.needs or request.text is None:
        return True
    needed = {
        one.token for need in request.needs for word in need.words for one in word.alternatives
    }
    return all(word.alternatives[0].token in needed for word in request.text.words)


def read(totals: Iterable[Total], days: int) -> Searches:
    """Totals of the last `days` days. What was asked too seldom is left out."""
    kept = list(totals)
    times = {(what, value): count for what, value, count, _ in kept}
    often = [one for one in kept if one[2] >= MIN_TIMES and one[3] >= MIN_DAYS]
    most: dict[str, tuple[SearchFigures, ...]] = {}
    for what in (PHRASE, *VALUES):
        found = sorted((-count, value) for one, value, count, _ in often if one == what)
        most[what] = tuple(SearchFigures(value, -count) for count, value in found[:MAX_SHOWN])
    return Searches(days, times.get((SEARCH, ""), 0), times.get((ZERO, ""), 0), most)


def _values(answer: Answer) -> Iterator[Row]:
    query = answer.plan.query
    found = [
        (piece.type, piece.value) for piece in answer.plan.reading.pieces if piece.type in VALUES
    ]
    found += [("sector", value) for value in query.sector]
    found += [("kind", value) for value in query.kind]
    found += [("place", value) for value in (*query.place, query.near) if ":" in value]
    return iter(dict.fromkeys(found))


NAME = "searches.sqlite"
WAIT_SECONDS = 0.05
"""How long a search waits for another worker's count, which takes a tenth of a millisecond."""
AWAY_SECONDS = 10.0
"""Between two tries of a file that can't be written."""
MAX_PAGES = 16_384
"""Of 4 kB: whoever sends phrases without end fills this file, not the disk."""

_TABLES = (
    """CREATE TABLE IF NOT EXISTS searched (
  day TEXT NOT NULL, what TEXT NOT NULL, value TEXT NOT NULL, times INTEGER NOT NULL,
  PRIMARY KEY (day, what, value)
) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS keyed (
  period TEXT NOT NULL, key TEXT NOT NULL, department TEXT NOT NULL, trade TEXT NOT NULL,
  times INTEGER NOT NULL, zero INTEGER NOT NULL, PRIMARY KEY (period, key, department, trade)
) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS salts (day TEXT PRIMARY KEY, salt BLOB NOT NULL) WITHOUT ROWID",
    """CREATE TABLE IF NOT EXISTS askers (
  day TEXT NOT NULL, value TEXT NOT NULL, asker BLOB NOT NULL, PRIMARY KEY (day, value, asker)
) WITHOUT ROWID""",
)
"""`askers`: of today's phrases, who asked them, hashed with today's salt. Both go with the day:
then nobody can tell any more who asked, and tomorrow's hashes of the same visitor are others.
`keyed`: of today by day, which nobody is told, then by month.
"""
_ADD = "INSERT INTO searched VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1"
_ASKED = "INSERT OR IGNORE INTO askers VALUES (?, ?, ?)"
_KEYED = """INSERT INTO keyed VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET times = times + excluded.times, zero = zero + excluded.zero"""
_OF_KEY = (
    "SELECT period, department, trade, times, zero FROM keyed WHERE key = ? AND length(period) = 7"
)
_FORGET = (
    """INSERT INTO keyed SELECT substr(period, 1, 7) AS month, key, department, trade, sum(times), sum(zero) FROM keyed
  WHERE length(period) = 10 AND period <> :day GROUP BY month, key, department, trade
  ON CONFLICT DO UPDATE SET times = times + excluded.times, zero = zero + excluded.zero""",
    "DELETE FROM keyed WHERE (length(period) = 10 AND period <> :day) OR period < :first",
    "DELETE FROM searched WHERE day <= :last",
    "DELETE FROM salts WHERE day <> :day",
    "DELETE FROM askers WHERE day <> :day",
)
_TOTALS = """SELECT what, value, sum(times), count(*) FROM searched WHERE day > ? GROUP BY what, value
  HAVING what <> ? OR (sum(times) >= ? AND count(*) >= ? AND max(times) >= ?)"""


class SearchCounts:
    """Shared by threads. `days`: how long a day's counts are kept."""

    def __init__(self, folder: Path, days: int, today: Callable[[], date] = today) -> None:
        self._file, self._days, self._today = folder / NAME, days, today
        self._lock = Lock()
        self._breaker = Breaker(seconds=AWAY_SECONDS)
        self._connection: sqlite3.Connection | None = None
        self._process, self._tidied = 0, ""

    def add(
        self, rows: Iterable[Row], visitor: str, key: str = "", asked: Iterable[Asked] = ()
    ) -> None:
        """Count each row once more; a phrase once a day for each `visitor`, an address of which
        nothing but a hash is kept. `asked`: what the search adds to the counts of the site of
        `key`.
        """
        counted, day = list(rows), self._today()
        if not counted or not self._breaker.allows():
            return
        try:
            with self._lock, self._opened() as connection:
                today = self._tidy(connection, day)
                for what, value in counted:
                    if what != PHRASE or self._is_new(connection, today, value, visitor):
                        connection.execute(_ADD, (today, what, value))
                for department, trade, zero in asked if key else ():
                    connection.execute(_KEYED, (today, key, department, trade, 1, int(zero)))
        except (sqlite3.Error, OSError) as error:
            self._failed(error)
            return
        self._breaker.succeeded()

    def _tidy(self, connection: sqlite3.Connection, day: date) -> str:
        """Forget what is old, once a day; the day as it is written."""
        today = day.isoformat()
        if self._tidied != today:
            first = f"{day.year - 1}-{day.month:02}"
            for statement in _FORGET:
                connection.execute(
                    statement, {"day": today, "last": self._before(day, self._days), "first": first}
                )
            self._tidied = today
        return today

    def of_key(self, key: str) -> list[Counted]:
        """What the site of a key searched, by month, up to yesterday. Nothing when the file can't
        be read.
        """
        return self._fetched(_OF_KEY, key)

    def read(self) -> Searches:
        """What was searched during the last days. Nothing when the file can't be read: figures of
        searches are not worth an error.
        """
        days = min(DAYS, self._days)
        since = self._before(self._today(), days)
        return read(self._fetched(_TOTALS, since, PHRASE, MIN_TIMES, MIN_DAYS, MIN_TOGETHER), days)

    def _fetched(self, statement: str, *values: object) -> list[Any]:
        try:
            with self._lock, self._opened() as connection:
                self._tidy(connection, self._today())
                return connection.execute(statement, values).fetchall()
        except (sqlite3.Error, OSError) as error:
            self._failed(error)
            return []

    @staticmethod
    def _is_new(connection: sqlite3.Connection, day: str, phrase: str, visitor: str) -> bool:
        """Whether nobody of that address asked the phrase today."""
        connection.execute(
            "INSERT OR IGNORE INTO salts VALUES (?, ?)", (day, secrets.token_bytes(16))
        )
        [salt] = connection.execute("SELECT salt FROM salts WHERE day = ?", (day,)).fetchone()
        asker = hashlib.blake2b(visitor.encode(), key=salt, digest_size=8).digest()
        return connection.execute(_ASKED, (day, phrase, asker)).rowcount == 1

    @staticmethod
    def _before(day: date, days: int) -> str:
        """The last day that is no longer one of the last `days`."""
        return (day - timedelta(days=days)).isoformat()

    def _opened(self) -> sqlite3.Connection:
        """This process's own connection: one from before a fork is its parent's."""
        if self._connection is None or self._process != os.getpid():
            private_folder(self._file.parent)
            private_file(self._file)
            connection = sqlite3.connect(self._file, timeout=WAIT_SECONDS, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = wal")
            connection.execute("PRAGMA synchronous = normal")
            connection.execute("PRAGMA secure_delete = on")  # what is forgotten is overwritten
            connection.execute(f"PRAGMA max_page_count = {MAX_PAGES}")
            for table in _TABLES:
                connection.execute(table)
            self._connection, self._process = connection, os.getpid()
        return self._connection

    def _failed(self, error: Exception) -> None:
        """The next try opens the file anew: it may have been moved, or mended."""
        self._connection = None
        if self._breaker.failed():
            structlog.get_logger().warning(
                "searches not counted", file=str(self._file), reason=str(error)
            )
