"""`/selection?id=…&id=…`: suppliers that people chose, side by side. The address is the selection:
a link shares it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from flask import Blueprint, Response, request

from discovery.answers.search import PAGES_PATH, Presenter, message
from discovery.answers.supplier import Activity, Supplier, Zone, email_of, labels_of, title_key
from discovery.desk.figures import deductible_percent
from discovery.desk.lot import Lot, amounts, euros
from discovery.engine.port import Coverage, Hit
from discovery.http.requests import note
from discovery.mappings.vocabulary import Kind
from discovery.model import dataclass
from discovery.model.attributes import CODED
from discovery.pages.frame import responding
from discovery.pages.frame.responding import Site
from discovery.pages.frame.urls import PageUrls
from discovery.pages.results.chips import Link
from discovery.pages.results.page import more, quote_request, shortened, ways
from discovery.search.listing import Around, Chosen, around, chosen
from discovery.search.query import MAX_Q, InvalidQuery, Problem
from discovery.texts import Translate, language, typesetter, written

MAX_SELECTED = 30
"""Suppliers of a selection: more than anybody compares, in an address that every mail program keeps
whole.
"""
MAX_LINES = 8
"""Activities, areas, certifications or networks named of one supplier."""
LONG = 360
"""Characters of a description."""

ROWS = {
    "kind": "selection.kind",
    "town": "selection.town",
    "reach": "selection.reach",
    "activities": "supplier.activities",
    "zones": "selection.zones",
    **{one.field: title_key("supplier", one) for one in CODED},
    "employees": "supplier.employees",
    "oeth": "selection.oeth",
    "contact": "supplier.contact",
    "siret": "supplier.siret",
    "description": "supplier.presentation",
}
"""Name of a row → its title."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cell. `url`: what a click opens; `quiet`: a remark on the line before."""

    text: str
    url: str = ""
    quiet: bool = False


Cells = Mapping[str, tuple[Line, ...]]
"""Name of a row → its lines; none where the profile says nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """A supplier. `remove`: the selection without it."""

    id: str
    name: str
    url: str
    remove: str
    cells: Cells


@dataclass(frozen=True, slots=True)
class Row:
    """What is compared. `same`: all suppliers say the same of it."""

    name: str
    label: str
    same: bool


def tidy(texts: Iterable[str]) -> list[str]:
    """Ids, each once, in their order; of a profile's address, the part that names the supplier."""
    return list(dict.fromkeys(one for text in texts if (one := _id_in(plain(text)))))


