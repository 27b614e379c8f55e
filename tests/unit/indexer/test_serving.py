"""Which index is written: the one that serves when the documents are ready, however the alias moved
meanwhile.
"""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from discovery.mappings import Settings
from indexer.context import Context
from indexer.indices.rebuild import rebuild
from indexer.run.worker import run, summary
from indexer.store import ledger
from indexer.store.observations import figures
from tests.unit.indexer.conftest import Put, in_step, indexed, supplier


def test_an_alias_moved_between_look_up_and_claim_is_followed(context: Context, put: Put) -> None:
    """A rebuild ends just before the batch claims: it saw no claim to wait for, so the batch must
    see the new index.
    """
    put(supplier("a"))
    context.synchroniser().drain()
    put(supplier("late"))

    def clock() -> datetime:  # asked right before the claim
        if not moved.is_set():
            moved.set()
            rebuild(Context(context.settings))
            put(supplier("later"))
        return datetime.now(UTC)

    moved = Event()
    assert replace(context.synchroniser(), clock=clock).drain().claimed
    assert moved.is_set()
    assert indexed(context).keys() == {"a", "late", "later"}
    assert in_step(context)


# The loop, in this process: its end and its troubles


def test_a_stop_ends_the_loop_after_the_batch_at_hand(
    context: Context, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(*(supplier(f"s{number:02}") for number in range(20)))
    monkeypatch.setattr("indexer.sync.Synchroniser.batch.__defaults__", (5,))
    stop = Event()
    written = context.synchroniser().writer.bulk

    def bulk(actions: object) -> object:
        stop.set()
        return written(actions)  # type: ignore[arg-type]

    monkeypatch.setattr("indexer.targets.DualWriter.bulk", lambda _, actions: bulk(actions))
    said: list[str] = []
    run(context, stop, said.append)
    assert said == ["5 indexed"]
    assert ledger.pending_count(context.store) == 15
    assert figures(context.store, datetime.now(UTC)).leased == 0


def test_a_worker_waits_for_its_store_and_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services start in any order: the store may be made after the worker."""
    from indexer.store.engine import migrate

    monkeypatch.setattr("indexer.run.worker.TROUBLE_SECONDS", 0.01)
    monkeypatch.setattr("indexer.run.worker.POLL_SECONDS", 0.01)
    context, stop, said = Context(Settings(home=tmp_path)), Event(), list[str]()

    def say(line: str) -> None:
        said.append(line)
        if line.startswith("waiting"):
            migrate(Context(context.settings).store)
        else:
            stop.set()

    run(context, stop, say)
    assert len(said) == 2
    assert "indexer migrate" in said[0]
    assert said[1] == "working again"


def test_a_summary_tells_all_that_is_not_plain(context: Context, put: Put) -> None:
    put(supplier("a"))
    report = context.synchroniser().drain()
    assert summary(report) == "1 indexed"
    report.retry, report.dead, report.lost, report.deleted, report.stale = 1, 2, 3, 4, 5
    report.reasons = Counter({"busy": 1, "no room": 2})
    assert summary(report) == (
        "1 indexed, 4 of them deleted, 5 stale, 1 to retry, 2 dead, 3 lost to another worker - busy (1); no room (2)"
    )
