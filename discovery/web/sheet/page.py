"""An answer → the one-page summary that a buyer attaches to a purchasing file. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from discovery.answers.search import Presenter
from discovery.facets import FacetValue
from discovery.locales import Translate
from discovery.search.answer import Answer
from discovery.search.query import MAX_PER_PAGE, Query
from discovery.web.frame import contact
from discovery.web.frame.urls import PageUrls
from discovery.web.maps import zone_map
from discovery.web.results import chips

LISTED = MAX_PER_PAGE
"""Suppliers named on a sheet; the export names all."""
FACETS = ("kind", "department")


def asked(query: Query) -> Query:
    """The search of a sheet: the same suppliers, from the first on, with what it counts."""
    return replace(query, page=1, per_page=LISTED, facets=FACETS)


def sheet(answer: Answer, presenter: Presenter, urls: PageUrls, t: Translate, at: datetime) -> dict[str, Any]:
    """What `sourcing.html` shows. `urls` are those of the search; `at` is when it was made."""
    body = presenter.answer(answer)
    chosen = [*chips.understood(answer, urls, t), *chips.active(answer, urls, presenter.names, t)]
    words = answer.plan.intent.text.strip()
    seats = [(one["location"]["lat"], one["location"]["lon"]) for one in body["results"] if one["location"]]
    return {
        "answer": body,
        "total": answer.page.total,
        "listed": len(body["results"]),
        "criteria": [
            *([t("sheet.phrase", text=answer.plan.query.q)] if answer.plan.query.q else []),
            *(chip.long or chip.label for chip in chosen),
            *([t("search.words", text=answer.searched or words)] if words else []),
        ],
        "kinds": counted(answer.facets["kind"]),
        "departments": counted(answer.facets["department"]),
        "suppliers": [
            {**one, "ways": contact.ways(one, hit.document["public"].get("contact"), t)}
            for one, hit in zip(body["results"], answer.page.hits, strict=True)
        ],
        "zone_map": zone_map.draw(seats, circles(answer), gazetteer=presenter.names.gazetteer),
        "search_url": urls.set(),
        "day": at.date().isoformat(),
        "hour": at.strftime("%H:%M"),
        "zone": "UTC" if at.tzinfo is UTC else t("sheet.zone"),
    }


def circles(answer: Answer) -> list[tuple[float, float, float]]:
    """(lat, lon, km) of those that bound the search."""
    found = [target.circle for target in answer.plan.request.targets if target.circle]
    return [(one.centre.lat, one.centre.lon, one.radius_km) for one in found]


def counted(values: Sequence[FacetValue]) -> list[FacetValue]:
    """Values found: when some are chosen the facet counts the others too, which the search leaves out."""
    chosen = [one for one in values if one.selected]
    return [one for one in chosen or values if one.count]
