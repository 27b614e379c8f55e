"""Examples shown in the OpenAPI document; the tests run each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from discovery.schema.attributes import ATTRIBUTES, EXCLUSIONS

Examples = Mapping[str, Any]

SEARCH_EXAMPLES: Examples = {
    "q": "nettoyage à 30 km de Lyon, ESAT ou EI",
    **{one.name: list(one.example) for one in ATTRIBUTES},
    **{name: list(one.example) for name, one in EXCLUSIONS.items()},
    "interpret": True,
    "literal": ["Lyon"],
    "cpv": ["90910000"],
    "naf": ["8121Z"],
    "rome": ["K2204"],
    "place": ["department:69"],
    "near": "Lyon",
    "radius": 30,
    "bbox": "4.7,45.6,5.1,45.9",
    "coverage": "any",
    "national": "include",
    "presumed": "exclude",
    "not_place": ["department:75"],
    "sort": "relevance",
    "page": 1,
    "per_page": 20,
    "facets": ["kind", "sector_group"],
    "profile": "balanced",
    "without": ["distance", "freshness"],
    "lang": "fr",
}
"""One value for each parameter; each alone is a valid request, or with `SUPPORT`."""

SUGGEST_EXAMPLES: Examples = {"q": "nettoyage à lyo", "types": ["place", "sector"], "limit": 8, "lang": "fr"}

MAP_EXAMPLES: Examples = {
    **{
        name: value
        for name, value in SEARCH_EXAMPLES.items()
        if name not in {"sort", "page", "per_page", "facets", "profile"}
    },
    "bbox": "3.5,45.0,6.5,46.5",
    "zoom": 9,
}

EXPORT_EXAMPLES: Examples = {
    name: value for name, value in SEARCH_EXAMPLES.items() if name not in {"page", "per_page", "facets"}
}

EXPLAIN_EXAMPLES: Examples = {
    **{name: value for name, value in EXPORT_EXAMPLES.items() if name != "sort"},
    "id": "sample-000520",
}

SUPPORT: Mapping[str, Examples] = {"radius": {"near": "Lyon"}, "lat": {"lon": 4.83}, "lon": {"lat": 45.76}}
"""What a parameter needs beside it to make sense."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a query schema, with examples; `required`: names of those that can't be left out."""

    schema: type[Schema]
    examples: Examples | None = None
    required: tuple[str, ...] = ()

    def described(self) -> list[dict[str, Any]]:
        """As OpenAPI describes them. Lists may be repeated or joined by commas."""
        from apispec import APISpec  # what describes is imported when somebody asks
        from apispec.ext.marshmallow import MarshmallowPlugin

        plugin = MarshmallowPlugin()
        APISpec("", "", "3.1.0", plugins=[plugin])
        assert plugin.converter is not None
        found: list[dict[str, Any]] = plugin.converter.schema2parameters(self.schema(), location="query")
        for parameter in found:
            parameter["required"] = parameter["name"] in self.required
            if self.examples and parameter["name"] in self.examples:
                parameter["example"] = self.examples[parameter["name"]]
        return found
