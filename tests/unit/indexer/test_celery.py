"""The Celery task: on a real worker it does what the loop does; beat has the tick; messages carry
nothing.
"""

import json
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker

from discovery.engine.port import Action
from discovery.mappings import Settings
from indexer.context import Context
from indexer.indices.drift import checked
from indexer.run import celery as module
from indexer.run import tasks
from indexer.run.celery import MAX_WAITING, BoundedScheduler
from indexer.store import ledger, observations
from indexer.store.engine import migrate
from tests.servers import free_port
from tests.unit.indexer.conftest import Put, file_of, indexed, supplier
from tests.unit.indexer.processes import (
    PATIENCE_SECONDS,
    ended,
    environment,
    program,
    running,
    wait_for,
)

pytestmark = pytest.mark.xdist_group("worker")


@pytest.fixture
def own_context(context: Context, monkeypatch: pytest.MonkeyPatch) -> Context:
    """The task's context, made anew in the test's home."""
    monkeypatch.setenv("DISCOVERY_HOME", str(context.settings.home))
    tasks.process.cache_clear()
    return context


@pytest.fixture
def app(own_context: Context) -> Iterator[Celery]:
    """An application on a broker in memory, with a worker in a thread."""
    made = module.make(replace(own_context.settings, broker_url="memory://"))
    made.conf.update(task_ignore_result=False, result_backend="cache+memory://")
    with start_worker(made, perform_ping_check=False, shutdown_timeout=60):
        yield made
    tasks.process.cache_clear()


