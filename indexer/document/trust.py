"""What lets a buyer trust a supplier: certifications, networks, territory, size, freshness."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from discovery.config.vocabulary import Vocabulary
from discovery.engine.instants import written
from discovery.schema.attributes import CODED, Values
from indexer.document.terms import Terms
from indexer.record import Supplier

MAX_CERTIFICATIONS = 3
"""The certification signal is full from here on: a fourth label says little more."""


def employees(supplier: Supplier) -> int | None:
    """How many people it employs, in insertion or permanent; None when neither figure is known."""
    if supplier.employees_insertion is None and supplier.employees_permanent is None:
        return None
    return (supplier.employees_insertion or 0) + (supplier.employees_permanent or 0)


def territories(supplier: Supplier) -> list[str]:
    """Codes of the priority areas in which a supplier sits: `qpv` (quarters), `zrr` (rural)."""
    return [code for code, held in (("qpv", supplier.qpv), ("zrr", supplier.zrr)) if held]


def proofs(supplier: Supplier, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Of its certifications those that count: not what goes without checking (`proof` in certifications.yaml)."""
    known = vocabulary.certifications
    return tuple(one for one in supplier.certifications if one not in known or known[one].proof)


def _codes(supplier: Supplier, terms: Terms) -> Iterator[tuple[str, list[str]]]:
    """Each list of codes, and the names of its codes where they are searched."""
    for one in CODED:
        held: Values = getattr(supplier, one.field)
        yield one.field, list(held)
        if one.words:
            yield one.words, terms.of_codes[one.field](held)


def trust(supplier: Supplier, vocabulary: Vocabulary, terms: Terms) -> dict[str, Any]:
    """The block of the document that lets a buyer trust a supplier."""
    found: dict[str, Any] = {
        **dict(_codes(supplier, terms)),
        "territories": territories(supplier),
        "employees_band": vocabulary.band_of(employees(supplier)),
        "updated_at": supplier.updated_at.isoformat() if supplier.updated_at else None,
        "first_listed_at": written(supplier.first_listed_at) if supplier.first_listed_at else None,
    }
    found = {key: value for key, value in found.items() if value}
    found["certification_level"] = min(len(proofs(supplier, vocabulary)), MAX_CERTIFICATIONS)
    return found
