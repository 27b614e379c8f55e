"""`indexer worker` without a broker, as a real process among others: writers of the store, readers
of the index.
"""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer.context import Context
from indexer.store import ledger
from indexer.store.observations import figures
from tests.unit.indexer.conftest import Put, folder_of, in_step, indexed, supplier
from tests.unit.indexer.processes import (
    SMALL_BATCHES,
    ended,
    environment,
    program,
    running,
    wait_for,
)

pytestmark = pytest.mark.xdist_group("worker")

READER = """
import sys
from pathlib import Path
from discovery.engine.embedded import EmbeddedEngine
from discovery.engine.port import EngineUnavailable, SearchRequest

engine = EmbeddedEngine(Path(sys.argv[1]))
for _ in sys.stdin:
    try:
        print(" ".join(sorted(hit.id for hit in engine.search(SearchRequest(size=10_000)).hits)), flush=True)
    except EngineUnavailable as error:
        print("unavailable:", error, flush=True)
"""


class Reader:
    """A process of its own that follows the index from the first question to the last."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ids(self) -> set[str]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line.endswith("\n"), "the reader ended"
        return set() if line.startswith("unavailable") else set(line.split())


@contextmanager
def reader(context: Context, tmp_path: Path) -> Iterator[Reader]:
    words = [sys.executable, "-c", READER, str(folder_of(context).link)]
    with running(words, environment(tmp_path), tmp_path / "reader.log") as process:
        yield Reader(process)


@contextmanager
def worker(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with running(
        [program("indexer"), "worker"], environment(tmp_path), tmp_path / "worker.log"
    ) as process:
        yield process


@contextmanager
def hurried_worker(tmp_path: Path, lease_seconds: float) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-c", SMALL_BATCHES, "worker", str(lease_seconds)]
    with running(words, environment(tmp_path), tmp_path / "worker.log") as process:
        yield process


def insert(tmp_path: Path, id_: str, name: str) -> None:
    """What another program would do: it knows the table, not us."""
    with closing(sqlite3.connect(tmp_path / "store.sqlite", timeout=60)) as connection, connection:
        connection.execute(
            "INSERT INTO supplier (id, name, kind, commune, department, region) VALUES (?, ?, ?, ?, ?, ?)",
            (id_, name, "EI", "69123", "69", "84"),
        )


def run(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program("indexer"), *words],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )


def waiting(context: Context) -> int:
    return ledger.pending_count(context.store)


@pytest.mark.slow
def test_what_another_program_writes_is_found_by_every_reader(
    context: Context, tmp_path: Path
) -> None:
    """Insert, change, delete in plain SQL; three readers, none of them told."""
    with worker(tmp_path) as process, ExitStack() as stack:
        readers = [stack.enter_context(reader(context, tmp_path)) for _ in range(3)]
        insert(tmp_path, "x1", "Atelier du quai")
        for one in readers:
            wait_for("the insert", lambda one=one: one.ids() == {"x1"}, process, one.process)
        insert(tmp_path, "x2", "Les Jardins")
        with (
            closing(sqlite3.connect(tmp_path / "store.sqlite", timeout=60)) as connection,
            connection,
        ):
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("DELETE FROM supplier WHERE id = 'x1'")
        for one in readers:
            wait_for("the deletion", lambda one=one: one.ids() == {"x2"}, process, one.process)
        assert ended(process, signal.SIGTERM) == 0
    found = subprocess.run(
        [program("discovery"), "search", "jardin Lyon"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Les Jardins" in found.stdout
    assert run(tmp_path, "check").returncode == 0


@pytest.mark.parametrize(
    "by", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)]
)
def test_asked_to_end_it_settles_its_batch_and_ends_with_zero(
    by: signal.Signals, context: Context, put: Put, tmp_path: Path
) -> None:
    put(*(supplier(f"s{number:04}") for number in range(1500)))
    with hurried_worker(tmp_path, 600) as process:
        wait_for("some work", lambda: waiting(context) < 1500, process)
        assert ended(process, by) == 0
    left = waiting(context)
    assert figures(context.store, datetime.now(UTC)).leased == 0
    assert len(indexed(context)) == 1500 - left, "what is settled is in the index, and nothing else"
    assert "Traceback" not in (tmp_path / "worker.log").read_text(encoding="utf-8")


@pytest.mark.slow
def test_killed_at_any_moment_others_finish_its_work(
    context: Context, put: Put, tmp_path: Path
) -> None:
    """kill -9 again and again, a reader watching: nothing is lost, nothing half written, the last
    worker finishes.
    """
    many = 1500
    ids = {f"s{number:04}" for number in range(many)}
    put(supplier("s0000"))
    assert (
        run(tmp_path, "sync").returncode == 0
    )  # a first index serves once it is whole: this one is there before
    put(*map(supplier, ids))
    chance = random.Random(8)
    met = 0
    with reader(context, tmp_path) as follower:
        for _ in range(4):
            before = waiting(context)
            with hurried_worker(tmp_path, 0.5) as process:
                wait_for("some work", lambda before=before: waiting(context) < before, process)
                time.sleep(chance.random() * 0.05)
                process.kill()
                process.wait()
            held = follower.ids()
            assert held <= ids
            assert len(held) >= max(met, many - waiting(context)), "what was settled is found"
            met = len(held)
        assert met > 0
        # and a change made while nobody works
        put(supplier("s0000", name="Changed"), supplier("new"))
        with hurried_worker(tmp_path, 60) as process:
            wait_for("the rest", lambda: waiting(context) == 0, process)
            assert ended(process, signal.SIGTERM) == 0
        assert follower.ids() == ids | {"new"}
    checked = run(tmp_path, "check")
    assert (checked.returncode, checked.stdout) == (0, f"{many + 1} checked, 0 differ\n")


@pytest.mark.slow
def test_a_rebuild_under_way_is_followed_by_workers_and_readers(
    context: Context, put: Put, tmp_path: Path
) -> None:
    """Two workers index while the alias moves, twice; the readers never see a supplier less than
    before.
    """
    first = {f"s{number:03}" for number in range(200)}
    put(*map(supplier, first))
    context.synchroniser().drain()
    before = context.catalog.targets().serving
    with ExitStack() as stack:
        workers = [stack.enter_context(hurried_worker(tmp_path, 60)) for _ in range(2)]
        readers = [stack.enter_context(reader(context, tmp_path)) for _ in range(2)]
        assert [one.ids() for one in readers] == [first, first]
        written = set(first)
        for round_ in range(2):
            rebuild = stack.enter_context(
                running(
                    [program("indexer"), "rebuild"], environment(tmp_path), tmp_path / "rebuild.log"
                )
            )
            while rebuild.poll() is None:
                id_ = f"r{round_}-{len(written):04}"
                put(supplier(id_))
                written.add(id_)
                seen = [one.ids() for one in readers]
                assert all(first <= ids <= written for ids in seen)
                time.sleep(0.02)
            assert rebuild.returncode == 0, (tmp_path / "rebuild.log").read_text(encoding="utf-8")
        put(supplier("last"))
        written.add("last")
        for one in readers:
            wait_for("all of it", lambda one=one: one.ids() == written, *workers, one.process)
        assert [ended(one, signal.SIGTERM) for one in workers] == [0, 0]
    assert context.catalog.targets().serving != before
    assert waiting(context) == 0
    assert in_step(context)
