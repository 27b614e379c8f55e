"""From whom what is told of a supplier comes. Pure."""

from __future__ import annotations

from typing import Any

from discovery.config.vocabulary import Vocabulary
from indexer.record import Supplier


def shown_provenance(supplier: Supplier, vocabulary: Vocabulary) -> dict[str, Any]:
    """Its sources, the first told all that no other did; empty of a sole source that vocabulary/sources.yaml does not
    name, so that such documents stay as they are."""
    if not supplier.provenance and supplier.source not in vocabulary.sources:
        return {}
    further = {name for one in supplier.provenance for name in one.fields}
    first = supplier.updated_at if "updated_at" not in further else None
    told = [(supplier.source, first, ()), *((one.source, one.seen, one.fields) for one in supplier.provenance)]
    return {
        "provenance": [
            {"source": source, "date": day.isoformat() if day else None, "told": list(names)}
            for source, day, names in told
        ]
    }
