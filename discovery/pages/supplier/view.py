"""`/fournisseurs/<slug>`: one supplier."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from discovery.answers import links
from discovery.answers.search import PAGES_PATH, Result
from discovery.answers.supplier import Names, Supplier, card, email_of, title_key
from discovery.desk.alerts import CORRECT_PATH, FOLLOW_PATH, NOTICES, NOTICES_PATH, SUPPLIER
from discovery.desk.figures import Asked, ruled
from discovery.engine.port import Document, EngineUnavailable
from discovery.http.api import alerts
from discovery.http.api.endpoint import read_query
from discovery.http.api.suppliers import listed
from discovery.mappings import Mappings, Settings
from discovery.mappings.codes import bare, code_label
from discovery.mappings.vocabulary import Lang
from discovery.model import replace
from discovery.model.attributes import CODED
from discovery.pages.frame import responding
from discovery.pages.frame.responding import json_ld, search_form
from discovery.pages.frame.urls import PageUrls
from discovery.pages.maps import zone_map
from discovery.pages.results import page as results_page
from discovery.pages.search.view import map_pairs, page_arguments
from discovery.search.answer import Answer
from discovery.search.listing import matched
from discovery.search.query import InvalidQuery, Query
from discovery.texts import Translate, day, language, typesetter, written


def proof(supplier: Mapping[str, Any], lang: str, t: Translate) -> dict[str, Any]:
    """What the page tells of it. `headline`: how many contracts since when; `facts`: (what,
    details), what is inferred last. Empty and "" where nothing is told.
    """
    facts = [
        *((one["object"] or one["cpv"], _details(one, lang, t)) for one in supplier["contracts"]),
        *(
            (t("supplier.hires", job=one["title"] or one["rome"]), _from(one, lang, t))
            for one in supplier["jobs"]
        ),
    ]
    declared = {one["sector"] for one in supplier["activities"]}
    inferred = [
        (one["label"], _told_by(one, lang, t))
        for one in supplier["evidence"]
        if one["sector"] not in declared
    ]
    return {
        "headline": headline(supplier["contracts"], t),
        "facts": facts + inferred,
        "inferred": bool(inferred),
    }


def _told_by(one: Mapping[str, Any], lang: str, t: Translate) -> str:
    """ "Présentation : « encombrants », d'après son site, 12 novembre 2026"."""
    by = (
        t("supplier.by_words", by=one["type_label"], words=one["words"])
        if one["words"]
        else one["type_label"]
    )
    return ", ".join(filter(None, (by, _from(one, lang, t))))


def buying(kind: str, mappings: Mappings, today: date, lang: str, t: Translate) -> list[str]:
    """How a public buyer may buy from a kind of supplier: by what the law allows that day; help, no
    advice.
    """
    reserving = (
        name.upper() for name, kinds in mappings.grammar.legal.articles.items() if kind in kinds
    )
    allowed = ruled(Asked("services", 0.0, None), mappings.law, today)
    return [
        *(t("supplier.buy_reserved", article=name) for name in islice(reserving, 1)),
        *(one.text(lang) for one in allowed if one.rule.name == "direct" and not one.past),
    ]


def registered(naf: str | None, names: Names, lang: Lang) -> str:
    """ "81.21Z – Nettoyage courant des bâtiments"; the code alone where nobody wrote down what it
    means.
    """
    return " – ".join(
        filter(None, (naf, naf and code_label("naf", bare(naf), names.vocabulary, lang)))
    )


def headline(contracts: list[Mapping[str, Any]], t: Translate) -> str:
    """ "3 marchés publics depuis 2024, dont 1 réservé"; "" without a contract."""
    if not contracts:
        return ""
    years = sorted(one["date"][:4] for one in contracts if one["date"])
    told = t("supplier.proof", count=len(contracts))
    if years:
        told = t(
            "supplier.proof_in" if len(contracts) == 1 else "supplier.proof_since",
            proof=told,
            year=years[0],
        )
    reserved = sum(one["reserved"] is True for one in contracts)
    return t("supplier.proof_reserved", proof=told, count=reserved) if reserved else told


def _details(one: Mapping[str, Any], lang: str, t: Translate) -> str:
    amount = f"{written(one['amount'], lang)} €" if one["amount"] is not None else ""
    reserved = t("supplier.reserved") if one["reserved"] else ""
    return ", ".join(filter(None, (one["buyer"], amount, reserved, _from(one, lang, t))))


def _from(one: Mapping[str, Any], lang: str, t: Translate) -> str:
    """ "d'après les emplois de l'inclusion, 12 novembre 2026"."""
    source = t("supplier.from_source", source=one["source_label"]) if one["source_label"] else ""
    return ", ".join(filter(None, (source, day(one["date"], lang) if one["date"] else "")))


SIMILAR_KM = 50
"""Distance within which similar suppliers are looked for."""
MAX_SIMILAR = 3
"""Sectors that similar suppliers share one of; and how many of those are shown."""
MAX_SIBLINGS = 6
"""Others of the same company that are shown."""
MAX_LOTS = 3
"""Open lots that are shown."""
SUMMARY = 160
"""Characters of a page's description that search engines show."""


