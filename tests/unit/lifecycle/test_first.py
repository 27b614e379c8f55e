"""`indexer sync` on either engine: the first writer makes an index and fills it."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from discovery.app import create_app
from discovery.engine.port import Action, EngineUnavailable, WriteOutcome, WriteStatus
from indexer.context import Context
from indexer.indices import rebuild, status
from indexer.indices.rebuild import Step
from indexer.lock import Holder, locked, utc
from indexer.store import ledger
from indexer.targets import DualWriter
from tests.unit.indexer.conftest import indexed, supplier
from tests.unit.lifecycle.conftest import Put, in_step, serving


@pytest.mark.slow
def test_many_make_one(context: Context, put: Put) -> None:
    put(*(supplier(f"s{number:03}") for number in range(40)))
    together = Barrier(4, timeout=60)

    def work(_: int) -> int:
        own = Context(context.settings)
        assert own.definition
        together.wait()
        try:
            return own.synchroniser().drain().claimed
        finally:
            own.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) >= 40
    context.synchroniser().drain()
    assert len(context.catalog.names()) == 1
    assert len(indexed(context)) == 40
    assert in_step(context)


def test_an_index_that_is_gone_is_made_again_from_the_store(context: Context, put: Put) -> None:
    """All was settled, in an index that is no more."""
    put(supplier("a"), supplier("b"))
    context.synchroniser().drain()
    context.catalog.remove(serving(context))
    assert context.synchroniser().drain().claimed == 2
    assert indexed(context).keys() == {"a", "b"}


def refused(context: Context) -> str:
    """Why searches are; empty when they are not."""
    client = create_app(context.settings).test_client()
    found = client.get("/api/v1/search?q=nettoyage")
    assert found.status_code in (200, 503)
    assert client.get("/readyz").status_code == found.status_code
    assert client.get("/api/v1/suppliers/a").status_code == found.status_code
    return "" if found.status_code == 200 else str(found.json)


def test_it_serves_once_all_is_in_it(context: Context, put: Put) -> None:
    put(supplier("a"), supplier("b"), supplier("c"))
    context.synchroniser().batch(2)
    assert context.catalog.targets().serving is None
    assert refused(context)
    assert "is being filled" in "\n".join(status.lines(status.look(context)))
    context.synchroniser().drain()
    assert serving(context)
    assert not refused(context)
    assert in_step(context)


@pytest.mark.slow
def test_one_deleted_under_the_service_is_never_served_empty(context: Context, put: Put) -> None:
    put(supplier("a"), supplier("b"), supplier("c"))
    context.synchroniser().drain()
    assert not refused(context)
    context.catalog.remove(serving(context))
    assert refused(context)
    context.synchroniser().batch(2)
    assert refused(context)
    context.synchroniser().drain()
    assert not refused(context)
    assert in_step(context)


def test_another_goes_on_with_half_a_first_index(context: Context, put: Put) -> None:
    """Its maker died; nobody waits for it, and nothing is written twice."""
    put(supplier("a"), supplier("b"), supplier("c"))
    context.synchroniser().batch(2)
    half = context.catalog.targets().building
    other = Context(context.settings)
    assert other.synchroniser().drain().claimed == 1
    assert serving(other) == half
    assert in_step(other)
    other.close()


def test_what_a_dead_rebuild_left_is_filled_up(context: Context, put: Put) -> None:
    """All had been settled, in an index that is gone; the rebuild that was to replace it died after
    its first batch.
    """
    put(supplier("a"), supplier("b"))
    context.synchroniser().drain()
    context.catalog.remove(serving(context))
    with pytest.raises(KeyboardInterrupt):
        rebuild.rebuild(context, options=rebuild.Options(watch=dies_at(Step.CREATED, context)))
    context.synchroniser().drain()
    assert indexed(context).keys() == {"a", "b"}
    assert in_step(context)


def dies_at(step: Step, context: Context) -> Callable[[Step], None]:
    """What it was about to remove stays, as after kill -9."""

    def watch(reached: Step) -> None:
        if reached is step:
            context.catalog.remove = lambda name: None  # type: ignore[method-assign]
            raise KeyboardInterrupt

    return watch


class Fails:
    """A writer whose engine says of some ids what is told."""

    def __init__(self, writer: DualWriter, status: WriteStatus, ids: set[str]) -> None:
        self._writer, self._status, self._ids = writer, status, ids

    def bulk(self, actions: Iterable[Action]) -> list[WriteOutcome]:
        given = list(actions)
        kept = iter(self._writer.bulk([one for one in given if one.id not in self._ids]))
        return [
            WriteOutcome(one.id, self._status, "no") if one.id in self._ids else next(kept)
            for one in given
        ]


def test_an_engine_that_fails_at_all_of_them_has_none_serve(context: Context, put: Put) -> None:
    put(supplier("a"), supplier("b"), supplier("c"))
    one = context.synchroniser()
    replace(one, writer=Fails(context.serving(), WriteStatus.RETRY, {"a", "b", "c"})).drain()  # type: ignore[arg-type]
    assert context.synchroniser().drain().claimed == 0
    assert context.catalog.targets().serving is None
    assert refused(context)


def test_a_process_that_was_killed_holds_no_lock(context: Context, put: Put) -> None:
    """kill -9 while it held it: whoever comes next on this machine does not wait for the minute to
    be over.
    """
    put(supplier("a"))
    dead = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    dead.kill()
    dead.wait()
    _note, mark = context.catalog.lock.read()
    now = utc()
    holder = Holder(
        "first index", socket.gethostname(), dead.pid, "t", now, now + timedelta(seconds=60)
    )
    assert context.catalog.lock.write(holder.note(), mark)
    assert context.synchroniser().drain().indexed == 1
    assert serving(context)


def test_nobody_claims_while_another_makes_the_index(
    context: Context, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.targets.PATIENCE_SECONDS", 0.0)
    put(supplier("a"))
    with (
        locked(context.catalog.lock, "rebuild"),
        pytest.raises(EngineUnavailable, match="rebuild by process"),
    ):
        context.synchroniser()
    assert ledger.pending_count(context.store) == 1
    assert context.synchroniser().drain().indexed == 1
