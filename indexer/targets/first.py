"""The first index: filled by the workers from the ledger, beside everything else, and serving once all is in it.

Until then searches are refused: an index half filled would say of living suppliers that there are none. Whoever finds
it half filled goes on, for **where nothing serves, all that was settled is queued again before an index is made**: so
what the ledger has nothing more to say of is in the index.
"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy import Engine, select

from discovery.engine.catalog import Catalog, IndexName
from discovery.engine.definition import Definition
from discovery.engine.port import EngineUnavailable
from indexer.store import ledger
from indexer.store.engine import reading
from indexer.store.sql import LEDGER
from indexer.targets import audit
from indexer.targets.lock import Lock, LockHeldError, locked, utc

PATIENCE_SECONDS = 10.0
"""For another process that is making it, which takes a second."""

WORK = "first index"


def make_first(catalog: Catalog, definition: Definition, store: Engine) -> None:
    """See that an index of this definition serves or is being filled; of several processes one makes it, the others
    wait for it.

    Raises EngineUnavailable when somebody is at work longer than that, as a rebuild is.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while not _there(catalog, definition):
        try:
            with locked(catalog.lock, WORK) as lock:
                if _there(catalog, definition):
                    return
                sweep(catalog)
                requeue_settled(store)
                name = catalog.create(definition, utc())
                _serve(catalog, definition, store, name, lock)  # at once, if there is nothing to fill it with
        except LockHeldError as error:
            if time.monotonic() > end:
                raise EngineUnavailable(f"no index serves yet: {error}") from None
            time.sleep(0.1)


def serve_first(catalog: Catalog, definition: Definition, store: Engine) -> None:
    """Let the index that is being filled serve, if none does and all is in it. Another's work is left to them."""
    if catalog.targets().serving is None and not ledger.unfinished(store, datetime.now(UTC)):
        with suppress(LockHeldError), locked(catalog.lock, WORK) as lock:
            targets = catalog.targets()
            if targets.serving is None and targets.building is not None:
                _serve(catalog, definition, store, targets.building, lock)


def requeue_settled(store: Engine) -> None:
    """Queue again what was settled in an index that is gone. To be called before an index is made in its place."""
    with reading(store) as connection:
        settled = connection.execute(select(LEDGER.c.supplier_id).where(LEDGER.c.settled_revision > 0).limit(1)).first()
    if settled is not None:
        ledger.requeue_all(store)


def _there(catalog: Catalog, definition: Definition) -> bool:
    targets = catalog.targets()
    return targets.serving is not None or may_be_filled(targets.building, definition.fingerprint)


def may_be_filled(name: str | None, fingerprint: str) -> bool:
    """Whether an index that nobody finished can be gone on with, by documents of these mappings."""
    built = None if name is None else IndexName.parse(name)
    return built is not None and built.fingerprint == fingerprint


def _serve(catalog: Catalog, definition: Definition, store: Engine, name: str, lock: Lock) -> None:
    if ledger.unfinished(store, datetime.now(UTC)):
        return
    catalog.finish(name, definition)
    lock.renew()
    catalog.promote(name)
    audit.write(catalog.journal, audit.Entry("first", name))


def sweep(catalog: Catalog) -> list[str]:
    """Remove an index half built, let go of one half caught up for a rollback. Returns what there was.

    What is newer than the index that serves was never verified; what is older served once, and stays.
    """
    swept: list[str] = []
    while (left := (targets := catalog.targets()).building) is not None:
        known = catalog.names()
        if targets.serving in known and known.index(left) <= known.index(targets.serving):
            catalog.unregister(left)
        else:
            catalog.remove(left)
        swept.append(left)
    return swept