def plain(text: str) -> str:
    """Without what no keyboard types and no page can hold."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text).strip()


def _id_in(text: str) -> str:
    _, found, rest = text.partition(PAGES_PATH)
    return unquote(rest.partition("?")[0].partition("#")[0]).strip("/ ") if found else text


def compared(
    kept: Chosen,
    near: Around | None,
    presenter: Presenter,
    urls: PageUrls,
    t: Translate,
    site: Site,
    price: float,
) -> dict[str, Any]:
    """What the table shows. `urls`: those of the selection itself; `price`: of what is bought,
    euros before tax.
    """
    lang, query = site.lang, site.query
    profiles = [presenter.supplier(hit.document, lang) for hit in kept.hits]

    def without(id_: str) -> str:
        return urls.set(id=[one for one in kept.ids if one != id_])

    vocabulary, mappings = presenter.names.vocabulary, responding.services().search.mappings
    percents = [
        deductible_percent(hit.document["public"], mappings.figures, vocabulary)
        for hit in kept.hits
    ]
    columns = [
        Column(
            id=hit.id,
            name=shown["display_name"],
            url=shown["url"] + query,
            remove=without(hit.id),
            cells={
                **who(shown, vocabulary.kinds.get(shown["kind"]), t, lang),
                **what(shown, t),
                "town": town(shown, t),
                "oeth": deducted(percent, price, t) if any(percents) else (),
                "reach": reach(hit, shown, t, lang) if near else (),
                "zones": zones(shown["activities"], t, lang),
            },
        )
        for hit, shown, percent in zip(kept.hits, profiles, percents, strict=True)
    ]
    return {
        "columns": columns,
        "rows": rows(columns, near.label if near else "", t),
        "missing": [
            {"id": one.id, "delisted": one.delisted, "remove": without(one.id)}
            for one in kept.missing
        ],
        "heading": t("selection.title", count=len(columns)),
        "oeth": shared(percents, price, t) if price and any(percents) else "",
        "emails": [email for one in profiles if (email := email_of(one))],
        "silent": [one["display_name"] for one in profiles if not email_of(one)],
    }


def rows(columns: Sequence[Column], place: str, t: Translate) -> list[Row]:
    """The rows in which at least one supplier says something."""
    found = []
    for name, title in ROWS.items():
        cells = [one.cells.get(name, ()) for one in columns]
        if any(cells):
            label = t(title, label=place) if name == "reach" else t(title)
            found.append(Row(name, label, same=len(cells) > 1 and len(set(cells)) == 1))
    return found


def who(shown: Supplier, kind: Kind | None, t: Translate, lang: str) -> Cells:
    """The cells that say who a supplier is and how to reach it."""
    about = (Line(kind.about(lang), quiet=True),) if kind else ()
    return {
        "kind": (Line(f"{shown['kind']} – {shown['kind_label']}"), *about),
        "employees": _size(shown, lang),
        "siret": (Line(responding.siret(shown["siret"])),) if shown["siret"] else (),
        "contact": tuple(
            Line(way.text, way.url) for way in reversed(ways(shown, shown["contact"], t))
        ),
    }


def _size(shown: Supplier, lang: str) -> tuple[Line, ...]:
    if shown["employees"]:
        return (Line(written(shown["employees"], lang)),)
    return (
        (Line(typesetter(lang)("supplier.places", count=shown["capacity"])),)
        if shown["capacity"]
        else ()
    )


def deducted(percent: float, price: float, t: Translate) -> tuple[Line, ...]:
    """What OETH deducts of a purchase, and of the price that the need tells."""
    told = {"share": round(percent), "euros": round(price * percent / 100), "price": round(price)}
    texts = ("oeth_share", "oeth_euros")[: 1 + bool(price)] if percent else ("oeth_none",)
    return tuple(Line(t(f"selection.{text}", **told)) for text in texts)


def shared(percents: Sequence[float], price: float, t: Translate) -> str:
    """What OETH deducts of a purchase that all suppliers share alike."""
    share = price / len(percents)
    told = {
        "price": round(price),
        "share": round(share),
        "euros": round(share * sum(percents) / 100),
    }
    return t("selection.oeth_shared", count=len(percents), **told)


def what(shown: Supplier, t: Translate) -> Cells:
    """The cells that say what a supplier does and holds."""
    description = " ".join((shown["description"] or "").split())
    return {
        "activities": _lines((one["label"] for one in shown["activities"]), t),
        **{each.field: _lines(labels_of(shown, each), t) for each in CODED},
        "description": (Line(shortened(description, LONG)),) if description else (),
    }


def town(shown: Supplier, t: Translate) -> tuple[Line, ...]:
    """The town and department of a supplier; says so where its point is approximate."""
    address, location = shown["address"], shown["location"]
    city, department = address["city"] or "", address["department"]
    text = f"{city} ({department})".strip() if department else city
    remark = (
        (Line(t("page.approximate"), quiet=True),) if location and location["approximate"] else ()
    )
    return (Line(text), *remark) if text else ()


def reach(hit: Hit, shown: Supplier, t: Translate, lang: str) -> tuple[Line, ...]:
    """How far from the place, and whether it works there."""
    far = hit.distance_km
    distance = () if far is None else (Line(t("selection.distance", km=responding.km(far, lang))),)
    return (*distance, Line(_works(hit, shown, t)))


def _works(hit: Hit, shown: Supplier, t: Translate) -> str:
    if hit.coverage is Coverage.LOCATED:
        return t("selection.located")
    if hit.coverage is None:
        return t("selection.not_said")
    labels = {one["sector"]: one["label"] for one in shown["activities"]}
    if labels.keys() <= set(hit.matched_sectors):
        return t("selection.serves")
    return t("selection.serves_for", sectors=", ".join(labels[one] for one in hit.matched_sectors))


def zones(activities: Sequence[Activity], t: Translate, lang: str) -> tuple[Line, ...]:
    """Each area once, with its activities unless all share it."""
    sectors: dict[str, list[str]] = {}
    for one in activities:
        if text := zone(one["zone"], t, lang):
            sectors.setdefault(text, []).append(one["label"])
    if len(sectors) == 1 and len(*sectors.values()) == len(activities):
        return _lines(sectors, t)
    told = (
        t("selection.zone_for", zone=text, sectors=", ".join(labels))
        for text, labels in sectors.items()
    )
    return _lines(told, t)


def zone(given: Zone, t: Translate, lang: str) -> str:
    """An activity's zone in words; "" for one that is not stated."""
    match given["scope"]:
        case "country":
            return t("supplier.zone_country")
        case "radius" if given["radius_km"]:
            return t("supplier.zone_radius", km=responding.km(given["radius_km"], lang))
        case "places":
            return ", ".join(one["label"] for one in given["places"])
        case _:
            return ""


