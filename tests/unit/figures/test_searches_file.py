"""Counts of searches: kept over restarts and processes, forgotten in time, never in a search's way."""

import multiprocessing
import sqlite3
import stat
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from discovery.answers import figures as searches_file
from discovery.answers.figures import (
    MIN_DAYS,
    MIN_TIMES,
    MIN_TOGETHER,
    NAME,
    PHRASE,
    SEARCH,
    VALUES,
    ZERO,
    Row,
    SearchCounts,
    SearchFigures,
    read,
)

DAY = date(2026, 3, 1)
ONE = "192.0.2.1"
"""A visitor."""


class Calendar:
    def __init__(self) -> None:
        self.day = DAY

    def __call__(self) -> date:
        return self.day

    def pass_days(self, days: int = 1) -> None:
        self.day += timedelta(days=days)


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def opened(tmp_path: Path, calendar: Calendar) -> Callable[..., SearchCounts]:
    """The counts of one home folder, as each process and each restart opens them."""
    return lambda days=30: SearchCounts(tmp_path, days, calendar)


def held(folder: Path) -> list[tuple[str, str, str, int]]:
    return (
        sqlite3.connect(folder / NAME).execute("SELECT * FROM searched ORDER BY 1, 2, 3").fetchall()
    )


def test_counts_survive_a_restart(opened: Callable[..., SearchCounts]) -> None:
    opened().add([(SEARCH, ""), (ZERO, "")], ONE)
    opened().add([(SEARCH, "")], ONE)
    found = opened().read()
    assert (found.total, found.zero, found.zero_rate) == (2, 1, 0.5)


