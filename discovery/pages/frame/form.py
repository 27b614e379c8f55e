"""The form of a search, on every page: what it holds, and the distances to choose from. Pure."""

from __future__ import annotations

from typing import Any

from discovery.answers.links import written
from discovery.answers.supplier import Names
from discovery.pages.frame.urls import PageUrls
from discovery.search.query import MAX_Q, NO_LIMIT, Query
from discovery.texts import decimal

FIELDS = ("q", "near", "radius")
"""Parameters that the form shows; it carries the others along."""
KM = (5, 10, 20, 30, 50, 100, 200)

Option = tuple[str, str, bool]
"""(value of `radius`, in words, whether it holds)."""


def search_form(query: Query, urls: PageUrls, names: Names) -> dict[str, Any]:
    """What the form holds: as typed, whatever became of it."""
    return {
        "q": query.q,
        "near": names.gazetteer.label(query.near, query.lang) if query.near else "",
        "longest": MAX_Q,
        "too_long": len(query.q) > MAX_Q,
        "radii": radii(query.radius_km, query.lang),
        "no_limit": query.radius == NO_LIMIT,
        "hidden": [pair for pair in urls.pairs if pair[0] not in {*FIELDS, "page"}],
        "understood_place": "",
        "understood_radius": "",
    }


def empty_form(urls: PageUrls, names: Names) -> dict[str, Any]:
    """The form on a page that is no search; `urls` holds the language, if anything."""
    return search_form(Query(), urls, names)


def radii(held: float | None, lang: str) -> tuple[Option, ...]:
    """The usual distances, and the one that holds if it is another."""
    return tuple(
        (written(km), f"{decimal(km, lang)} km", km == held) for km in sorted({float(km) for km in (*KM, held) if km})
    )
