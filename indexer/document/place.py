"""Who the supplier is, where it sits, and where it serves: activities, as nested documents."""

from collections.abc import Iterable
from typing import Any

from discovery.engine.port import Document
from discovery.engine.predicate import PRESUMED
from discovery.mappings.vocabulary import Vocabulary
from discovery.places import Gazetteer, normalise
from indexer.record import Activity, LocationSource, Scope, Supplier


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
    names = ("street", "post_code", "city", "commune", "department", "region")
    return {name: getattr(supplier, name) for name in names}


def shown_location(supplier: Supplier) -> dict[str, Any] | None:
    """The point to show; `approximate` when it is the commune's rather than the supplier's."""
    if supplier.lat is None or supplier.lon is None:
        return None
    return {
        "lat": supplier.lat,
        "lon": supplier.lon,
        "approximate": supplier.location_source is LocationSource.COMMUNE,
    }


def activities(
    supplier: Supplier, seat: Document, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> list[dict[str, Any]]:
    """All activities, with their zones; one without a sector for who declares none, so that it is presumed to serve
    around its seat."""
    presumed = _presumed(vocabulary.presumed_km[supplier.kind], seat, gazetteer)
    found = [_activity(one, seat.get("location"), presumed, vocabulary, gazetteer) for one in supplier.activities]
    return found or [presumed]


def _presumed(radius_km: int, seat: Document, gazetteer: Gazetteer) -> dict[str, Any]:
    """The zone of an activity that declares none: a circle around the seat; its commune where no point is known."""
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
    """`places` are the codes named (an arrondissement as its city), `places_within` all that hold them, so that a
    department asked for finds an activity that names one of its communes."""
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
