"""One document and one request: how it matched. Plain functions, for the hits of a page on any engine.

An engine finds; this says why. The rules are the port's:

- an activity *meets* a request when it passes `sector`, `service_type` (the scope's too) and `national=only`;
- a supplier is *seated* in the where when it is located in a target and `coverage` is not `serves`;
- an activity *serves* when its zone covers a target, `coverage` is not `located`, and, under
  `national=exclude`, its zone is not the whole country;
- a supplier matches the activity filters and the where when it is seated and has an activity that meets them
  (or no filter asks for one), or has one activity that both meets and serves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from discovery.engine.port import Coverage, Document, Filters, National, Point, SearchRequest, Target
from discovery.gazetteer.geo import haversine_km

Activity = Mapping[str, Any]

FIELDS: Mapping[str, str] = {
    "kind": "kind",
    "kind_group": "kind_group",
    "certification": "certifications",
    "network": "networks",
    "department": "department",
    "region": "region",
    "territory": "territories",
    "employees": "employees_band",
    "legal_form": "legal_form",
}
"""Filter parameter → the field of the supplier that it reads."""


def values(document: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A keyword field, which may be absent, one value or a list."""
    value = document.get(name)
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)


def activities(document: Document) -> list[Activity]:
    found = document.get("activities") or []
    return found if isinstance(found, list) else [found]


def distance_km(document: Mapping[str, Any], point: Point) -> float | None:
    """From the document's location to a point; None without a location."""
    location = document.get("location")
    if location is None:
        return None
    return haversine_km(point.lat, point.lon, location["lat"], location["lon"])


def located_in(document: Document, target: Target) -> bool:
    """Whether the seat lies in the target."""
    if target.everywhere:
        return True
    if not target.communes.isdisjoint(values(document, "commune")):
        return True
    if not target.departments.isdisjoint(values(document, "department")):
        return True
    if not target.regions.isdisjoint(values(document, "region")):
        return True
    if target.circle is None:
        return False
    distance = distance_km(document, target.circle.centre)
    return distance is not None and distance <= target.circle.radius_km


def serves_target(activity: Activity, target: Target, national: National) -> bool:
    """Whether the activity's zone covers the target."""
    if activity.get("scope") == "country":
        return national is not National.EXCLUDE
    if target.everywhere:
        return False
    if not target.zone_places.isdisjoint(values(activity, "places")):
        return True
    if not target.zone_within.isdisjoint(values(activity, "places_within")):
        return True
    radius = activity.get("radius_km")
    if activity.get("scope") != "radius" or radius is None:
        return False
    distances = (distance_km(activity, point) for point in target.zone_points)
    return any(distance is not None and distance <= radius for distance in distances)


def located(document: Document, request: SearchRequest) -> bool:
    """Whether the supplier is located in one of the targets, whatever the coverage asked for."""
    return any(located_in(document, target) for target in request.targets)


def serves(activity: Activity, request: SearchRequest) -> bool:
    """Whether the activity serves one of the targets, whatever the coverage asked for."""
    return any(serves_target(activity, target, request.national) for target in request.targets)


def meets_filters(activity: Activity, filters: Filters, national: National) -> bool:
    """Whether the activity passes the filters that must hold on one activity."""
    if filters.sector and not {activity.get("sector"), activity.get("sector_group")} & set(filters.sector):
        return False
    if filters.service_type and set(filters.service_type).isdisjoint(values(activity, "service_types")):
        return False
    return national is not National.ONLY or activity.get("scope") == "country"


def in_scope(document: Document, scope: Iterable[Filters]) -> bool:
    """Whether a request of that scope that asks for nothing else finds the document."""
    asked = tuple(scope)
    if not all(_passes(document, one) for one in asked):
        return False
    on_activity = [one for one in asked if one.on_activity]
    return not on_activity or any(
        all(meets_filters(activity, one, National.INCLUDE) for one in on_activity) for activity in activities(document)
    )


def _passes(document: Document, filters: Filters) -> bool:
    """Whether the supplier itself passes, its activities aside."""
    for parameter, field in FIELDS.items():
        asked = getattr(filters, parameter)
        if asked and set(asked).isdisjoint(values(document, field)):
            return False
    return not filters.siret or (document.get("siret") or "").startswith(filters.siret)


def asks_for_activity(request: SearchRequest) -> bool:
    """Whether a supplier without any activity is left out."""
    return any(one.on_activity for one in (request.filters, *request.scope)) or request.national is National.ONLY


def seated(document: Document, request: SearchRequest) -> bool:
    return request.coverage is not Coverage.SERVES and located(document, request)


def coverage(document: Document, request: SearchRequest) -> Coverage | None:
    """How a match of the request met its where; None without targets."""
    if not request.targets:
        return None
    return Coverage.LOCATED if seated(document, request) else Coverage.SERVES


def matched_activities(document: Document, request: SearchRequest) -> Iterator[Activity]:
    """Activities that meet the activity filters and, when the supplier is not seated there, the where."""
    by_zone = bool(request.targets) and not seated(document, request)
    for activity in activities(document):
        meets = meets_filters(activity, request.filters, request.national) and all(
            meets_filters(activity, one, National.INCLUDE) for one in request.scope
        )
        if meets and (not by_zone or serves(activity, request)):
            yield activity


def matched_sectors(document: Document, request: SearchRequest) -> tuple[str, ...]:
    """Their sectors, each once, in the document's order; none when the request has neither filter nor where."""
    if not request.targets and not asks_for_activity(request):
        return ()
    sectors = (activity.get("sector") for activity in matched_activities(document, request))
    return tuple(dict.fromkeys(sector for sector in sectors if sector is not None))
