"""Whether what an index holds is a document at all, by the form that every document has. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

STUB = frozenset({"id", "live", "slug", "fingerprint"})
"""What every document has, that of a delisted supplier included."""

SHOWN = STUB | {"kind", "public"}
"""What one that is found has, besides what is only searched."""


def malformed(id_: str, document: Any, known: Collection[str]) -> bool:
    """Whether what the index holds under an id lacks what every document has, or has more. `known`: names of the
    mapping's fields."""
    if not isinstance(document, dict) or document.get("id") != id_ or not isinstance(document.get("live"), bool):
        return True
    return not (SHOWN if document["live"] else STUB) <= document.keys() <= set(known)
