"""`/sourcing`: the summary of a search, to print and attach; same parameters as the search itself."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Blueprint, Response, request

from discovery.answers import links, needs
from discovery.answers.search import Presenter
from discovery.desk.answering import FACETS, considered
from discovery.desk.figures import Asked, buyer_of
from discovery.desk.lot import Lot, euros
from discovery.http.api.endpoint import readable
from discovery.http.requests import note
from discovery.mappings.purchases import BUYERS
from discovery.model import replace
from discovery.pages.frame import responding
from discovery.pages.frame.urls import PageUrls
from discovery.pages.maps import zone_map
from discovery.pages.results import chips, page
from discovery.search.answer import Answer, FacetValue
from discovery.search.query import MAX_PER_PAGE
from discovery.search.service import SearchService
from discovery.texts import Translate, typesetter

LISTED = MAX_PER_PAGE
"""Suppliers named on a summary; the export names all."""


def summary(
    answer: Answer, presenter: Presenter, urls: PageUrls, t: Translate, at: datetime
) -> dict[str, Any]:
    """What `sourcing.html` shows. `urls` are those of the search; `at` is when it was made."""
    body = presenter.answer(answer, marked=False)
    chosen = [*chips.understood(answer, urls, t), *chips.active(answer, urls, presenter.names, t)]
    words = answer.plan.intent.text.strip()
    seats = [
        (one["location"]["lat"], one["location"]["lon"])
        for one in body["results"]
        if one["location"]
    ]
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
            {**one, "ways": page.ways(one, hit.document["public"].get("contact"), t)}
            for one, hit in zip(body["results"], answer.page.hits, strict=True)
        ],
        "zone_map": zone_map.draw(seats, circles(answer), gazetteer=presenter.names.gazetteer),
        "search_url": urls.set(),
        **when(at, t),
    }


def when(at: datetime, t: Translate) -> dict[str, str]:
    """The day, hour and zone at which a sheet was made."""
    zone = "UTC" if at.tzinfo is UTC else t("sheet.zone")
    return {"day": at.date().isoformat(), "hour": at.strftime("%H:%M"), "zone": zone}


def circles(answer: Answer) -> list[tuple[float, float, float]]:
    """(lat, lon, km) of those that bound the search."""
    found = [target.circle for target in answer.plan.request.targets if target.circle]
    return [(one.centre.lat, one.centre.lon, one.radius_km) for one in found]


def counted(values: Sequence[FacetValue]) -> list[FacetValue]:
    """Values found: when some are chosen the facet counts the others too, which the search leaves
    out.
    """
    chosen = [one for one in values if one["selected"]]
    return [one for one in chosen or values if one["count"]]


PATH = "/sourcing"

blueprint = Blueprint("sourcing", __name__)


@blueprint.get(PATH)
def sheet() -> Response:
    """The sourcing sheet of a search. Raises InvalidQuery, EngineUnavailable: it is opened from a
    search that works.
    """
    services, site = responding.services(), responding.site()
    query = readable(services.search, request.args)
    answer = services.search.search(replace(query, page=1, per_page=LISTED, facets=FACETS))
    note(total=answer.page.total, zero=answer.page.total == 0)
    kept = [
        pair
        for pair in links.pairs(answer.plan.query)
        if pair[0] not in {"page", "per_page", "facets"}
    ]
    urls = PageUrls(kept, "/")
    t = typesetter(site.lang)
    context = summary(answer, services.presenter, urls, t, now())
    context |= proof(services.search, answer, request.args, site.lang)
    context["full_url"] = site.base + urls.set()
    here = PageUrls(kept, PATH)
    return responding.html(responding.drawn("sourcing.html", site, here, context))


def proof(
    search: SearchService, answer: Answer, given: Mapping[str, str], lang: str
) -> dict[str, Any]:
    """What was concluded and what the law says, for the `amount` (euros before tax, of all lots;
    `at_least`: of some), `months` and `buyer` of the address; what can't be read of them is not
    known.
    """
    if not answer.needs:
        return {"potential": None}
    buyer = next((one for one in BUYERS if one == given.get("buyer")), None)
    months = given.get("months", "")
    length = int(months) if months.isascii() and months.isdigit() and len(months) < 4 else None
    lot = Lot(answer.plan.query.q, amount=euros(given.get("amount", "")), months=length)
    asked = Asked(
        "services",
        lot.amount,
        buyer or buyer_of(lot, search.mappings.law),
        at_least="at_least" in given,
    )
    told = needs.potential(considered(search, lot, answer, asked), lang)
    checked = max((one["source"]["checked"] for one in told["law"]), default="")
    amount = {"amount": lot.amount, "at_least": asked.at_least}
    return {"potential": told, **amount, "law_day": checked, "generation": answer.status.generation}


def now() -> datetime:
    """By the clock of those who buy; of the world, on a system that does not know theirs."""
    try:
        return datetime.now(ZoneInfo("Europe/Paris"))
    except ZoneInfoNotFoundError:
        return datetime.now(UTC)
