"""Supplier → search document, shaped by `mappings/suppliers.json`: who it is, where it sits and
serves, its offers.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import orjson

from discovery.engine.port import Document
from discovery.engine.predicate import PRESUMED
from discovery.mappings.crosswalk import Codes
from discovery.mappings.vocabulary import Vocabulary
from discovery.model import dataclass, replace
from discovery.model.attributes import CODED, ITSELF
from discovery.places import Gazetteer, normalise
from indexer.document.evidence import (
    EvidenceReader,
    Terms,
    employees,
    evidence,
    proofs,
    shown_evidence,
    territories,
    trust,
)
from indexer.record import Activity, LocationSource, Scope, Status, Supplier


class DocumentBuilder:
    """Builds documents with one vocabulary, gazetteer and crosswalk. Pure: the same supplier, the
    same document.
    """

    def __init__(self, vocabulary: Vocabulary, gazetteer: Gazetteer, codes: Codes) -> None:
        self._vocabulary = vocabulary
        self._evidence = EvidenceReader(vocabulary, codes)
        self._gazetteer = gazetteer
        self._terms = Terms(vocabulary)

    def build(self, supplier: Supplier) -> Document | None:
        """The document; a stub that answers 410 when delisted or closed; None (not to be indexed)
        for a hidden kind.
        """
        vocabulary = self._vocabulary
        if supplier.kind in vocabulary.hidden_kinds:
            return None
        if supplier.status is Status.DELISTED or supplier.closed:
            return _sealed(_stub(supplier))
        supplier = with_labels(supplier, vocabulary)
        document: Document = {
            "live": True,
            **identity(supplier, vocabulary),
            **seat(supplier, self._gazetteer),
        }
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
    """Everything that may leave the service, and nothing else: contacts only when the supplier
    agreed, or a telephone that it gave itself.
    """

    def own(*names: str) -> dict[str, Any]:
        return {name: getattr(supplier, name) for name in names}

    approximate = (
        supplier.location_source is LocationSource.COMMUNE
    )  # the commune's point, not the supplier's own
    shown: dict[str, Any] = {
        **own("id", "slug", "siret", "name", "brand", "kind"),
        "kind_group": document["kind_group"],
        **own("legal_form", "naf"),
        "address": own("street", "post_code", "city", "commune", "department", "region"),
        "location": document["location"] | {"approximate": approximate}
        if "location" in document
        else None,
        **own("description", "website"),
        "activities": shown_activities(supplier),
        "offers": [{"name": one.name, "description": one.description} for one in supplier.offers],
        **{one.field: list(getattr(supplier, one.field)) for one in CODED},
        "client_references": list(supplier.client_references),
        "territories": territories(supplier),
        "employees": employees(supplier),
        **own("turnover", "capacity", "operator", "year_founded"),
        "updated_at": document.get("updated_at"),
        "first_listed_at": document.get("first_listed_at", "")[:10] or None,  # the day, UTC
        "completeness": {"score": document["completeness"], "missing": list(missing)},
    }
    if supplier.takes_orders is not None:
        shown["takes_orders"] = supplier.takes_orders
    gave = any(one.source == ITSELF and "contact" in one.fields for one in supplier.provenance)
    if supplier.contact_public or (gave and supplier.phone):
        shown["contact"] = {
            "email": supplier.email if supplier.contact_public else "",
            "phone": supplier.phone,
        }
    return shown


def _stub(supplier: Supplier) -> Document:
    """What remains of a delisted supplier: enough to say that it existed, or where it went; nothing
    about it.
    """
    stub: Document = {"live": False, "id": supplier.id, "slug": supplier.slug}
    if supplier.former_slugs:
        stub["former_slugs"] = list(supplier.former_slugs)
    if supplier.merged_into:
        stub["public"] = {"merged_into": supplier.merged_into}
    elif supplier.closed:
        stub["public"] = {"closed": True}
    return stub


def _sealed(document: Document) -> Document:
    """The document with the fingerprint of its content, by which the drift check sees what no index
    gives back.
    """
    # No sorting: the builder's own order is the same for the same supplier.
    document["fingerprint"] = hashlib.blake2b(orjson.dumps(document), digest_size=12).hexdigest()
    return document


LONG_ENOUGH = 80
"""Characters from which a description tells a buyer something; a name and a slogan are shorter."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a profile should hold, and its points."""

    name: str
    points: int
    met: Callable[[Supplier], bool]


CRITERIA: tuple[Criterion, ...] = (
    Criterion("activities", 25, lambda s: bool(s.activities)),
    Criterion("description", 20, lambda s: len(s.description) >= LONG_ENOUGH),
    Criterion("zone", 10, lambda s: any(a.zone.scope is not Scope.NONE for a in s.activities)),
    Criterion("location", 10, lambda s: s.location_source is LocationSource.GIVEN),
    Criterion("offers", 10, lambda s: bool(s.offers)),
    Criterion("website", 5, lambda s: bool(s.website)),
    Criterion("contact", 5, lambda s: bool(s.email or s.phone)),
    Criterion("trust", 5, lambda s: bool(s.certifications or s.networks)),
    Criterion("client_references", 5, lambda s: bool(s.client_references)),
    Criterion("employees", 5, lambda s: bool(s.employees_insertion or s.employees_permanent)),
)
"""What a buyer needs first weighs most: what is done, described how, where. The points add up to
100.
"""


