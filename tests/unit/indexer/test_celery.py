"""The Celery task: on a real worker it does what the loop does; beat has the tick; messages carry nothing."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker

from discovery.config import Settings
from indexer import celery as module
from indexer import tasks
from indexer.context import Context
from indexer.drift import check
from indexer.store import ledger
from indexer.store.migrate import migrate
from tests.servers import free_port
from tests.unit.indexer.conftest import Put, file_of, indexed, supplier
from tests.unit.indexer.processes import ended, environment, program, running, wait_for

pytestmark = pytest.mark.xdist_group("worker")


@pytest.fixture
def own_context(context: Context, monkeypatch: pytest.MonkeyPatch) -> Context:
    """The task's context, made anew in the test's home."""
    monkeypatch.setenv("DISCOVERY_HOME", str(context.settings.home))
    tasks.context.cache_clear()
    return context


@pytest.fixture
def app(own_context: Context) -> Iterator[Celery]:
    """An application on a broker in memory, with a worker in a thread."""
    made = module.make(replace(own_context.settings, broker_url="memory://"))
    made.conf.update(task_ignore_result=False, result_backend="cache+memory://")
    with start_worker(made, perform_ping_check=False, shutdown_timeout=60):
        yield made
    tasks.context.cache_clear()


def test_the_task_indexes_what_the_ledger_holds(app: Celery, own_context: Context, put: Put) -> None:
    put(supplier("a"), supplier("b"))
    task = app.tasks["indexer.sync"]
    assert task.delay().get(timeout=60) == "2 indexed"
    assert task.delay().get(timeout=60) == "0 indexed"
    assert indexed(own_context).keys() == {"a", "b"}


def test_any_number_of_ticks_does_the_same_as_one(app: Celery, own_context: Context, put: Put) -> None:
    put(*(supplier(f"s{number:02}") for number in range(50)))
    said = [result.get(timeout=60) for result in [app.tasks["indexer.sync"].delay() for _ in range(5)]]
    assert sorted(said) == ["0 indexed"] * 4 + ["50 indexed"]
    assert ledger.pending_count(own_context.store) == 0


def test_trouble_is_a_line_and_the_next_tick_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No store yet; then one, and the index broken under the worker; then mended."""
    monkeypatch.setenv("DISCOVERY_HOME", str(tmp_path))
    tasks.context.cache_clear()
    assert (
        tasks.sync() == f"waiting: There is no store at {tmp_path / 'store.sqlite'} yet. Run `indexer migrate` first."
    )
    assert list(tmp_path.iterdir()) == []
    migrate(Context(Settings(home=tmp_path)).store)
    assert tasks.sync() == "0 indexed"
    file = file_of(tasks.context())
    tasks.context().forget_writer()
    whole = file.read_bytes()
    file.write_bytes(b"anything but an index " * 300)
    assert tasks.sync().startswith(f"waiting: the index file {file.name}")
    file.write_bytes(whole)
    assert tasks.sync() == "0 indexed"
    tasks.context.cache_clear()


def test_beat_has_the_tick() -> None:
    made = module.make(Settings(broker_url="memory://"))
    [entry] = made.conf.beat_schedule.values()
    assert entry["task"] in {"indexer.sync"} == {tasks.sync.name}
    assert entry["schedule"] == entry["options"]["expires"] == module.TICK_SECONDS
    assert "args" not in entry, "a tick carries nothing: the ledger knows"
    assert "indexer.tasks" in made.conf.include


def test_messages_are_json_and_taken_one_at_a_time() -> None:
    conf = module.make(Settings(broker_url="memory://")).conf
    assert (conf.task_serializer, conf.accept_content, conf.task_ignore_result) == ("json", ["json"], True)
    assert (conf.task_acks_late, conf.worker_prefetch_multiplier, conf.timezone) == (True, 1, "UTC")


# As people run it: `indexer worker` with a broker, beat and pool in processes of their own


@contextmanager
def worker(tmp_path: Path, broker: str) -> Iterator[subprocess.Popen[str]]:
    env = environment(tmp_path / "home", DISCOVERY_BROKER_URL=broker, C_FORCE_ROOT="1")
    with running([program("indexer"), "worker"], env, tmp_path / "celery.log") as process:
        yield process


def follows_the_store(tmp_path: Path, broker: str) -> None:
    """Beat ticks, a child of the pool indexes, SIGTERM ends both."""
    context = Context(Settings(home=tmp_path / "home"))
    migrate(context.store)

    def put(*ids: str) -> None:
        rows = [{"id": id_, "name": id_, "kind": "EI", "address": {"commune": "69123"}} for id_ in ids]
        subprocess.run(
            [program("indexer"), "import", "-"],
            input="\n".join(map(json.dumps, rows)),
            env=environment(tmp_path / "home"),
            text=True,
            check=True,
            capture_output=True,
        )

    put("a", "b")
    with worker(tmp_path, broker) as process:
        wait_for("the first", lambda: ledger.pending_count(context.store) == 0, process)
        put("c")
        wait_for("the next", lambda: ledger.pending_count(context.store) == 0, process)
        assert ended(process, signal.SIGTERM) == 0
    assert "Traceback" not in (tmp_path / "celery.log").read_text(encoding="utf-8")
    assert indexed(context).keys() == {"a", "b", "c"}
    assert check.check(context.store, context.serving(), context.builder).differences == ()


def test_a_broker_of_files(tmp_path: Path) -> None:
    """Kombu's filesystem transport: no server needed. It writes one folder and reads another, here the same."""
    (tmp_path / "data_in").mkdir()
    (tmp_path / "data_out").symlink_to("data_in")
    follows_the_store(tmp_path, "filesystem://")


def test_redis(tmp_path: Path) -> None:
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("redis-server is not installed here (Debian: apt-get install redis-server)")
    port = free_port()
    words = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with running(words, {}, tmp_path / "redis.log"):
        follows_the_store(tmp_path, f"redis://127.0.0.1:{port}/0")
