"""Commit → searchable: seconds from the commit of one change to the first search that shows it,
queue idle.

    python -m tools.bench.freshness [CHANGES]

On PostgreSQL, Redis, Celery's worker and beat, and Elasticsearch, all real and on this machine;
nothing asks for a refresh. The changes come at random moments, so that they meet every phase of
tick and refresh.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path

from sqlalchemy import create_engine, text

from discovery.engine.catalog import Reader
from discovery.mappings import Settings
from indexer.context import Context
from indexer.store import ledger, repository
from indexer.store.engine import migrate
from tests.elasticsearch import Node
from tests.servers import Redis, postgresql
from tests.unit.indexer.conftest import NOW, supplier
from tests.unit.indexer.processes import environment, program, running, wait_for

SUPPLIERS = 2_000
LOOK_SECONDS = 0.02


def main(changes: int) -> None:
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgresql())
        redis, node = Redis(), Node(lasting=True)
        stack.callback(redis.remove)
        stack.callback(node.stop)
        settings = Settings(
            home=home,
            database_url=_database(server),
            broker_url=f"{redis.start()}/0",
            engine=node.start(),
        )
        context = stack.enter_context(closing(Context(settings)))
        migrate(context.store)
        _put(context, *(f"s{number:05}" for number in range(SUPPLIERS)))
        context.synchroniser().drain()
        env = environment(
            home,
            DISCOVERY_DATABASE_URL=settings.database_url,
            DISCOVERY_BROKER_URL=settings.broker_url,
            DISCOVERY_ENGINE=settings.engine,
            C_FORCE_ROOT="1",
        )
        worker = stack.enter_context(
            running([program("indexer"), "worker"], env, home / "worker.log")
        )
        serving = context.catalog.targets().serving
        assert serving is not None
        reader = stack.enter_context(closing(context.catalog.reader_of(serving)))
        _put(context, "warm")
        wait_for("the worker", lambda: ledger.pending_count(context.store) == 0, worker)
        took = sorted(_measure(context, reader, changes))
        print(
            f"{changes} changes, load average {os.getloadavg()[0]:.1f}: p50 {statistics.median(took):.2f} s, "
            f"p95 {took[int(0.95 * len(took))]:.2f} s, longest {took[-1]:.2f} s"
        )


def _measure(context: Context, reader: Reader, changes: int) -> list[float]:
    draw = random.Random(1)
    took = []
    for number in range(changes):
        time.sleep(0.5 + draw.random())
        word = f"zzq{number:04}"
        _put(context, f"new{number:04}", name=f"Atelier {word}")
        began = time.perf_counter()
        while not reader.names(word):
            time.sleep(LOOK_SECONDS)
        took.append(time.perf_counter() - began)
    return took


def _put(context: Context, *ids: str, **changes: object) -> None:
    with context.store.begin() as connection:
        repository.save(connection, [supplier(id_, **changes) for id_ in ids], NOW)


def _database(server: str) -> str:
    admin = create_engine(
        f"{server}/postgres".replace("postgresql:", "postgresql+psycopg:"),
        isolation_level="AUTOCOMMIT",
    )
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE freshness"))
    admin.dispose()
    return f"{server}/freshness"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
