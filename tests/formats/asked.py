"""What a kept index is asked, by the version that makes it and by those that read it: all that any format knows.

A request is left as it is once an index was kept with its answers; new ones come at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discovery.engine.port import (
    Alternative,
    Circle,
    Coverage,
    Filters,
    Order,
    Point,
    SearchEngine,
    SearchRequest,
    Target,
    TextQuery,
    Word,
)

SAMPLE = 40, 7
"""How many suppliers `indexer generate` makes for a kept index, and its seed."""

LYON = Point(45.7677, 4.8354)
EVERY = 200

_CLEANING = TextQuery(
    (Word("nettoyage", (Alternative("nettoyag"),)), Word("locaux", (Alternative("local"), Alternative("bureau")))),
    1,
    (("sector_terms", 3.0), ("name", 2.0), ("offers", 1.0), ("description", 0.5)),
    0.15,
)
_RHONE = Target(
    departments=frozenset({"69"}),
    circle=Circle(LYON, 60),
    zone_places=frozenset({"department:69", "region:84"}),
    zone_within=frozenset({"69"}),
    zone_points=(LYON,),
)

REQUESTS = (
    SearchRequest(size=EVERY),
    SearchRequest(size=EVERY, order=Order.NAME),
    SearchRequest(size=EVERY, order=Order.UPDATED),
    SearchRequest(size=EVERY, order=Order.DISTANCE, centre=LYON),
    SearchRequest(size=EVERY, text=_CLEANING, order=Order.RELEVANCE),
    SearchRequest(size=EVERY, filters=Filters(kind=("EI", "ESAT")), order=Order.ID),
    SearchRequest(size=EVERY, filters=Filters(service_type=("PREST",)), targets=(_RHONE,), order=Order.ID),
    SearchRequest(size=EVERY, targets=(_RHONE,), coverage=Coverage.SERVES, order=Order.ID),
)


_SINCE = frozenset({"presumed", "evidence"})
"""Facets, and values of facets, that came with a later format."""


def _known(counts: Mapping[str, int]) -> dict[str, int]:
    return {value: count for value, count in counts.items() if value not in _SINCE}


def answers(engine: SearchEngine) -> list[dict[str, Any]]:
    """To each request: how many there are, which, and their facets; as JSON gives it back."""
    pages = [engine.search(request) for request in REQUESTS]
    return [
        {
            "total": page.total,
            "ids": [hit.id for hit in page.hits],
            "facets": {name: _known(counts) for name, counts in page.facets.items() if name not in _SINCE},
        }
        for page in pages
    ]
