"""What a process that died left behind; to be called with the lock held, so that it is nobody's work."""

from __future__ import annotations

from discovery.engine.catalog import Catalog


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