def completeness(supplier: Supplier) -> tuple[int, tuple[str, ...]]:
    """(points out of 100, names of the criteria not met in order of their points)."""
    missing = tuple(criterion for criterion in CRITERIA if not criterion.met(supplier))
    return 100 - sum(criterion.points for criterion in missing), tuple(
        criterion.name for criterion in missing
    )


def with_labels(supplier: Supplier, vocabulary: Vocabulary) -> Supplier:
    """The supplier with the labels that lists of their holders say it has, beside those that it was
    told to have.
    """
    lists = (vocabulary.sources.get(one.source) for one in supplier.provenance)
    listed = dict.fromkeys(one.certification for one in lists if one and one.certification)
    if not listed:
        return supplier
    return replace(
        supplier, certifications=tuple({**dict.fromkeys(supplier.certifications), **listed})
    )


def _label(source: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    origin = vocabulary.sources.get(source)
    return ("certifications",) if origin and origin.certification else ()


def shown_provenance(supplier: Supplier, vocabulary: Vocabulary) -> dict[str, Any]:
    """The block of the document that names its sources, the first told all that no other did; empty
    for a sole source that vocabulary/sources.yaml does not name, so that such documents stay as
    they are.
    """
    if not supplier.provenance and supplier.source not in vocabulary.sources:
        return {}
    further = {name for one in supplier.provenance for name in one.fields}
    first = supplier.updated_at if "updated_at" not in further else None
    told = [
        (supplier.source, first, ()),
        *((one.source, one.seen, one.fields) for one in supplier.provenance),
    ]
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


def offer(supplier: Supplier, terms: Terms) -> dict[str, Any]:
    """The block of the document with the searched text of what is offered; absent when there is
    none, so that it counts in no average.
    """
    found: dict[str, Any] = {
        "sector_terms": terms.sectors(activity.sector for activity in supplier.activities),
        "service_terms": terms.service_types(
            code for activity in supplier.activities for code in activity.service_types
        ),
        "naf_terms": terms.naf(supplier.naf),
        "offers": [text for one in supplier.offers for text in (one.name, one.description) if text],
        "description": supplier.description or supplier.operator,
        "client_references": list(supplier.client_references),
    }
    return {key: value for key, value in found.items() if value}


def identity(supplier: Supplier, vocabulary: Vocabulary) -> dict[str, Any]:
    """The block of the document with codes, names and their sort key. Empty values are left out: a
    document holds what is known.
    """
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
    """The block of the document that says who the supplier is and where it sits. `commune` is the
    city's code: arrondissements of Paris, Lyon and Marseille belong to their city.
    """
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


def activities(
    supplier: Supplier, seat: Document, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> list[dict[str, Any]]:
    """All activities, with their zones; one without a sector for who declares none, so that it is
    presumed to serve around its seat.
    """
    presumed = _presumed(vocabulary.presumed_km[supplier.kind], seat, gazetteer)
    found = [
        _activity(one, seat.get("location"), presumed, vocabulary, gazetteer)
        for one in supplier.activities
    ]
    return found or [presumed]


def _presumed(radius_km: int, seat: Document, gazetteer: Gazetteer) -> dict[str, Any]:
    """The zone of an activity that declares none: a circle around the seat; its commune where no
    point is known.
    """
    found: dict[str, Any] = {"scope": PRESUMED, "radius_km": radius_km}
    if "location" in seat:
        return found | {"location": seat["location"]}
    return found | (_places([f"commune:{seat['commune']}"], gazetteer) if "commune" in seat else {})


def _activity(
    one: Activity,
    location: dict[str, float] | None,
    presumed: dict[str, Any],
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
) -> dict[str, Any]:
    """One activity. The supplier's location is copied in: a zone's circle is around it."""
    found: dict[str, Any] = {"sector": one.sector, "scope": str(one.zone.scope)}
    sector = vocabulary.sectors.get(one.sector)
    if sector is not None:
        found["sector_group"] = sector.group
    if one.service_types:
        found["service_types"] = list(one.service_types)
    if one.zone.scope is Scope.NONE:
        found |= presumed
    elif one.zone.scope is Scope.RADIUS and one.zone.radius_km:
        found["radius_km"] = one.zone.radius_km
        if location is not None:
            found["location"] = location
    elif one.zone.scope is Scope.PLACES:
        found |= _places(one.zone.places, gazetteer)
    return found


def _places(codes: Iterable[str], gazetteer: Gazetteer) -> dict[str, Any]:
    """`places` are the codes named (an arrondissement as its city), `places_within` all that hold
    them, so that a department asked for finds an activity that names one of its communes.
    """
    places = list(dict.fromkeys(city_place(code, gazetteer) for code in codes))
    within = sorted({code for place in places for code in gazetteer.ancestors(place)})
    return {"places": places} | ({"places_within": within} if within else {})


def city_place(place: str, gazetteer: Gazetteer) -> str:
    """A place code with a municipal arrondissement replaced by its city."""
    kind, _, code = place.partition(":")
    commune = gazetteer.commune(code) if kind == "commune" else None
    return f"commune:{commune.city}" if commune else place


def shown_activities(supplier: Supplier) -> list[dict[str, Any]]:
    """Activities as the service shows them: values only, labels are the presenter's."""
    return [
        {
            "sector": one.sector,
            "service_types": list(one.service_types),
            "zone": {
                "scope": str(one.zone.scope),
                "radius_km": one.zone.radius_km,
                "places": list(one.zone.places),
            },
        }
        for one in supplier.activities
    ]
