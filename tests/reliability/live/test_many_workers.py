"""Celery's workers on Redis over one PostgreSQL ledger, writing one Elasticsearch; and what the
engine forgets.
"""

import signal
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis
from sqlalchemy import text

from discovery.engine.elasticsearch import connect
from discovery.engine.port import Action, WriteOutcome, WriteStatus
from indexer.context import Context
from indexer.indices.drift import checked
from indexer.run.celery import MAX_WAITING
from indexer.store import ledger, repository
from indexer.store.sql import LEASE_SECONDS
from indexer.sync import Synchroniser
from tests.elasticsearch import GROUP
from tests.reliability.live.conftest import LARGE, on
from tests.reliability.live.stack import environment_of, log_of, settled, worker
from tests.unit.indexer.conftest import NOW, supplier
from tests.unit.indexer.processes import ended, program, running, wait_for

pytestmark = pytest.mark.xdist_group(GROUP)


def put(context: Context, *ids: str, **changes: object) -> None:
    with context.store.begin() as connection:
        repository.save(connection, [supplier(id_, **changes) for id_ in ids], NOW)


@on(LARGE)
def test_several_workers_share_one_ledger_and_set_poison_aside(context: Context) -> None:
    """One beat, three workers of two processes each; a record that no index takes stops nobody."""
    ids = [f"s{number:03}" for number in range(400)]
    put(context, *ids)
    put(
        context, "poison", name="x" * 40_000
    )  # a keyword of more than 32,766 bytes: Elasticsearch refuses it for good
    settings = context.settings
    with ExitStack() as stack:
        beat = stack.enter_context(
            running([program("indexer"), "beat"], environment_of(settings), log_of(settings))
        )
        workers = [stack.enter_context(worker(settings, "", "--no-beat")) for _ in range(3)]
        wait_for("all of it", lambda: settled(context), beat, *workers)
        with Redis.from_url(settings.broker_url) as broker:
            assert int(broker.llen("indexer")) <= MAX_WAITING  # type: ignore[arg-type]
            for message in broker.lrange("indexer", 0, -1):  # type: ignore[union-attr]
                assert b"s0" not in message, "documents and ids stay in the store"
        assert [ended(one, signal.SIGTERM) for one in (beat, *workers)] == [0, 0, 0, 0]
    said = log_of(settings).read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert "_bulk" not in said, "a line for each call would hide what matters"
    [letter] = ledger.dead_letters(context.store)
    assert letter.supplier_id == "poison"
    assert letter.error
    report = checked(context)
    assert {(one.id, str(one.kind)) for one in report.differences} <= {("poison", "missing")}
    assert report.checked == 401
    put(context, "poison", name="Mended")
    assert context.synchroniser().drain().indexed == 1
    assert ledger.dead_letters(context.store) == []
    assert checked(context).differences == ()


@on("sqlite-elasticsearch")
def test_what_is_deleted_stays_so_when_the_engine_has_forgotten_it(context: Context) -> None:
    """`index.gc_deletes` over, a write that is older than the deletion arrives, from a worker that
    slept meanwhile.
    """
    now = [datetime.now(UTC)]
    put(context, "a", "b")
    late = replace(context.synchroniser(), clock=lambda: now[0])
    [serving] = context.catalog.targets().names()
    client = connect(context.settings).client
    client.indices.put_settings(index=serving, settings={"index.gc_deletes": "0ms"})

    class Asleep:
        """Wakes up after the lease, the deletion and the forgetting."""

        def bulk(self, actions: list[Action]) -> list[WriteOutcome]:
            now[0] += timedelta(seconds=LEASE_SECONDS + 1)
            with context.store.begin() as connection:
                connection.execute(text("DELETE FROM supplier WHERE id = 'a'"))
            awake = Synchroniser(
                context.store, context.serving(), context.builder, clock=lambda: now[0]
            )
            assert awake.drain().deleted == 1
            time.sleep(1)  # the engine tells the time in steps of a fifth of a second
            client.indices.flush(index=serving, force=True)
            client.indices.refresh(index=serving)
            outcomes = late.writer.bulk(actions)
            statuses.extend(one.status for one in outcomes)
            return outcomes

    statuses: list[WriteStatus] = []
    assert replace(late, writer=Asleep()).batch().lost == 2  # type: ignore[arg-type]
    assert statuses == [WriteStatus.INDEXED] * 2, (
        "the engine took the late write: it had forgotten the deletion"
    )
    assert context.serving().status().documents == 2
    assert replace(late, writer=context.serving()).drain().deleted == 1
    assert context.serving().status().documents == 1
    assert checked(context).differences == ()
