"""`indexer sync` on either engine: the first writer makes an index and fills it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from discovery.engine.port import EngineUnavailable
from indexer.context import Context
from indexer.lifecycle import audit
from indexer.lifecycle.lock import locked
from indexer.store import ledger
from tests.unit.indexer.conftest import indexed, supplier
from tests.unit.lifecycle.conftest import Put, in_step, serving


def test_a_sync_makes_the_index_and_fills_it(context: Context, put: Put) -> None:
    put(supplier("a"), supplier("b"), supplier("hidden", kind="OPCS"))
    report = context.synchroniser().drain()
    assert (report.claimed, report.indexed) == (3, 3)
    assert in_step(context)
    assert not context.rebuild_needed
    [entry] = audit.read(context.catalog.journal, 10)
    assert (entry.deed, entry.index) == ("first", serving(context))


@pytest.mark.slow
def test_many_make_one(context: Context, put: Put) -> None:
    put(*(supplier(f"s{number:03}") for number in range(40)))
    together = Barrier(4)

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


def test_half_a_first_index_is_swept(context: Context, put: Put) -> None:
    """Its maker died before it served."""
    left = context.catalog.create(context.definition, audit.utc())
    put(supplier("a"))
    context.synchroniser().drain()
    assert context.catalog.names() == [serving(context)] != [left]


def test_nobody_claims_while_another_makes_the_index(
    context: Context, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.lifecycle.first.PATIENCE_SECONDS", 0.0)
    put(supplier("a"))
    with locked(context.catalog.lock, "rebuild"), pytest.raises(EngineUnavailable, match="rebuild by process"):
        context.synchroniser()
    assert ledger.pending_count(context.store) == 1
    assert context.synchroniser().drain().indexed == 1
