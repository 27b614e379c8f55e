"""Everything goes away in turn, under changes and searches: nothing is lost, nobody meets an
accident.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from discovery.mappings import Settings
from indexer.context import Context
from indexer.store import ledger
from indexer.store.engine import migrate
from tests.elasticsearch import Node
from tests.reliability.live.stack import changing, indexer, log_of, settled, worker
from tests.reliability.served import People, Served
from tests.servers import PostgreSQL, Redis
from tests.unit.indexer.processes import wait_for

pytestmark = pytest.mark.xdist_group("away")

PHRASES = ["nettoyage Lyon", "atelier 69", "nettoyage à 30 km de Lyon"]
AWAY_SECONDS = 3.0


@pytest.fixture
def postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def redis() -> Iterator[Redis]:
    server = Redis()
    server.start()
    yield server
    server.remove()


def waits(settings: Settings) -> int:
    """How often the worker has said that it waits."""
    return log_of(settings).read_text(encoding="utf-8").count("waiting: ")


def test_each_server_may_go_and_come_back(
    node: Node, postgresql: PostgreSQL, redis: Redis, tmp_path: Path
) -> None:
    admin = create_engine(
        f"{postgresql.url}/postgres".replace("postgresql:", "postgresql+psycopg:"),
        isolation_level="AUTOCOMMIT",
    )
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE discovery"))
    admin.dispose()
    settings = Settings(
        home=tmp_path,
        database_url=f"{postgresql.url}/discovery",
        broker_url=f"{redis.url}/0",
        engine=f"http://127.0.0.1:{node.settings['http.port']}",
        # a busy machine is no outage; an engine that is away is noticed at once
        engine_timeout=10.0,
    )
    with closing(Context(settings)) as context, ExitStack() as stack:
        migrate(context.store)
        context.synchroniser().drain()
        process = stack.enter_context(worker(settings))
        served = stack.enter_context(
            Served.running(settings, tmp_path / "served.log", redis_url=f"{redis.url}/1")
        )
        served.wait_ready()
        people = stack.enter_context(People(served, PHRASES, rate=10).searching())
        with changing(context.store, rate=20) as committed:
            wait_for("some changes", lambda: len(committed) > 20, process)
            redis.kill()
            time.sleep(AWAY_SECONDS)
            redis.start()
            postgresql.stop()
            time.sleep(AWAY_SECONDS)
            postgresql.start()
            assert not [answer for answer in people.answers if answer.status != 200], (
                "searches need neither"
            )
            told = waits(settings)
            node.kill()
            wait_for("a worker that waits", lambda: waits(settings) > told, process)
            wait_for("a refusal", lambda: 503 in people.statuses, process)
            time.sleep(AWAY_SECONDS)
            node.start()
            served.wait_ready()
            before = len(committed)
            wait_for("more changes", lambda: len(committed) > before + 20, process)
        wait_for("all of it", lambda: settled(context), process)
        assert {answer.status for answer in people.answers} == {200, 503}
        assert all(answer.retry_after for answer in people.answers if answer.status == 503)
        assert served.search(PHRASES[0], patience=2)[0].status == 200
        assert served.traces() == 0
        assert ledger.dead_letters(context.store) == []
        done = indexer(settings, "check")
        assert (done.returncode, done.stderr) == (0, "")
