"""The five tools: what an assistant asks → an answer of `results`, by the same code as the API's. No protocol here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from werkzeug.datastructures import MultiDict

from discovery.answers.needs import body as needs_body
from discovery.answers.needs import ideas
from discovery.context import Services
from discovery.desk.answering import answered
from discovery.desk.request import read_text
from discovery.http.api.endpoint import answer_to
from discovery.http.api.suppliers import listed
from discovery.http.api.vocabulary import lists
from discovery.http.mcp.results import (
    MAX_TEXTS,
    CrosswalkResult,
    Found,
    LotResult,
    Meaning,
    NeedResult,
    SearchResult,
    SupplierResult,
    SupplierWords,
    Understood,
    Value,
    VocabularyResult,
    plain,
)
from discovery.mappings.codes import code_label, read_code
from discovery.search.query import InvalidQuery, Problem, Query
from discovery.texts import language, t

Lang = Literal["fr", "en"]
MAX_SHOWN = 20
"""Suppliers of a page: an assistant reads all of them."""
SHOWN = 10
COUNTED = {"kinds": "kind", "sectors": "sector", "sector_groups": "sector_group", "certifications": "certification"}
"""Lists of the vocabulary whose values are counted, and the facet that counts them."""


class Tools:
    """Shared by threads. Every method raises `DiscoveryError`: InvalidQuery, Refused, EngineUnavailable."""

    def __init__(self, services: Services) -> None:
        self._known = services

    def search(self, lang: Lang, given: Mapping[str, str | float | list[str] | None]) -> SearchResult:
        """`given`: parameters of `/api/v1/search` by name; None or empty ones are left out."""
        arguments: MultiDict[str, str] = MultiDict({"lang": lang, "facets": "none"})
        for name, value in given.items():
            for one in value if isinstance(value, list) else [value]:
                if one is not None and one != "":
                    arguments.add(name, str(one))
        with self._known.search.at_once() as search:
            found = answer_to(search, arguments)
            told = self._known.presenter.answer(found)
        read = told["query"]
        return SearchResult(
            total=told["total"]["value"],
            understood=Understood(
                pieces=[plain(one["label"]) for one in read["interpretation"] if one["applied"]],
                text=read["text"].strip(),
                ignored=[one["text"] for one in read["ignored"]],
                did_you_mean=read["did_you_mean"],
                recognised=read["recognised"],
                circle=read["circle"] and read["circle"]["label"],
            ),
            results=[_found(one, lang) for one in told["results"]],
            nearby=[_found(one, lang) for one in told["nearby"]],
            nearby_heading=told["nearby_heading"],
            warnings=[one["message"] for one in told["warnings"]],
            suggestions=[one["label"] for one in told["suggestions"]],
            scope=told["scope"] and told["scope"]["sentence"],
            url=told["links"]["page"],
        )

    def supplier(self, id: str, lang: Lang) -> SupplierResult:
        """What is public of a supplier. Refused when it is unknown or withdrawn."""
        told = self._known.presenter.supplier(listed(self._known, id, lang), lang)
        address, contact = told["address"], told["contact"]
        parts = (address["street"], address["post_code"], address["city"])
        return SupplierResult(
            id=told["id"],
            siret=told["siret"],
            name=plain(told["display_name"]),
            kind=told["kind"],
            kind_label=told["kind_label"],
            address=plain(", ".join(filter(None, parts))),
            department=address["department"],
            activities=[_activity(one) for one in told["activities"]],
            certifications=_labels(told, "certifications"),
            networks=_labels(told, "networks"),
            employees=told["employees"],
            website=told["website"],
            email=contact and contact["email"],
            phone=contact and contact["phone"],
            updated_at=told["updated_at"],
            provenance=[plain(one["source_label"]) for one in told["provenance"] if one["source_label"]],
            url=told["url"],
            words=_words(told, lang),
        )

    def need(self, text: str, lang: Lang) -> NeedResult:
        """The lots of a need, each with who can meet it. Raises InvalidQuery when there is nothing to read."""
        lots = read_text(text, self._known.search.mappings.headings)
        found = answered(self._known.search, lots, language(lang))
        told = needs_body(found, self._known.presenter, lang)
        return NeedResult(
            lots=[_lot(one, lang) for one in told["lots"]],
            notice=told["notice"],
        )

    def crosswalk(self, code: str, lang: Lang) -> CrosswalkResult:
        """The trades that a code of CPV, NAF or ROME means. Raises InvalidQuery when it is none."""
        mappings = self._known.search.mappings
        read = read_code(code)
        if read is None:
            raise InvalidQuery((Problem("code", code[:60], "not_a_code", {"value": code[:60]}),))
        meaning = mappings.codes.meaning(read.classification, read.code, mappings.vocabulary)
        terms = mappings.vocabulary.terms("sector")
        pairs = [(one, False) for one in meaning.sectors] + [(one, True) for one in meaning.related] if meaning else []
        return CrosswalkResult(
            classification=read.classification,
            code=read.code,
            label=code_label(read.classification, read.code, mappings.vocabulary),
            decided=meaning is not None,
            trades=[Meaning(slug=slug, label=terms[slug].label(lang), related=near) for slug, near in pairs],
            why=meaning.why if meaning else "",
        )

    def vocabulary(self, name: str, lang: Lang) -> VocabularyResult:
        """The values of a list, counted where it has a facet. Raises InvalidQuery, which names the lists when there
        is none of that name."""
        search = self._known.search
        held = lists(search.scope.narrowed(search.mappings.vocabulary))
        if name not in held:
            raise InvalidQuery((Problem("name", name[:60], "unknown_list", {"value": name[:60]}, tuple(held)),))
        counts: Mapping[str, int] = {}
        if facet := COUNTED.get(name):
            counts = search.engine.search(search.plan(Query(facets=(facet,), per_page=1)).request).facets[facet]
        values = [
            Value(value=one["value"], label=one["label"][lang], count=counts.get(one["value"], 0) if facet else None)
            for one in held[name]
        ]
        return VocabularyResult(name=name, values=values)


def _found(told: Mapping[str, Any], lang: str) -> Found:
    """One of the presenter's results."""
    matched = [one["label"] for one in told["sectors"] if one["matched"]]
    return Found(
        id=told["id"],
        name=plain(told["display_name"]),
        kind=told["kind"],
        kind_label=told["kind_label"],
        city=told["address"]["city"],
        department=told["address"]["department"],
        distance_km=None if told["distance_km"] is None else round(told["distance_km"], 1),
        trades=matched or [one["label"] for one in told["sectors"]],
        certifications=_labels(told, "certifications"),
        why=[plain(one) for one in told["why"]],
        url=told["url"],
        words=_words(told, lang),
    )


