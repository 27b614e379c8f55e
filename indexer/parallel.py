"""Long work spread over processes: analysis is pure Python, so a second core halves the time of a first load."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, as_completed, wait
from contextlib import closing
from multiprocessing import get_context
from typing import Any

from discovery.config import Settings
from discovery.engine.names import IndexName
from discovery.engine.port import IndexWriter
from indexer.collector import collect_rarely
from indexer.context import Context
from indexer.lifecycle.errors import RebuildRefused
from indexer.lifecycle.fill import all_ids, write
from indexer.store import ledger
from indexer.sync import SyncReport

WORTH_IT = 5_000
"""Changes from which a second process pays for its start (about a second)."""

MOST_PROCESSES = 4
"""Beyond, processes wait for one another: SQLite and the index file have one writer at a time."""


AHEAD = 2
"""Batches given to a process before it asks, so that it never waits; the ids of all suppliers need not be held."""


def processes() -> int:
    return max(1, min(len(os.sched_getaffinity(0)), MOST_PROCESSES))


def executor(count: int, start: Callable[..., None] | None = None, given: tuple[Any, ...] = ()) -> ProcessPoolExecutor:
    # spawn: a forked child would share this process's database connections
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=start, initargs=given)


def drain(settings: Settings, pending: int, progress: Callable[[int], None]) -> SyncReport:
    """Index all that is due, by several workers at once: the ledger gives each its own claims."""
    with closing(Context(settings).serving()) as first:
        first.writer()  # makes the index, if there is none: not all of them at once
    total, left = SyncReport(), pending
    with executor(processes()) as pool:
        running = {pool.submit(_drain, settings) for _ in range(processes())}
        store = Context(settings).store
        while running:
            done, running = wait(running, timeout=0.5)
            for one in done:
                total.add(one.result())
            now = ledger.pending_count(store)
            progress(max(0, left - now))
            left = min(left, now)
    return total


def _drain(settings: Settings) -> SyncReport:
    synchroniser = Context(settings).synchroniser()
    collect_rarely()
    return synchroniser.drain()


def fill(context: Context, name: str, progress: Callable[[int], None]) -> None:
    """Write every supplier into a new index, a batch of ids at a time to each of several processes."""
    with executor(processes(), _open, (context.settings, name)) as pool:
        running: set[Future[int]] = set()
        for ids in all_ids(context.store):
            if len(running) >= AHEAD * processes():
                done, running = wait(running, return_when=FIRST_COMPLETED)
                progress(sum(one.result() for one in done))
            running.add(pool.submit(_fill, ids))
        for one in as_completed(running):
            progress(one.result())


class _Target:
    """What a process of `fill` writes to; opened once in each."""

    context: Context
    writer: IndexWriter


def _open(settings: Settings, name: str) -> None:
    _Target.context = Context(settings)
    built = IndexName.parse(name)
    if built is None or built.fingerprint != _Target.context.definition.fingerprint:
        raise RebuildRefused("the mappings changed while the rebuild began; start it again")
    _Target.writer = _Target.context.catalog.writer_of(name)
    collect_rarely()


def _fill(ids: list[str]) -> int:
    context = _Target.context
    write(context.store, _Target.writer, context.builder, ids)
    return len(ids)