def reaching(
    supplier: Supplier, canonical: str, need: tuple[str, str], settings: Settings, t: Translate
) -> dict[str, Any]:
    """How to reach the supplier, and whoever keeps this service. `need`: what a letter asks for,
    and where.
    """
    email = email_of(supplier)
    report = t("supplier.report_body", address=canonical)
    return {
        "ways": results_page.ways(supplier, supplier["contact"], t),
        "quote_url": results_page.quote_request([email] if email else [], need[0], t, need[1]),
        "directions_url": results_page.directions(supplier["location"]),
        "register_url": results_page.register(supplier["siret"], invented=settings.sample),
        "correct_url": f"{CORRECT_PATH}{links.segment(supplier['id'])}" if settings.alerts else "",
        "report_url": results_page.letter(settings.report_to, t("supplier.report"), report)
        if settings.report_to
        else "",
    }


def summary(supplier: Supplier) -> str:
    """One line for search engines: kind, town, and the start of what the supplier says."""
    start = ", ".join(
        part for part in (supplier["kind_label"], supplier["address"]["city"]) if part
    )
    told = " ".join(
        (
            supplier["description"] or ", ".join(one["label"] for one in supplier["activities"])
        ).split()
    )
    whole = ". ".join(part for part in (start, told) if part)
    return whole if len(whole) <= SUMMARY else whole[: SUMMARY - 1].rsplit(" ", 1)[0] + "…"


def structured(supplier: Supplier, canonical: str) -> Markup:
    """JSON-LD of schema.org's Organization, safe within a script element."""
    address, location = supplier["address"], supplier["location"]
    told = {
        "@type": "Organization",
        "name": supplier["display_name"],
        "legalName": supplier["name"],
        "url": canonical,
        "sameAs": supplier["website"],
        "description": supplier["description"],
        "identifier": {"@type": "PropertyValue", "propertyID": "SIRET", "value": supplier["siret"]}
        if supplier["siret"]
        else None,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": address["street"],
            "postalCode": address["post_code"],
            "addressLocality": address["city"],
            "addressRegion": address["region_name"],
            "addressCountry": "FR",
        },
        "location": {
            "@type": "Place",
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": location["lat"],
                "longitude": location["lon"],
            },
        }
        if location and not location["approximate"]
        else None,
        "foundingDate": str(supplier["year_founded"]) if supplier["year_founded"] else None,
        "knowsAbout": list(dict.fromkeys(one["label"] for one in supplier["activities"])),
    }
    return json_ld(told)


blueprint = Blueprint("supplier", __name__)