def _words(told: Mapping[str, Any], lang: str) -> SupplierWords | None:
    """What strangers wrote, apart from what we know."""
    description = plain(told["description"]) if told.get("description") else None
    offers = [plain(one["name"], 200) for one in told.get("offers", ())][:MAX_TEXTS]
    references = [plain(one, 200) for one in told.get("client_references", ())][:MAX_TEXTS]
    if not (description or offers or references):
        return None
    return SupplierWords(
        notice=t("assistants.untrusted", lang), description=description, offers=offers, client_references=references
    )


def _labels(told: Mapping[str, Any], name: str) -> list[str]:
    return [one["label"] for one in told[name]]


def _activity(one: Mapping[str, Any]) -> str:
    zone = one["zone"]
    places = [place["label"] for place in zone["places"]]
    radius = [f"{zone['radius_km']:g} km"] if zone["radius_km"] else []
    return f"{one['label']} ({', '.join([zone['scope'], *radius, *places])})"


def _lot(told: Mapping[str, Any], lang: str) -> LotResult:
    return LotResult(
        number=told["number"],
        title=plain(told["title"]),
        said=told["said"],
        recognised=told["recognised"],
        trades=[sector["label"] for trade in told["trades"] for sector in trade["sectors"]],
        total=told["total"],
        suppliers=[_found(one, lang) for one in told["suppliers"]],
        potential=told["potential"] and ideas(told["potential"]),
        reckoned=[text for part in (told["figures"], told["group"]) if part for text in part["said"]],
        problems=[one["message"] for one in (*told["problems"], *told["warnings"])],
        url=told["links"] and told["links"]["page"],
    )
