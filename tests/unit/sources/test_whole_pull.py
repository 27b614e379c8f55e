"""The whole of a large source in virtual time: 101 departments, 4,000 structures, 12,000 jobs, 12
requests a minute.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from discovery.mappings import Settings
from indexer.context import Context
from indexer.sources import enabled
from indexer.sources.enabled import Source
from indexer.sources.run import Done, PullOptions, Room, run
from indexer.store import observations, repository
from indexer.store.engine import reading
from indexer.store.models import SUPPLIER
from tests.memo import migrated
from tests.unit.sources.double import LesEmplois, in_memory, structure

DEPARTMENTS, STRUCTURES, JOBS_OF_EACH = 101, 4_000, 3
OVERSEAS = ("971", "972", "973", "974", "976")
GAP_SECONDS = 60 / 12


class Killed(BaseException):
    """SIGKILL: nothing of ours gets to clean up."""


class Time:
    """`kill_at`: the number of the request, from 1, that is under way when the process dies; 0 =
    never.
    """

    def __init__(self) -> None:
        self.now, self.kill_at = 0.0, 0
        self.requests: list[float] = []

    def request(self) -> None:
        self.requests.append(self.now)
        if len(self.requests) == self.kill_at:
            raise Killed
        self.now += 0.4

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(migrated(Settings(home=tmp_path)))


def everybody(context: Context) -> list[dict[str, object]]:
    """Spread unevenly, as they are: the first departments have more pages than one. Each in its
    prefecture's town.
    """
    largest = {
        one.department: one
        for one in sorted(context.gazetteer.communes(), key=lambda one: one.population)
    }
    towns = [
        (one.code, (largest[one.code].post_codes[0], largest[one.code].name))
        for one in context.gazetteer.departments()
        if one.code < "97" or one.code in OVERSEAS
    ]
    assert len(towns) == DEPARTMENTS
    weights = [10 if at < 8 else 1 for at in range(len(towns))]
    drawn = random.Random(19).choices(towns, weights, k=STRUCTURES)
    return [
        structure(number, code, JOBS_OF_EACH, town) for number, (code, town) in enumerate(drawn)
    ]


@pytest.fixture
def double(context: Context) -> LesEmplois:
    return LesEmplois("http://source.example/", structures=everybody(context))


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pulled(context: Context, double: LesEmplois, time: Time) -> Callable[..., Done]:
    def call(force: bool = False) -> Done:
        transport = in_memory(double, time.request)
        room = Room(context.store, context.settings.home, context.mappings, context.gazetteer, transport,
                    lambda: time.now, time.sleep)  # fmt: skip
        source: Source = replace(
            enabled.read(context.settings.home, {})["les-emplois"], url=double.url
        )
        assert source.per_minute == 12
        return run(room, source, PullOptions(force=force))

    return call


def live(context: Context) -> int:
    with reading(context.store) as connection:
        return repository.counts(connection).live


def ledger(context: Context) -> list[object]:
    with reading(context.store) as connection:
        return list(
            connection.exec_driver_sql("SELECT supplier_id, revision FROM change_ledger ORDER BY 1")
        )


@pytest.mark.slow
def test_a_whole_source(
    context: Context, double: LesEmplois, time: Time, pulled: Callable[..., Done]
) -> None:
    # Killed again and again, at any page: of some 130 pages it dies some thirty times.
    kills = random.Random(7)
    done = None
    for _ in range(1000):
        time.kill_at = len(time.requests) + kills.randint(1, 8)
        try:
            done = pulled()
            break
        except Killed:
            assert live(context) == 0, "nothing is imported before the source is whole"
    assert done is not None
    assert done.report.created == STRUCTURES
    assert not done.alarm

    # Nothing twice: a page that was answered is not asked for again.
    pages = Counter((asked["departement"], asked["page"]) for asked in double.asked)
    assert set(pages.values()) == {1}
    assert len({one["departement"] for one in double.structures}) == DEPARTMENTS
    assert len(pages) > len({department for department, _ in pages})

    # Nothing lost.
    with reading(context.store) as connection:
        suppliers = repository.load(connection, list(connection.scalars(select(SUPPLIER.c.id))))
    assert {one.siret for one in suppliers.values()} == {one["siret"] for one in double.structures}
    assert sum(len(one.jobs) for one in suppliers.values()) == STRUCTURES * JOBS_OF_EACH == 12_000

    # A second pull writes nothing, at the stated rate.
    before, time.kill_at, time.requests = ledger(context), 0, []
    second = pulled()
    assert (second.report.unchanged, second.report.rows) == (STRUCTURES, STRUCTURES)
    assert ledger(context) == before
    gaps = [later - sooner for sooner, later in zip(time.requests, time.requests[1:], strict=False)]
    assert len(gaps) >= DEPARTMENTS
    assert min(gaps) >= GAP_SECONDS - 1e-9

    # A source that lost 30 % delists nobody, and alarms until it is whole again.
    whole = double.structures
    double.structures = whole[: STRUCTURES * 7 // 10]
    lost = pulled()
    assert lost.alarm.startswith(
        "les-emplois has 2800 records, 4000 at the last pull: nobody is delisted."
    )
    assert live(context) == STRUCTURES
    noted = observations.last_pulls(context.store)["les-emplois"]
    assert (noted.records, noted.alarm) == (4000, lost.alarm)
    double.structures = whole
    assert not pulled().alarm
    assert observations.last_pulls(context.store)["les-emplois"].alarm == ""
    assert ledger(context) == before

    # Unless a person says that it is right.
    double.structures = whole[: STRUCTURES * 7 // 10]
    assert pulled(force=True).report.delisted == STRUCTURES * 3 // 10
    assert live(context) == 2800
