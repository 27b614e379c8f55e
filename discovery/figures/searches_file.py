"""Counts of searches by day, in one SQLite file of the home folder: shared by workers, kept over restarts.

Never in a search's way: what can't be written is not counted, said once, and tried again after a while.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from threading import Lock

import structlog

from discovery.config.secrets import private_file, private_folder
from discovery.engine.breaker import Breaker
from discovery.figures.by_key import Asked, Counted
from discovery.figures.counts import today
from discovery.figures.searches import DAYS, MIN_DAYS, MIN_TIMES, MIN_TOGETHER, PHRASE, Row, Searches, read

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
"""`askers`: of today's phrases, who asked them, hashed with today's salt. Both go with the day: then nobody can tell
any more who asked, and tomorrow's hashes of the same visitor are others. `keyed`: of today by day, which nobody is
told, then by month."""
_ADD = "INSERT INTO searched VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1"
_ASKED = "INSERT OR IGNORE INTO askers VALUES (?, ?, ?)"
_KEYED = """INSERT INTO keyed VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET times = times + excluded.times, zero = zero + excluded.zero"""
_OF_KEY = "SELECT period, department, trade, times, zero FROM keyed WHERE key = ? AND length(period) = 7"
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
        self._process, self._tidied, self._away = 0, "", False

    def add(self, rows: Iterable[Row], visitor: str, key: str = "", asked: Iterable[Asked] = ()) -> None:
        """Count each row once more; a phrase once a day for each `visitor`, an address of which nothing but a hash
        is kept. `asked`: what the search adds to the counts of the site of `key`."""
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
        self._away = False

    def _tidy(self, connection: sqlite3.Connection, day: date) -> str:
        """Forget what is old, once a day; the day as it is written."""
        today = day.isoformat()
        if self._tidied != today:
            first = f"{day.year - 1}-{day.month:02}"
            for statement in _FORGET:
                connection.execute(statement, {"day": today, "last": self._before(day, self._days), "first": first})
            self._tidied = today
        return today

    def of_key(self, key: str) -> list[Counted]:
        """What the site of a key searched, by month, up to yesterday. Nothing when the file can't be read."""
        try:
            with self._lock, self._opened() as connection:
                self._tidy(connection, self._today())
                return connection.execute(_OF_KEY, (key,)).fetchall()
        except (sqlite3.Error, OSError) as error:
            self._failed(error)
            return []

    @staticmethod
    def _is_new(connection: sqlite3.Connection, day: str, phrase: str, visitor: str) -> bool:
        """Whether nobody of that address asked the phrase today."""
        connection.execute("INSERT OR IGNORE INTO salts VALUES (?, ?)", (day, secrets.token_bytes(16)))
        [salt] = connection.execute("SELECT salt FROM salts WHERE day = ?", (day,)).fetchone()
        asker = hashlib.blake2b(visitor.encode(), key=salt, digest_size=8).digest()
        return connection.execute(_ASKED, (day, phrase, asker)).rowcount == 1

    def read(self) -> Searches:
        """What was searched during the last days. Nothing when the file can't be read: figures of searches are not
        worth an error."""
        days = min(DAYS, self._days)
        since = self._before(self._today(), days)
        try:
            with self._lock, self._opened() as connection:
                found = connection.execute(_TOTALS, (since, PHRASE, MIN_TIMES, MIN_DAYS, MIN_TOGETHER)).fetchall()
        except (sqlite3.Error, OSError) as error:
            self._failed(error)
            found = []
        return read(found, days)

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
        self._breaker.failed()
        self._connection = None
        if not self._away:
            self._away = True
            structlog.get_logger().warning("searches not counted", file=str(self._file), reason=str(error))
