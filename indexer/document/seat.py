"""Who the supplier is and where it sits."""

from __future__ import annotations

from typing import Any

from discovery.config.vocabulary import Vocabulary
from discovery.gazetteer import Gazetteer, normalise
from indexer.record import LocationSource, Supplier


def identity(supplier: Supplier, vocabulary: Vocabulary) -> dict[str, Any]:
    """The block of the document with codes, names and their sort key. Empty values are left out: a document holds
    what is known."""
    found: dict[str, Any] = {
        "id": supplier.id,
        "slug": supplier.slug,
        "kind": supplier.kind,
        "kind_group": vocabulary.kinds[supplier.kind].group,
        "name": supplier.name,
        "name_key": normalise(supplier.brand or supplier.name),
    }
    optional = {
        "former_slugs": list(supplier.former_slugs),
        "siret": supplier.siret,
        "siren": supplier.siren,
        "legal_form": supplier.legal_form,
        "brand": supplier.brand,
    }
    found.update((key, value) for key, value in optional.items() if value)
    return found


def seat(supplier: Supplier, gazetteer: Gazetteer) -> dict[str, Any]:
    """The block of the document that says who the supplier is and where it sits. `commune` is the city's code:
    arrondissements of Paris, Lyon and Marseille belong to their city."""
    commune = gazetteer.commune(supplier.commune) if supplier.commune else None
    found: dict[str, Any] = {
        "commune": commune.city if commune else "",
        "department": supplier.department,
        "region": supplier.region,
    }
    found = {key: value for key, value in found.items() if value}
    if supplier.lat is not None and supplier.lon is not None:
        found["location"] = {"lat": supplier.lat, "lon": supplier.lon}
    return found


def address(supplier: Supplier) -> dict[str, str]:
    """The address to show, as recorded."""
    return {
        "street": supplier.street,
        "post_code": supplier.post_code,
        "city": supplier.city,
        "commune": supplier.commune,
        "department": supplier.department,
        "region": supplier.region,
    }


def shown_location(supplier: Supplier) -> dict[str, Any] | None:
    """The point to show; `approximate` when it is the commune's rather than the supplier's."""
    if supplier.lat is None or supplier.lon is None:
        return None
    return {
        "lat": supplier.lat,
        "lon": supplier.lon,
        "approximate": supplier.location_source is LocationSource.COMMUNE,
    }
