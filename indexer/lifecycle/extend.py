"""New fields of `mappings/suppliers.json` in the index that serves, without a rebuild where that is enough."""

from __future__ import annotations

from discovery.engine.definition import Need, need
from indexer.context import Context
from indexer.store import ledger
from indexer.targets import audit
from indexer.targets.audit import Entry
from indexer.targets.lock import RebuildRefused, locked


def needed(context: Context) -> Need:
    """What must be done to the serving index for it to hold what today's mappings say; REBUILD when none serves."""
    serving = context.catalog.targets().serving
    return Need.REBUILD if serving is None else need(context.catalog.definition_of(serving), context.definition)


def extend(context: Context) -> int:
    """Add the fields, and queue every supplier to be written again. Returns how many; 0 when nothing is needed.

    Raises RebuildRefused when the change needs a rebuild; on the embedded engine every change does.
    """
    catalog, definition = context.catalog, context.definition
    with locked(catalog.lock, "extend"):
        serving, wanted = catalog.targets().serving, needed(context)
        if wanted is Need.NOTHING:
            return 0
        if wanted is Need.REBUILD or serving is None:
            raise RebuildRefused("more changed than fields that this index can take while it serves: `indexer rebuild`")
        catalog.extend(serving, definition)
        audit.write(catalog.journal, Entry("extend", serving))
    return ledger.requeue_all(context.store)
