"""A store, an engine and perhaps a broker; the indexer's programs on them; and whoever changes
suppliers meanwhile.
"""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from discovery.mappings import Settings
from indexer import faults
from indexer.context import Context
from indexer.faults import VARIABLE
from indexer.run.worker import run
from indexer.store import ledger, repository
from indexer.sync import Synchroniser
from tests.unit.indexer.conftest import NOW, supplier
from tests.unit.indexer.processes import (
    PATIENCE_SECONDS,
    SMALL_BATCHES,
    environment,
    program,
    running,
)

IDS = [f"s{number:03}" for number in range(120)]
LEASE_SECONDS = "5"


def environment_of(settings: Settings, kill_at: str = "") -> dict[str, str]:
    return environment(
        settings.home,
        DISCOVERY_DATABASE_URL=settings.database_url,
        DISCOVERY_BROKER_URL=settings.broker_url,
        DISCOVERY_ENGINE=settings.engine,
        DISCOVERY_INDEX_PREFIX=settings.index_prefix,
        C_FORCE_ROOT="1",
        **({VARIABLE: kill_at} if kill_at else {}),
    )


def log_of(settings: Settings) -> Path:
    return settings.home / "worker.log"


def worker(
    settings: Settings, kill_at: str = "", *words: str
) -> AbstractContextManager[subprocess.Popen[str]]:
    """`indexer worker` in small batches, with a short lease."""
    command = [sys.executable, "-c", SMALL_BATCHES, "worker", *words, LEASE_SECONDS]
    return running(command, environment_of(settings, kill_at), log_of(settings))


def loop(settings: Settings, kill_at: str) -> None:
    """The loop of `indexer worker` in this process, in small batches, until it is killed."""
    faults._armed, _, faults._passage = kill_at.partition(":")
    Synchroniser.batch.__defaults__ = (20,)
    run(Context(settings), threading.Event(), print)


def indexer(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program("indexer"), *words],
        env=environment_of(settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def settled(context: Context) -> bool:
    """Whether all that changed is in an index that serves; a first one does a moment after its last
    supplier.
    """
    return (
        ledger.pending_count(context.store) == 0 and context.catalog.targets().serving is not None
    )


def change(connection: Connection, draw: random.Random, number: int) -> None:
    """One of all that may happen to a supplier: made, renamed, delisted, restored, deleted by
    another program.
    """
    id_ = draw.choice(IDS)
    kind = draw.randrange(6)
    if kind <= 2:
        repository.save(connection, [supplier(id_, name=f"Atelier {number}")], NOW)
    elif kind == 3:
        repository.delist(connection, id_)
    elif kind == 4:
        repository.restore(connection, id_)
    else:
        connection.execute(text("DELETE FROM supplier WHERE id = :id"), {"id": id_})


def changes(store: Engine, draw: random.Random, many: int) -> None:
    for number in range(many):
        with store.begin() as connection:
            change(connection, draw, number)


@contextmanager
def changing(store: Engine, rate: float) -> Iterator[list[int]]:
    """Changes all the while, `rate` a second; a store that is away is tried again. Yields the
    numbers committed.
    """
    stop, done = threading.Event(), list[int]()

    def work() -> None:
        draw = random.Random(7)
        number = 0
        while not stop.is_set():
            began = time.monotonic()
            try:
                with store.begin() as connection:
                    change(connection, draw, number)
                done.append(number)
            except DBAPIError:
                stop.wait(0.2)
            number += 1
            stop.wait(max(0.0, 1 / rate - (time.monotonic() - began)))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield done
    finally:
        stop.set()
        thread.join()
