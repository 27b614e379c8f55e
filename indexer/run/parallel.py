"""Long work spread over processes: analysis is pure Python, so a second core halves the time of a
first load.
"""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, as_completed, wait
from contextlib import closing, contextmanager
from multiprocessing import connection, get_context, parent_process

from discovery.engine.catalog import IndexName
from discovery.engine.port import IndexWriter
from discovery.mappings import Settings
from indexer.context import Context
from indexer.gc_tuning import collect_rarely
from indexer.indices.rebuild import Fill, all_ids, write
from indexer.lock import RebuildRefused
from indexer.store import ledger
from indexer.sync import SyncReport

WORTH_IT = 5_000
"""Changes from which a second process pays for its start (about a second where it can't be forked).
"""

MAX_PROCESSES = 4
"""Beyond, processes wait for one another: SQLite and the index file have one writer at a time."""


AHEAD = 2
"""Batches given to a process before it asks, so that it never waits; the ids of all suppliers need
not be held.
"""


def processes() -> int:
    """How many processes to spread work over: one a processor, `MAX_PROCESSES` at most."""
    return max(1, min(len(os.sched_getaffinity(0)), MAX_PROCESSES))


@contextmanager
def _executor(context: Context) -> Iterator[ProcessPoolExecutor]:
    """Processes that index. Forked where that is safe: they find the mappings read and half of
    their start done; store and index each opens for itself.
    """
    forked = sys.platform == "linux" and threading.active_count() == 1
    if forked:
        _ = context.builder, context.definition  # read once, here
        gc.freeze()  # of all of them: none looks for garbage in it, nor copies it to do so
        _Process.parent = context
    context.store.dispose()  # a forked child must not have our connections
    methods = get_context("fork" if forked else "spawn")
    try:
        with ProcessPoolExecutor(
            processes(), methods, initializer=_begin, initargs=(context.settings,)
        ) as pool:
            yield pool
    finally:
        _Process.parent = None


class _Process:
    """What a process keeps from its start on."""

    parent: Context | None = None
    """Of the process that forked this one."""
    context: Context
    writer: IndexWriter | None = None


def _begin(settings: Settings) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; who began the work ends it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    parent = _Process.parent
    _Process.context = Context(settings) if parent is None else parent.elsewhere()
    collect_rarely()


def _end_with_parent() -> None:
    """A process that was killed can't stop those that work for it, which would wait for ever."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def drain(context: Context, pending: int, progress: Callable[[int], None]) -> SyncReport:
    """Index all that is due, by several workers at once: the ledger gives each its own claims."""
    with closing(context.serving()) as first:
        first.writer()  # makes the index, if there is none: not all of them at once
    total, left = SyncReport(), pending
    with _executor(context) as pool:
        running = {pool.submit(_drain) for _ in range(processes())}
        while running:
            done, running = wait(running, timeout=0.5)
            for one in done:
                total.add(one.result())
            now = ledger.pending_count(context.store)
            progress(max(0, left - now))
            left = min(left, now)
    total.add(
        context.synchroniser().drain()
    )  # what came since; and a first index, full now, begins to serve
    return total


def _drain() -> SyncReport:
    return _Process.context.synchroniser().drain()


@contextmanager
def filling(context: Context) -> Iterator[Fill]:
    """A `fill` by several processes. They are there from here on, because the lock of a rebuild is
    kept by a thread.
    """
    with _executor(context) as pool:
        pool.submit(processes).result()  # the first task starts all of them

        def fill(context: Context, name: str, progress: Callable[[int], None]) -> None:
            """Write every supplier into a new index, a batch of ids at a time to each process."""
            running: set[Future[int]] = set()
            for ids in all_ids(context.store):
                if len(running) >= AHEAD * processes():
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    progress(sum(one.result() for one in done))
                running.add(pool.submit(_fill, name, ids))
            for one in as_completed(running):
                progress(one.result())

        yield fill


def _fill(name: str, ids: list[str]) -> int:
    context = _Process.context
    if _Process.writer is None:
        built = IndexName.parse(name)
        if built is None or built.fingerprint != context.definition.fingerprint:
            raise RebuildRefused("the mappings changed while the rebuild began; start it again")
        _Process.writer = context.catalog.writer_of(name)
    write(context.store, _Process.writer, context.builder, ids)
    return len(ids)
