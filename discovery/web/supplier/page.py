"""One supplier's profile → what its page shows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from discovery.answers.search import Presenter, Result
from discovery.answers.supplier import Names, Supplier, email_of, title_key
from discovery.config import Settings
from discovery.locales import Translate, language
from discovery.schema.attributes import CODED
from discovery.search.answer import Answer
from discovery.search.launch import LaunchScope
from discovery.search.query import Query
from discovery.web.frame import contact, formats
from discovery.web.frame.structured import written
from discovery.web.frame.urls import PageUrls
from discovery.web.maps import zone_map

SIMILAR_KM = 50
"""Distance within which similar suppliers are looked for."""
MAX_SIMILAR = 3
"""Sectors that similar suppliers share one of; and how many of those are shown."""
SUMMARY = 160
"""Characters of a page's description that search engines show."""


def profile(
    supplier: Supplier,
    urls: PageUrls,
    names: Names,
    canonical: str,
    neighbours: Sequence[Result] = (),
) -> dict[str, Any]:
    """The profile with its map, its addresses and what machines read. `neighbours`: presented results."""
    return {
        "supplier": supplier,
        "lists": [(one, title_key("supplier", one)) for one in CODED],
        "titles": {one.field: title_key("supplier", one) for one in CODED},
        "summary": summary(supplier),
        "structured": structured(supplier, canonical),
        "zone_map": zone_map.of_supplier(supplier, names.gazetteer),
        "neighbours": [one for one in neighbours if one["id"] != supplier["id"]][:MAX_SIMILAR],
        "siret": formats.siret(supplier["siret"]) if supplier["siret"] else "",
        "similar": similar(supplier, names.scope, urls),
        "score": supplier["completeness"] and supplier["completeness"]["score"],
    }


def reaching(
    supplier: Supplier, canonical: str, need: tuple[str, str], settings: Settings, t: Translate
) -> dict[str, Any]:
    """How to reach the supplier, and whoever keeps this service. `need`: what a letter asks for, and where."""
    email = email_of(supplier)
    report = t("supplier.report_body", address=canonical)
    return {
        "ways": contact.ways(supplier, supplier["contact"], t),
        "quote_url": contact.quote_request([email] if email else [], need[0], t, need[1]),
        "directions_url": contact.directions(supplier["location"]),
        "register_url": contact.register(supplier["siret"], invented=settings.sample),
        "report_url": contact.letter(settings.report_to, t("supplier.report"), report) if settings.report_to else "",
    }


def of_search(answer: Answer | None, presenter: Presenter, urls: PageUrls) -> dict[str, Any]:
    """The search that led here: the way back, and why the supplier is in it; nothing without one."""
    reasons: Sequence[str] = presenter.answer(answer)["results"][0]["why"] if answer else ()
    return {"back_url": urls.keep() if urls.pairs else "", "reasons": reasons}


def similar(supplier: Supplier, scope: LaunchScope, urls: PageUrls) -> str:
    """A search of suppliers of the same sectors, around this one when its commune is known; "" without sectors."""
    sectors = shared_sectors(supplier, scope)
    commune = supplier["address"]["commune"]
    where = {"near": f"commune:{commune}", "radius": SIMILAR_KM} if commune else {}
    return urls.change({"sector": sectors, **where}) if sectors else ""


def similar_query(supplier: Supplier, scope: LaunchScope, lang: str) -> Query | None:
    """The nearest of that search, this supplier among them; None without a sector and a commune."""
    sectors, commune = shared_sectors(supplier, scope), supplier["address"]["commune"]
    if not sectors or not commune:
        return None
    return Query(
        sector=tuple(sectors),
        near=f"commune:{commune}",
        radius=float(SIMILAR_KM),
        sort="distance",
        per_page=MAX_SIMILAR + 1,
        facets=(),
        lang=language(lang),
    )


def shared_sectors(supplier: Supplier, scope: LaunchScope) -> list[str]:
    """The supplier's sectors that can be searched for: what else it does is told, and not open yet."""
    opened = (one["sector"] for one in supplier["activities"] if scope.opens("sector", one["sector"]))
    return list(dict.fromkeys(opened))[:MAX_SIMILAR]


def summary(supplier: Supplier) -> str:
    """One line for search engines: kind, town, and the start of what the supplier says."""
    start = ", ".join(part for part in (supplier["kind_label"], supplier["address"]["city"]) if part)
    told = " ".join((supplier["description"] or ", ".join(one["label"] for one in supplier["activities"])).split())
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
            "geo": {"@type": "GeoCoordinates", "latitude": location["lat"], "longitude": location["lon"]},
        }
        if location and not location["approximate"]
        else None,
        "foundingDate": str(supplier["year_founded"]) if supplier["year_founded"] else None,
        "knowsAbout": list(dict.fromkeys(one["label"] for one in supplier["activities"])),
    }
    return written(told)