def test_processes_count_together_and_lose_nothing(
    opened: Callable[..., SearchCounts], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forked, as workers are, from a process that has the file open."""
    monkeypatch.setattr(searches_file, "WAIT_SECONDS", 30)
    counts = opened()
    counts.add([(SEARCH, "")], ONE)

    def work() -> None:
        for _ in range(40):
            counts.add([(SEARCH, ""), (PHRASE, "menuiserie")], ONE)

    workers = [
        multiprocessing.get_context("fork").Process(target=work, daemon=True) for _ in range(3)
    ]
    for one in workers:
        one.start()
    work()
    for one in workers:
        one.join(60)
    assert counts.read().total == 1 + 4 * 40


def test_only_its_owner_reads_the_file(opened: Callable[..., SearchCounts], tmp_path: Path) -> None:
    opened().add([(SEARCH, "")], ONE)
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


def test_days_are_forgotten_when_logs_are(
    opened: Callable[..., SearchCounts], calendar: Calendar, tmp_path: Path
) -> None:
    counts = opened(7)
    for _ in range(12):
        counts.add([(SEARCH, ""), (PHRASE, "menuiserie")], ONE)
        calendar.pass_days()
    days = {row[0] for row in held(tmp_path)}
    last = calendar.day - timedelta(days=1)
    assert days == {(last - timedelta(days=back)).isoformat() for back in range(7)}
    assert counts.read().total == 6  # of the last seven days, the one that began included
    assert counts.read().days == 7


def test_a_month_is_told_however_long_days_are_kept(
    opened: Callable[..., SearchCounts], calendar: Calendar, tmp_path: Path
) -> None:
    counts = opened(365)
    for _ in range(50):
        counts.add([(SEARCH, "")], ONE)
        calendar.pass_days()
    assert len(held(tmp_path)) == 50
    assert (counts.read().days, counts.read().total) == (30, 29)


@pytest.mark.parametrize(
    ("times", "days", "shown"),
    [(MIN_TIMES, MIN_DAYS, True), (MIN_TIMES - 1, MIN_DAYS, False), (50, MIN_DAYS - 1, False)],
)
def test_what_few_asked_or_on_one_day_only_is_not_told(
    opened: Callable[..., SearchCounts], calendar: Calendar, times: int, days: int, shown: bool
) -> None:
    counts = opened()
    for turn in range(times):
        counts.add([(PHRASE, "menuiserie"), ("place", "commune:69123")], str(turn))
        if turn < days - 1:
            calendar.pass_days()
    expected = (SearchFigures("menuiserie", times),) if shown else ()
    assert counts.read().most[PHRASE] == expected
    assert bool(counts.read().most["place"]) is shown


def test_a_phrase_counts_once_a_day_for_each_visitor(
    opened: Callable[..., SearchCounts], calendar: Calendar
) -> None:
    """One person, however often she asks, for however long, never makes it public."""
    for _ in range(4 * MIN_TIMES):
        for _ in range(3):
            opened().add([(SEARCH, ""), (PHRASE, "mon voisin")], ONE)
        calendar.pass_days()
    assert opened().read().most[PHRASE] == ()
    assert opened().read().total == 3 * 4 * MIN_TIMES, "searches are counted all the same"
    for visitor in range(MIN_TOGETHER):
        opened().add([(PHRASE, "mon voisin")], f"192.0.2.{visitor + 2}")
    assert opened().read().most[PHRASE] == (
        SearchFigures("mon voisin", 4 * MIN_TIMES + MIN_TOGETHER),
    )


def test_nothing_kept_tells_who_asked_and_the_day_after_nothing_is_left(
    opened: Callable[..., SearchCounts], calendar: Calendar, tmp_path: Path
) -> None:
    def askers() -> list[tuple[str, str, bytes]]:
        return (
            sqlite3.connect(tmp_path / NAME)
            .execute("SELECT * FROM askers ORDER BY 1, 2, 3")
            .fetchall()
        )

    for phrase in ("menuiserie", "traiteur"):
        opened().add([(PHRASE, phrase)], ONE)
    first = askers()
    assert len(first) == 2
    calendar.pass_days()
    opened().add([(PHRASE, "menuiserie")], ONE)
    [today] = askers()
    assert today[2] not in {asker for _, _, asker in first}, "another salt every day"
    files = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert ONE.encode() not in files


def test_a_full_file_stops_counting_and_nothing_else(
    opened: Callable[..., SearchCounts], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches_file, "MAX_PAGES", 5)
    monkeypatch.setattr(searches_file, "AWAY_SECONDS", 0.0)
    counts = opened()
    with capture_logs() as logs:
        for number in range(400):
            counts.add([(PHRASE, f"{number} {'long ' * 15}"), (SEARCH, "")], ONE)
    assert 0 < counts.read().total < 400
    [told] = [one for one in logs if one["event"] == "searches not counted"]
    assert "full" in told["reason"]


def test_a_broken_file_is_no_error_and_counts_again_once_it_is_gone(
    opened: Callable[..., SearchCounts], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches_file, "AWAY_SECONDS", 0.0)
    (tmp_path / NAME).write_bytes(b"this is no database " * 400)
    counts = opened()
    counts.add([(SEARCH, "")], ONE)
    assert counts.read().total == 0
    (tmp_path / NAME).unlink()
    counts.add([(SEARCH, "")], ONE)
    assert counts.read().total == 1


def test_a_file_held_by_another_is_given_up_after_a_moment(
    opened: Callable[..., SearchCounts], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches_file, "AWAY_SECONDS", 0.0)
    counts = opened()
    counts.add([(SEARCH, "")], ONE)
    other = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    counts.add([(SEARCH, "")], ONE)
    other.execute("ROLLBACK")
    counts.add([(SEARCH, "")], ONE)
    assert counts.read().total == 2


ROWS = st.tuples(
    st.sampled_from([SEARCH, ZERO, PHRASE, *VALUES]), st.sampled_from(["", "a", "b", "c"])
)


@given(st.lists(ROWS, max_size=80))
def test_what_is_told_is_what_was_added(rows: list[Row]) -> None:
    counted = Counter(rows)
    found = read([(what, value, times, MIN_DAYS) for (what, value), times in counted.items()], 30)
    assert found.total == counted[SEARCH, ""]
    assert found.zero == counted[ZERO, ""]
    for what in (PHRASE, *VALUES):
        assert {one.value: one.times for one in found.most[what]} == {
            value: times
            for (one, value), times in counted.items()
            if one == what and times >= MIN_TIMES
        }
        assert [one.times for one in found.most[what]] == sorted(
            (one.times for one in found.most[what]), reverse=True
        )
