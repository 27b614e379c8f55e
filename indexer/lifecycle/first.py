"""The first index: empty, serving, and told everything that the ledger has."""

from __future__ import annotations

import time

from sqlalchemy import Engine, select

from discovery.engine.catalog import Catalog
from discovery.engine.definition import Definition
from discovery.engine.port import EngineUnavailable
from indexer.lifecycle import audit
from indexer.lifecycle.errors import LockHeldError
from indexer.lifecycle.leftovers import sweep
from indexer.lifecycle.lock import locked, utc
from indexer.store import ledger
from indexer.store.engine import reading
from indexer.store.sql import LEDGER

PATIENCE_SECONDS = 10.0
"""For another process that is making it, which takes a second."""


def make_first(catalog: Catalog, definition: Definition, store: Engine) -> None:
    """Make an index that serves, unless there is one; of several processes one makes it, the others wait for it.

    EngineUnavailable when somebody is at work longer than that, as a rebuild is.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while catalog.targets().serving is None:
        try:
            with locked(catalog.lock, "first index") as lock:
                if catalog.targets().serving is not None:
                    return
                sweep(catalog)
                name = catalog.create(definition, utc())
                _requeue_settled(store)
                catalog.finish(name, definition)
                lock.renew()
                catalog.promote(name)
                audit.write(catalog.journal, audit.Entry("first", name))
        except LockHeldError as error:
            if time.monotonic() > end:
                raise EngineUnavailable(f"no index serves yet: {error}") from None
            time.sleep(0.1)


def _requeue_settled(store: Engine) -> None:
    """A new index is empty: what was settled in another, now gone, must come again."""
    with reading(store) as connection:
        settled = connection.execute(select(LEDGER.c.supplier_id).where(LEDGER.c.settled_revision > 0).limit(1)).first()
    if settled is not None:
        ledger.requeue_all(store)
