"""Activities and where they are offered, as nested documents that filters meet one at a time."""

from __future__ import annotations

from typing import Any

from discovery.config.vocabulary import Vocabulary
from discovery.gazetteer import Gazetteer
from indexer.record import Activity, Scope, Supplier


def activity(
    one: Activity, location: dict[str, float] | None, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> dict[str, Any]:
    """One activity. The supplier's location is copied in: a zone's circle is around it.

    `places` are the codes named (an arrondissement as its city), `places_within` all that hold them, so that a
    department asked for finds an activity that names one of its communes.
    """
    found: dict[str, Any] = {"sector": one.sector, "scope": str(one.zone.scope)}
    sector = vocabulary.sectors.get(one.sector)
    if sector is not None:
        found["sector_group"] = sector.group
    if one.service_types:
        found["service_types"] = list(one.service_types)
    if one.zone.scope is Scope.RADIUS and one.zone.radius_km:
        found["radius_km"] = one.zone.radius_km
        if location is not None:
            found["location"] = location
    elif one.zone.scope is Scope.PLACES:
        places = dict.fromkeys(city_place(place, gazetteer) for place in one.zone.places)
        found["places"] = list(places)
        if within := {code for place in places for code in gazetteer.ancestors(place)}:
            found["places_within"] = sorted(within)
    return found


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
