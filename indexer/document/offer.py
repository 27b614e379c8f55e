"""What the supplier does, as words to search: its own, and the vocabulary's names for it."""

from __future__ import annotations

from typing import Any

from indexer.document.terms import Terms
from indexer.record import Supplier


def offer(supplier: Supplier, terms: Terms) -> dict[str, Any]:
    """The block of the document with the searched text of what is offered; absent when there is none, so that it
    counts in no average."""
    found: dict[str, Any] = {
        "sector_terms": terms.sectors(activity.sector for activity in supplier.activities),
        "service_terms": terms.service_types(
            code for activity in supplier.activities for code in activity.service_types
        ),
        "naf_terms": terms.naf(supplier.naf),
        "offers": [text for one in supplier.offers for text in (one.name, one.description) if text],
        "description": supplier.description,
        "client_references": list(supplier.client_references),
    }
    return {key: value for key, value in found.items() if value}