def test_trouble_is_a_line_and_the_next_tick_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No store yet; then one, and the index broken under the worker; then mended."""
    monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path))
    tasks.process.cache_clear()
    assert (
        tasks.sync()
        == f"waiting: There is no store at {tmp_path / 'store.sqlite'} yet. Run `indexer migrate` first."
    )
    assert list(tmp_path.iterdir()) == []
    migrate(Context(Settings(home=tmp_path)).store)
    assert tasks.sync() == "0 indexed"
    file = file_of(tasks.process().context)
    tasks.process().context.forget_writer()
    whole = file.read_bytes()
    file.write_bytes(b"anything but an index " * 300)
    assert tasks.sync().startswith(f"waiting: the index file {file.name}")
    file.write_bytes(whole)
    assert tasks.sync() == "0 indexed"
    tasks.process.cache_clear()


def test_beat_has_a_tick_and_an_hourly_check() -> None:
    made = module.make(Settings(broker_url="memory://"))
    tick, check = made.conf.beat_schedule.values()
    assert (tick["task"], check["task"]) == (tasks.sync.name, tasks.check.name)
    assert tick["schedule"] == module.TICK_SECONDS
    assert (
        check["schedule"].is_due(datetime(2026, 1, 1, 12, module.CHECK_MINUTE, tzinfo=UTC)).is_due
    )
    assert tick["args"] == check["args"] == (), "a message carries nothing: the ledger knows"
    assert "indexer.run.tasks" in made.conf.include


class Clock(BoundedScheduler):
    """Beat without its loop: a second passes when the test says so."""

    def __init__(self, app: Celery) -> None:
        self.said: list[str] = []
        super().__init__(app)

    def tell(self, line: str) -> None:
        self.said.append(line)

    def pass_(self, seconds: int) -> None:
        for _ in range(seconds):
            self.apply_entry(self.schedule["sync"], producer=self.producer)


def test_ticks_that_nobody_takes_do_not_pile_up() -> None:
    made = module.make(Settings(broker_url="memory://"))
    made.loader.import_default_modules()
    beat = Clock(made)
    assert set(beat.schedule) == {"sync", "check"}
    beat.pass_(3)
    assert beat._waiting() == 3
    beat.pass_(50)
    assert beat._waiting() == MAX_WAITING
    assert beat.said == [f"{MAX_WAITING} messages wait and nobody takes them: is a worker running?"]
    with made.connection_for_write() as connection:
        made.amqp.queues["indexer"].bind(connection.channel()).purge()
    beat.pass_(1)
    assert beat._waiting() == 1
    assert beat.said[1:] == ["ticks are taken again"]


def test_the_check_task_tells_and_notes_what_differs(own_context: Context, put: Put) -> None:
    assert tasks.check().startswith("waiting: there is no index yet")
    put(supplier("a"), supplier("b"))
    tasks.sync()
    assert tasks.check() == "2 checked, 0 differ"
    tasks.process().context.serving().bulk([Action("b", 900, None)])
    assert tasks.check() == "2 checked, 1 differ: 1 missing"
    last = observations.last_check(own_context.store)
    assert last is not None
    assert last.differences["missing"] == 1
    tasks.process.cache_clear()


def test_messages_are_json_and_taken_one_at_a_time() -> None:
    conf = module.make(Settings(broker_url="memory://")).conf
    assert (conf.task_serializer, conf.accept_content, conf.task_ignore_result) == (
        "json",
        ["json"],
        True,
    )
    assert (conf.task_acks_late, conf.worker_prefetch_multiplier, conf.timezone) == (
        False,
        1,
        "UTC",
    )


# As people run it: `indexer worker` with a broker, beat and pool in processes of their own


def put_lines(tmp_path: Path, *ids: str) -> None:
    rows = [{"id": id_, "name": id_, "kind": "EI", "address": {"commune": "69123"}} for id_ in ids]
    subprocess.run(
        [program("indexer"), "import", "--no-index", "-"],
        input="\n".join(map(json.dumps, rows)),
        env=environment(tmp_path / "home"),
        text=True,
        check=True,
        capture_output=True,
    )


@pytest.mark.slow
@pytest.mark.redis
@pytest.mark.xdist_group("redis")
def test_a_worker_and_beat_on_redis_follow_the_store(tmp_path: Path, redis_url: str) -> None:
    """Beat ticks, a child of the pool indexes, SIGTERM ends both."""
    context = Context(Settings(home=tmp_path / "home"))
    migrate(context.store)
    log = tmp_path / "celery.log"
    port = str(free_port())
    env = environment(
        tmp_path / "home",
        DISCOVERY_BROKER_URL=redis_url,
        DISCOVERY_METRICS_PORT=port,
        C_FORCE_ROOT="1",
    )
    put_lines(tmp_path, "a", "b")
    with running([program("indexer"), "worker"], env, log) as process:
        wait_for("the first", lambda: ledger.pending_count(context.store) == 0, process)
        put_lines(tmp_path, "c")
        wait_for("the next", lambda: ledger.pending_count(context.store) == 0, process)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as told:
            assert 'discovery_changes{state="due"} 0.0' in told.read().decode()
        assert ended(process, signal.SIGTERM) == 0
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert "SQLiteImpl" not in said
    assert "2 indexed" in said
    assert "succeeded in" not in said, "a line a second would hide what matters"
    assert indexed(context).keys() == {"a", "b", "c"}
    assert checked(context).differences == ()


@pytest.mark.slow
def test_a_worker_that_can_not_go_on_ends_with_one(tmp_path: Path) -> None:
    """So that whoever supervises it starts it again. A message that is none breaks Kombu's broker
    of files.
    """
    (tmp_path / "data_in").mkdir()
    (tmp_path / "data_out").symlink_to("data_in")
    (tmp_path / "data_in" / "0_0.indexer.msg").touch()
    env = environment(tmp_path / "home", DISCOVERY_BROKER_URL="filesystem://", C_FORCE_ROOT="1")
    with running([program("indexer"), "worker"], env, tmp_path / "celery.log") as process:
        assert process.wait(timeout=PATIENCE_SECONDS) == 1
    assert "JSONDecodeError" in (tmp_path / "celery.log").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.redis
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="children are looked for in /proc")
def test_a_worker_that_is_killed_leaves_nobody_behind(tmp_path: Path, redis_url: str) -> None:
    """kill -9 of the process that was started: neither beat nor the processes that index go on
    without it.
    """
    migrate(Context(Settings(home=tmp_path)).store)
    env = environment(tmp_path, DISCOVERY_BROKER_URL=redis_url, C_FORCE_ROOT="1")
    log = tmp_path / "worker.log"
    with running([program("indexer"), "worker"], env, log) as process:
        wait_for("the work to begin", lambda: "celery@" in log.read_text(encoding="utf-8"), process)
        wait_for("beat and two that index", lambda: len(family(process.pid)) >= 4, process)
        process.kill()
        process.wait()
        wait_for("the end of all", lambda: not family(process.pid))


def family(session: int) -> list[int]:
    """The processes of a session."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, _, _, of = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            except OSError:
                continue
            if int(of) == session and state != "Z":
                found.append(int(folder.name))
    return found