def _lines(texts: Iterable[str], t: Translate) -> tuple[Line, ...]:
    """Each text once, and how many were left out."""
    found = list(dict.fromkeys(texts))
    rest = more(len(found) - MAX_LINES, t)
    return (*(Line(one) for one in found[:MAX_LINES]), *([Line(rest, quiet=True)] if rest else []))


PATH = "/selection"

blueprint = Blueprint("shortlist", __name__)


@blueprint.get(PATH)
def selection() -> Response:
    """The shortlist of the ids in the address. Suppliers no longer listed are named; no id at all
    is an error.
    """
    services, site = responding.services(), responding.site()
    words = typesetter(site.lang)
    ids, near = tidy(request.args.getlist("id")), plain(request.args.get("near", ""))
    place, problems = _place(near, site.lang)
    need, typed = (plain(request.args.get(name, ""))[:MAX_Q] for name in ("need", "amount"))
    told = amounts(need, services.search.mappings.headings)
    amount = euros(typed) or max(
        (Lot("", amount=one.euros, taxed=one.taxed).in_all or 0 for one in told), default=0
    )
    kept = chosen(services.search, ids[:MAX_SELECTED], place)
    note(total=len(kept.hits))
    lang = ("lang", "" if site.lang == "fr" else site.lang)
    around_it = (("near", place.code if place else ""), lang)
    asked = (("need", need), ("amount", typed if euros(typed) else ""))
    urls = PageUrls((*(("id", one) for one in kept.ids), *around_it, *asked), PATH)
    files = PageUrls((*(("id", one.id) for one in kept.hits), *around_it), "/")
    context = {
        **compared(kept, place, services.presenter, urls, words, site, amount),
        "beyond": len(ids[MAX_SELECTED:]),
        "most": MAX_SELECTED,
        "day": datetime.now(UTC).date().isoformat(),
        "ids": kept.ids,
        "place": place,
        "typed_place": near,
        "wanted": need,
        "no_amount": words("message.line_amount", value=typed)
        if typed and not euros(typed)
        else "",
        "amount": typed or (written(round(amount), site.lang) if amount else ""),
        "unknown_place": [
            {
                "message": message(one, site.lang),
                "choices": [
                    Link(services.gazetteer.label(code, site.lang), urls.set(near=code))
                    for code in one.choices
                    if "=" not in code
                ],
            }
            for one in problems
        ],
        "csv_url": files.elsewhere("/api/v1/export.csv"),
        "xlsx_url": files.elsewhere("/api/v1/export.xlsx"),
        "full_url": site.base + urls.keep(),
    }
    context["quote_url"] = quote_request(
        context["emails"], need, words, place.label if place else ""
    )
    return responding.html(responding.drawn("selection.html", site, urls, context))


def _place(typed: str, lang: str) -> tuple[Around | None, tuple[Problem, ...]]:
    """The place, or what is wrong with it: a selection is shown whatever the place is."""
    try:
        return around(responding.services().search, typed, language(lang)) if typed else None, ()
    except InvalidQuery as error:
        return None, error.problems
