"""Supplier → search document, shaped by `mappings/suppliers.json`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson

from discovery.config.crosswalk import Codes
from discovery.config.vocabulary import Vocabulary
from discovery.engine.port import Document
from discovery.gazetteer import Gazetteer
from discovery.schema.attributes import CODED
from indexer.document.completeness import completeness
from indexer.document.evidence import EvidenceReader, evidence, shown_evidence
from indexer.document.offer import offer
from indexer.document.provenance import shown_provenance, with_labels
from indexer.document.seat import address, identity, seat, shown_location
from indexer.document.terms import Terms
from indexer.document.trust import employees, proofs, territories, trust
from indexer.document.zone import activities, shown_activities
from indexer.record import Status, Supplier


class DocumentBuilder:
    """Builds documents with one vocabulary, gazetteer and crosswalk. Pure: the same supplier, the same document."""

    def __init__(self, vocabulary: Vocabulary, gazetteer: Gazetteer, codes: Codes) -> None:
        self._vocabulary = vocabulary
        self._evidence = EvidenceReader(vocabulary, codes)
        self._gazetteer = gazetteer
        self._terms = Terms(vocabulary)

    def build(self, supplier: Supplier) -> Document | None:
        """The document; a stub that answers 410 when delisted; None (not to be indexed) for a hidden kind."""
        vocabulary = self._vocabulary
        if supplier.kind in vocabulary.hidden_kinds:
            return None
        if supplier.status is Status.DELISTED:
            return _sealed(_stub(supplier))
        supplier = with_labels(supplier, vocabulary)
        document: Document = {"live": True, **identity(supplier, vocabulary), **seat(supplier, self._gazetteer)}
        document |= offer(supplier, self._terms)
        found = self._evidence(supplier)
        document |= evidence(found, supplier, self._terms)
        document |= trust(supplier, vocabulary, self._terms)
        proven = replace(supplier, certifications=proofs(supplier, vocabulary))
        document["completeness"], missing = completeness(proven)
        document["activities"] = activities(supplier, document, vocabulary, self._gazetteer)
        document["public"] = (
            public(supplier, document, missing)
            | shown_evidence(found, supplier)
            | shown_provenance(supplier, vocabulary)
        )
        return _sealed(document)


def public(supplier: Supplier, document: Document, missing: Sequence[str]) -> dict[str, Any]:
    """Everything that may leave the service, and nothing else: contacts only when the supplier agreed."""
    shown: dict[str, Any] = {
        "id": supplier.id,
        "slug": supplier.slug,
        "siret": supplier.siret,
        "name": supplier.name,
        "brand": supplier.brand,
        "kind": supplier.kind,
        "kind_group": document["kind_group"],
        "legal_form": supplier.legal_form,
        "naf": supplier.naf,
        "address": address(supplier),
        "location": shown_location(supplier),
        "description": supplier.description,
        "website": supplier.website,
        "activities": shown_activities(supplier),
        "offers": [{"name": one.name, "description": one.description} for one in supplier.offers],
        **{one.field: list(getattr(supplier, one.field)) for one in CODED},
        "client_references": list(supplier.client_references),
        "territories": territories(supplier),
        "employees": employees(supplier),
        "turnover": supplier.turnover,
        "year_founded": supplier.year_founded,
        "updated_at": document.get("updated_at"),
        "first_listed_at": document.get("first_listed_at", "")[:10] or None,  # the day, UTC
        "completeness": {"score": document["completeness"], "missing": list(missing)},
    }
    if supplier.contact_public:
        shown["contact"] = {"email": supplier.email, "phone": supplier.phone}
    return shown


def _stub(supplier: Supplier) -> Document:
    """What remains of a delisted supplier: enough to say that it existed, or where it went; nothing about it."""
    stub: Document = {"live": False, "id": supplier.id, "slug": supplier.slug}
    if supplier.former_slugs:
        stub["former_slugs"] = list(supplier.former_slugs)
    if supplier.merged_into:
        stub["public"] = {"merged_into": supplier.merged_into}
    return stub


def _sealed(document: Document) -> Document:
    """The document with the fingerprint of its content, by which the drift check sees an alteration."""
    # No sorting: the builder's own order is the same for the same supplier.
    document["fingerprint"] = hashlib.blake2b(orjson.dumps(document), digest_size=12).hexdigest()
    return document
