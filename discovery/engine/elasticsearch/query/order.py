"""Sorting. Ties always end on id."""

from __future__ import annotations

from typing import Any

from discovery.engine.port import Order, SearchRequest

Sort = list[dict[str, Any]]

_ID: dict[str, Any] = {"id": "asc"}


def sort(request: SearchRequest) -> Sort:
    """Unknown values come last, in both directions."""
    match request.order:
        case Order.RELEVANCE:
            return [{"_score": "desc"}, _ID]
        case Order.DISTANCE:
            return [*_by_distance(request), _ID]
        case Order.NAME:
            return [_field("name_key", "asc"), _ID]
        case Order.UPDATED:
            return [_field("updated_at", "desc"), _ID]
        case Order.COMPLETENESS:
            return [_field("completeness", "desc"), _field("updated_at", "desc"), _ID]


def _by_distance(request: SearchRequest) -> Sort:
    if request.centre is None:
        return []
    centre = {"lat": request.centre.lat, "lon": request.centre.lon}
    return [{"_geo_distance": {"location": centre, "order": "asc", "unit": "km", "distance_type": "arc"}}]


def _field(name: str, direction: str) -> dict[str, Any]:
    return {name: {"order": direction, "missing": "_last"}}
