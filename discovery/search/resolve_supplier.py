"""The supplier that an address leads to: itself, or the one that it was merged into."""

from __future__ import annotations

from collections.abc import Callable

from discovery.engine.port import Document


def resolve_supplier(get: Callable[[str], Document | None], key: str) -> Document | None:
    """The document of an id, a slug or a former slug. Of a merged supplier: the one that stands for it, through
    however many merges, or its own stub where that one is gone. None when the key is unknown."""
    own = found = get(key)
    passed: set[str] = set()
    while found is not None and not found["live"]:
        into = found.get("public", {}).get("merged_into", "")
        if not into or into in passed:
            return own
        passed.add(into)
        found = get(into)
    return found or own
