"""From whom what is told of a supplier comes. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from discovery.config.vocabulary import Vocabulary
from indexer.record import Supplier


def with_labels(supplier: Supplier, vocabulary: Vocabulary) -> Supplier:
    """The supplier with the labels that lists of their holders say it has, beside those that it was told to have."""
    lists = (vocabulary.sources.get(one.source) for one in supplier.provenance)
    listed = dict.fromkeys(one.certification for one in lists if one and one.certification)
    if not listed:
        return supplier
    return replace(supplier, certifications=tuple({**dict.fromkeys(supplier.certifications), **listed}))


def _label(source: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    origin = vocabulary.sources.get(source)
    return ("certifications",) if origin and origin.certification else ()


def shown_provenance(supplier: Supplier, vocabulary: Vocabulary) -> dict[str, Any]:
    """The block of the document that names its sources, the first told all that no other did; empty for a sole
    source that vocabulary/sources.yaml does not name, so that such documents stay as they are."""
    if not supplier.provenance and supplier.source not in vocabulary.sources:
        return {}
    further = {name for one in supplier.provenance for name in one.fields}
    first = supplier.updated_at if "updated_at" not in further else None
    told = [(supplier.source, first, ()), *((one.source, one.seen, one.fields) for one in supplier.provenance)]
    return {
        "provenance": [
            {
                "source": source,
                "date": day.isoformat() if day else None,
                "told": list(names or _label(source, vocabulary)),
            }
            for source, day, names in told
        ]
    }