@blueprint.get(f"{PAGES_PATH}<slug>")
def supplier(slug: str) -> BaseResponse:
    """One supplier. A former slug, an id, a supplier that was merged lead to today's address; a
    withdrawn one answers
    410.
    """
    services, site = responding.services(), responding.site()
    document = listed(services, slug, site.lang)
    current = str(document["public"].get("slug") or document["id"])
    path = f"{PAGES_PATH}{links.segment(current)}"
    if slug != current:
        return redirect(PageUrls(request.args.items(multi=True), path).keep(), 301)
    urls = responding.home(site)
    body = services.presenter.supplier(document, site.lang)
    back, answer = _led_here(document["id"])
    t, names = typesetter(site.lang), services.presenter.names
    place = results_page.place_of(answer, names) if answer else ""
    commune = body["address"]["commune"]
    # What can be searched for: what else it does is told, and not open yet.
    opened = (
        one["sector"] for one in body["activities"] if names.scope.opens("sector", one["sector"])
    )
    sectors = list(dict.fromkeys(opened))[:MAX_SIMILAR]
    around = {"near": f"commune:{commune}", "radius": SIMILAR_KM} if commune else {}
    hit = services.presenter.answer(answer)["results"][0] if answer else None
    context = {
        **(search_form(answer.plan.query, back, names) if answer else {}),
        "supplier": body,
        "lists": [(one, title_key("supplier", one)) for one in CODED],
        "titles": {one.field: title_key("supplier", one) for one in CODED},
        "summary": summary(body),
        "structured": structured(body, site.base + path),
        "zone_map": zone_map.of_supplier(body, names.gazetteer),
        "neighbours": _neighbours(body["id"], sectors, commune, language(site.lang)),
        "naf": registered(body["naf"], names, language(site.lang)),
        "siret": responding.siret(body["siret"]) if body["siret"] else "",
        "similar": urls.set(sector=sectors, **around) if sectors else "",
        "back_url": back.keep() if back.pairs else "",
        "reasons": [*zip(hit["why"], hit["grades"], strict=True)] if hit else [],
        **_siblings(body, urls, site.lang),
        "kind": services.mappings.vocabulary.kinds.get(body["kind"]),
        "proof": proof(body, site.lang, t),
        "buying": buying(body["kind"], services.mappings, services.search.today(), site.lang, t),
        "searched": request.args.get("q", ""),
        **_lots(document, site.lang),
        **reaching(
            body, site.base + path, (request.args.get("q", ""), place), services.settings, t
        ),
    }
    return responding.html(
        responding.drawn("supplier.html", site, PageUrls(urls.pairs, path), context)
    )


def _led_here(id_: str) -> tuple[PageUrls, Answer | None]:
    """Addresses of the search that a profile's own address tells, and the supplier in it. What
    can't be searched leads nowhere: the profile is what was asked for.
    """
    services, arguments = responding.services(), page_arguments()
    query, faults = read_query(arguments, services.search.scope.filters)
    pairs = links.pairs(query)
    if faults or all(name == "lang" for name, _ in pairs):
        return PageUrls((), "/"), None
    try:
        answer = matched(services.search, query, id_)
    except InvalidQuery:
        return PageUrls((), "/"), None
    except EngineUnavailable:
        answer = None
    return PageUrls((*pairs, *map_pairs(request.args)), "/"), answer


def _lots(document: Document, lang: str) -> dict[str, Any]:
    """The newest open lots for the supplier, and where they are all told."""
    services, asked = (
        responding.services(),
        {SUPPLIER: document["id"], **({"lang": lang} if lang != "fr" else {})},
    )
    return {
        "lots": alerts.lots_of([document], lang)[:MAX_LOTS],
        "lots_path": f"{NOTICES_PATH}?{urlencode(asked)}",
        "lots_mail": f"{FOLLOW_PATH}?{urlencode({NOTICES: 'true', **asked})}"
        if services.settings.alerts
        else "",
    }


def _siblings(supplier: Supplier, urls: PageUrls, lang: str) -> dict[str, Any]:
    """Others of the same company (SIREN), and where they all are when they are many; none when the
    engine can't say.
    """
    services, siren = responding.services(), (supplier["siret"] or "")[:9]
    try:
        held = services.index.by_siret(siren) if siren else []
    except EngineUnavailable:
        held = []
    others = [
        one for one in held if one["id"] != supplier["id"] and services.search.scope.holds(one)
    ]
    shown = [card(one["public"], services.presenter.names, lang) for one in others[:MAX_SIBLINGS]]
    return {
        "siblings": shown,
        "more_siblings": urls.set(q=siren) if len(others) > MAX_SIBLINGS else "",
    }


def _neighbours(id_: str, sectors: Sequence[str], commune: str | None, lang: Lang) -> list[Result]:
    """The nearest suppliers of these sectors but this one, presented; none when the engine can't
    say: the profile is what was asked for.
    """
    services, near = responding.services(), f"commune:{commune}"
    if not sectors or not commune:
        return []
    query = Query(
        sector=tuple(sectors),
        near=near,
        radius=float(SIMILAR_KM),
        sort="distance",
        facets=(),
        lang=lang,
    )
    try:
        answer = services.search.search(replace(query, per_page=MAX_SIMILAR + 1))
    except (InvalidQuery, EngineUnavailable):
        return []
    return [one for one in services.presenter.answer(answer)["results"] if one["id"] != id_][
        :MAX_SIMILAR
    ]
