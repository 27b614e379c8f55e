"""Several processes index the same store: each supplier once, nothing lost, and the same index as
one would make.
"""

import subprocess
import sys

import pytest

from indexer.context import Context
from indexer.indices.rebuild import rebuild
from indexer.run import parallel
from indexer.store import ledger
from tests.unit.indexer.conftest import Put, in_step, supplier
from tests.unit.indexer.processes import alive, environment, wait_for

MANY = 2_300


@pytest.fixture
def filled(context: Context, put: Put) -> Context:
    put(
        *(
            supplier(f"s{number:05}", kind="OPCS" if number % 100 == 0 else "EI")
            for number in range(MANY)
        )
    )
    return context


@pytest.mark.slow
def test_workers_share_the_ledger_without_overlap(filled: Context) -> None:
    steps: list[int] = []
    report = parallel.drain(filled, MANY, steps.append)
    assert (report.claimed, report.indexed, report.retry, report.dead, report.lost) == (
        MANY,
        MANY,
        0,
        0,
        0,
    )
    assert sum(steps) == MANY
    assert ledger.pending_count(filled.store) == 0
    assert in_step(filled)


@pytest.mark.slow
def test_a_rebuild_by_several_processes_holds_every_supplier(filled: Context) -> None:
    written: list[int] = []
    with parallel.filling(filled) as fill:
        built = rebuild(filled, written.append, fill=fill)
    assert built.documents == MANY - MANY // 100
    assert sum(written) == MANY
    assert in_step(filled)


ALONE = """
import os, sys, threading
from indexer.run import parallel
from indexer.context import Context
from indexer.indices.rebuild import rebuild

assert threading.active_count() == 1, "a command has no threads when it forks"
context = Context()
read = context.builder
ours = parallel._fill


def fill(name, ids):
    forked = parallel._Process.parent is not None
    assert forked == (sys.platform == "linux")
    mine = parallel._Process.context
    assert mine is not context and mine.store is not context.store, "each has connections of its own"
    assert not forked or mine.builder is read, "what was read is not read again"
    return ours(name, ids)


parallel._fill = fill
with parallel.filling(context) as several:
    print(rebuild(context, fill=several).documents)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_a_command_forks_processes_that_find_the_mappings_read(filled: Context) -> None:
    words, env = [sys.executable, "-c", ALONE], environment(filled.settings.home)
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"{MANY - MANY // 100}\n"), done.stderr
    assert in_step(filled)


KILLED = """
import multiprocessing, os, signal
from indexer.run import parallel
from indexer.context import Context
from indexer.indices.rebuild import rebuild


def killed(_):
    print(*(process.pid for process in multiprocessing.active_children()), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


context = Context()
with parallel.filling(context) as several:
    rebuild(context, killed, fill=several)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
def test_processes_end_with_the_one_they_work_for(filled: Context) -> None:
    words, env = [sys.executable, "-c", KILLED], environment(filled.settings.home)
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    pids = [int(pid) for pid in done.stdout.split()]
    assert len(pids) == parallel.processes(), done.stderr
    wait_for("their end", lambda: not any(map(alive, pids)))
