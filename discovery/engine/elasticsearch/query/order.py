"""Sorting. Ties always end on id."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from discovery.engine import instants
from discovery.engine.port import BITS, WALKABLE, Order, Position, Rotation, SearchRequest

Sort = list[dict[str, Any]]

_ID: dict[str, Any] = {"id": "asc"}
_NOWHERE, _NEVER = "Infinity", -(2**63)
"""The sort values of a document without location, and without date, as Elasticsearch gives and
takes them.
"""
LOT = tuple(f"lot_{bit}" for bit in range(BITS))
"""Fields with the bits of a document's lot (`rotation.lot`)."""


def sort(request: SearchRequest) -> Sort:
    """Unknown values come last, in both directions."""
    match request.order:
        case Order.RELEVANCE:
            return [{"_score": "desc"}, *_by_lot(request.signals.rotation), _ID]
        case Order.DISTANCE if (centre := request.centre) is not None:
            there = {"lat": centre.lat, "lon": centre.lon}
            return [
                {
                    "_geo_distance": {
                        "location": there,
                        "order": "asc",
                        "unit": "km",
                        "distance_type": "arc",
                    }
                },
                _ID,
            ]
        case Order.ID | Order.DISTANCE:
            return [_ID]
        case Order.NAME:
            return [_field("name_key", "asc", "keyword"), _ID]
        case Order.UPDATED:
            return [_field("updated_at", "desc", "date"), _ID]
        case Order.LISTED:
            return [_field("first_listed_at", "desc", "date"), _ID]
        case Order.COMPLETENESS:
            return [
                _field("completeness", "desc", "integer"),
                _field("updated_at", "desc", "date"),
                _ID,
            ]


def search_after(request: SearchRequest) -> list[Any] | None:
    """The sort values behind which the page begins."""
    if request.after is None or request.order not in WALKABLE:
        return None
    key, id_ = request.after
    match request.order:
        case Order.ID:
            return [id_]
        case Order.DISTANCE if request.centre is None:
            return [id_]
        case Order.DISTANCE:
            return [_NOWHERE if key is None else key, id_]
        case Order.UPDATED:
            at = None if key is None else datetime.fromisoformat(str(key)).replace(tzinfo=UTC)
            return [int(at.timestamp() * 1000) if at else _NEVER, id_]
        case Order.LISTED:
            return [_NEVER if key is None else instants.seconds(str(key)) * 1000, id_]
        case _:
            return [key, id_]


def position(request: SearchRequest, values: Sequence[Any]) -> Position | None:
    """Where in a walk the hit with these sort values stands; None in an order that can't be walked."""
    if request.order not in WALKABLE:
        return None
    *keys, id_ = values
    if not keys or keys[0] in (None, _NOWHERE, _NEVER):
        return None, id_
    if request.order is Order.UPDATED:
        return datetime.fromtimestamp(keys[0] / 1000, UTC).date().isoformat(), id_
    if request.order is Order.LISTED:
        return instants.after_epoch(keys[0] // 1000), id_
    return keys[0], id_


def _by_lot(rotation: Rotation | None) -> Sort:
    """Equals by the bits of their lots, 0 before 1 or the other way round. An index of before,
    without, has no lots.
    """
    if rotation is None:
        return []
    return [
        _field(LOT[bit], "desc" if rotation.turned >> bit & 1 else "asc", "boolean")
        for bit in rotation.bits
    ]


def _field(name: str, direction: str, kind: str) -> dict[str, Any]:
    """`kind`: of the field, should the index be of the format before, and lack it."""
    return {name: {"order": direction, "missing": "_last", "unmapped_type": kind}}
