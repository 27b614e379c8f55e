"""An `Answer` → the JSON of `/api/v1/search`: how the phrase was read, the hits, facets, ways out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from discovery.answers import links
from discovery.answers.highlighter import Highlighter
from discovery.answers.supplier import Names, card, label, profile
from discovery.config.vocabulary import LANGS
from discovery.engine.port import Document, EngineStatus, Hit
from discovery.intent.model import Piece
from discovery.locales import t
from discovery.search.answer import Answer, NeedFound
from discovery.search.choices import close
from discovery.search.cursor import Cursor
from discovery.search.interpretation import is_offered
from discovery.search.launch import PARAMETERS, LaunchScope
from discovery.search.parameters import Query
from discovery.search.problems import Notice
from discovery.search.service import SearchService
from discovery.search.understanding import Seen


def understood(answer: Answer, names: Names, page: str) -> dict[str, Any]:
    """How the phrase was read, as JSON. `page`: where people search, which the links of needs lead to."""
    return {
        "q": answer.plan.query.q,
        "text": answer.plan.intent.text,
        "interpretation": [
            {**piece(one), "cut": list(answer.plan.intent.cut(one))} for one in answer.plan.reading.pieces
        ],
        "ignored": [{**piece(one), "cut": list(answer.plan.intent.cut(one))} for one in answer.plan.reading.ignored],
        "needs": [need(one, names, page, answer.plan.query.lang) for one in answer.needs],
        "recognised": answer.plan.recognised,
        "relaxed": answer.plan.relaxed is not None,
        "searched": answer.searched,
        "did_you_mean": answer.did_you_mean,
        "circle": circle(answer),
        "offers": [
            {"parameter": one.parameter, "value": one.value, "label": one.label, "count": one.count}
            for one in answer.offers
        ],
    }


def piece(one: Piece) -> dict[str, Any]:
    """One piece as JSON. `applied` is false for what is proposed as a filter, its words searched, and for what is
    ignored."""
    return {
        "type": one.type,
        "parameter": one.parameter or None,
        "value": one.value,
        "label": one.label,
        "text": one.text,
        "start": one.start,
        "end": one.end,
        "role": one.role,
        "applied": not (is_offered(one) or one.ignored),
        "alternatives": [{"value": other.value, "label": other.label} for other in one.alternatives],
    }


def need(found: NeedFound, names: Names, page: str, lang: str) -> dict[str, Any]:
    """A trade asked for; `url` searches for it alone."""
    asked, terms = found.need, names.vocabulary.terms("sector")
    return {
        "text": asked.text,
        "start": asked.start,
        "end": asked.end,
        "sectors": [
            {"slug": slug, "label": terms[slug].label(lang) if slug in terms else slug} for slug in asked.sectors
        ],
        "known_by": asked.known_by,
        "probability": round(asked.probability, 2),
        "total": found.total,
        "url": links.address(page, links.for_people(found.query)),
    }


def circle(answer: Answer) -> dict[str, Any] | None:
    """The circle chosen for a centre without a distance, and the wider ones; null when none was to be chosen."""
    found = answer.plan.circle
    if found is None:
        return None
    return {
        "radius": found.radius_km,
        "label": t("answer.circle_chosen", answer.plan.query.lang, radius=found.radius_km),
        "total": found.counts[found.radius_km],
        "wider": [{"radius": km, "total": count} for km, count in found.wider],
    }


def scope_json(scope: LaunchScope, lang: str) -> dict[str, Any] | None:
    """The launch scope as JSON; None when everything is open."""
    return {"label": scope.label(lang), "sentence": sentence(scope, lang), **_named(scope)} if scope else None


def scope_json_in_both(scope: LaunchScope) -> dict[str, Any] | None:
    """The launch scope with its texts in every language, as the vocabulary has its labels; None when everything is
    open."""
    if not scope:
        return None
    return {
        "label": {lang: scope.label(lang) for lang in LANGS},
        "sentence": {lang: sentence(scope, lang) for lang in LANGS},
        **_named(scope),
    }


def sentence(scope: LaunchScope, lang: str) -> str:
    """What is open, in a sentence."""
    return t("message.launch_scope", lang, label=scope.label(lang))


def _named(scope: LaunchScope) -> dict[str, list[str]]:
    return {name: list(scope.named.get(name, ())) for name in PARAMETERS}


@dataclass(frozen=True)
class AnswerContext:
    """What all hits of an answer share, looked up once."""

    answer: Answer
    search: SearchService
    names: Names
    highlighter: Highlighter

    @cached_property
    def wanted(self) -> set[str]:
        """Sectors and groups asked for: named by the phrase, or filtered."""
        named = {piece.value for piece in self.answer.plan.reading.pieces if piece.type == "sector"}
        needed = {slug for need in self.answer.plan.request.needs for slug in need.sectors}
        return {*named, *needed, *self.answer.plan.request.filters.sector}


def results(hits: Sequence[Hit], around: AnswerContext) -> list[dict[str, Any]]:
    """The hits as the answer's results have them.

    One thing for all hits, then the next: twenty times the same work takes a third less time than twenty by turns.
    """
    answer, lang = around.answer, around.answer.plan.query.lang
    publics: list[Mapping[str, Any]] = [hit.document["public"] for hit in hits]
    cards = [card(public, around.names, lang) for public in publics]
    marks = around.highlighter.suppliers(publics, answer.plan.request.text)
    held = [sectors(hit, around) for hit in hits]
    reasons = around.search.why(answer)
    whys = [reasons.of(hit, marked.words) for hit, marked in zip(hits, marks, strict=True)]
    return [
        {
            **shown,
            "distance_km": None if hit.distance_km is None else round(hit.distance_km, 2),
            "coverage": hit.coverage,
            "serves_by": hit.serves_by,
            "matched_by": hit.matched_by,
            "sectors": own,
            "highlights": marked.fields,
            "why": why,
            "score": None if hit.score is None else round(hit.score, 6),
        }
        for hit, shown, marked, own, why in zip(hits, cards, marks, held, whys, strict=True)
    ]


def sectors(hit: Hit, around: AnswerContext) -> list[dict[str, Any]]:
    """The supplier's sectors, each once; `matched`: those for which it is in the answer.

    Sectors asked for, by a filter or by name, narrow the matched ones: every activity may serve the place, but it
    is for one of them that the buyer came.
    """
    vocabulary = around.names.vocabulary
    wanted = around.wanted
    found: dict[str, dict[str, Any]] = {}
    for activity in hit.document.get("activities") or ():
        slug = activity.get("sector")
        if slug is None:  # presumed of a supplier that declares no activity
            continue
        matched = slug in hit.matched_sectors or (not hit.matched_sectors and bool(wanted))
        if wanted and matched:
            matched = slug in wanted or activity.get("sector_group") in wanted
        found[slug] = {
            "slug": slug,
            "label": label(slug, vocabulary.sectors, around.answer.plan.query.lang),
            "matched": matched,
        }
    return list(found.values())


SEARCH_PATH = "/api/v1/search"
SUPPLIERS_PATH = "/api/v1/suppliers"
PAGES_PATH = "/fournisseurs/"
"""Where people read about one supplier; the slug follows."""

_KNOWN = {name: (name,) for name in Query.__dataclass_fields__ if name not in {"unknown", "as_of", "scope"}}


class Presenter:
    """Shared by the API, the pages and the command line.

    `fingerprint`: of today's mappings. `base`: what precedes every path in addresses. `sign`: writes a cursor as a
    text, empty when it can't.
    """

    def __init__(
        self, search: SearchService, fingerprint: str, base: str = "", sign: Callable[[Cursor], str] = lambda _: ""
    ) -> None:
        self.base = base
        self.names = Names(search.mappings.vocabulary, search.gazetteer, base + PAGES_PATH, search.scope)
        self._sign = sign
        self._search = search
        self._fingerprint = fingerprint
        self._highlighter: Highlighter | None = None

    def rebuild_needed(self, status: EngineStatus) -> bool:
        """Whether the index that serves was built from other mappings than today's."""
        return bool(status.fingerprint) and status.fingerprint != self._fingerprint

    def scope(self, lang: str) -> dict[str, Any] | None:
        """What is open, when not everything is."""
        return scope_json(self._search.scope, lang)

    def answer(self, answer: Answer) -> dict[str, Any]:
        """The whole answer as JSON."""
        query = answer.plan.query
        around = AnswerContext(answer, self._search, self.names, self._highlighting(answer))
        return {
            "query": understood(answer, self.names, f"{self.base}/"),
            "total": {"value": answer.page.total, "relation": answer.page.relation},
            "results": results(answer.page.hits, around),
            "nearby": self._nearby(answer),
            "nearby_heading": t(f"answer.{nearby.code}", query.lang, **nearby.args)
            if (nearby := answer.nearby)
            else None,
            "facets": {
                name: [
                    {"value": one.value, "label": one.label, "count": one.count, "selected": one.selected}
                    for one in values
                ]
                for name, values in answer.facets.items()
            },
            "suggestions": [
                {
                    "change": links.change(one.change),
                    "label": t(f"answer.{one.code}", query.lang, **one.args),
                    "count": one.count,
                }
                for one in answer.suggestions
            ],
            "warnings": [warning(one, query.lang) for one in answer.plan.notices],
            "links": {
                **self._pages(answer),
                "page": links.address(f"{self.base}/", links.for_people(query)),
            },
            "took_ms": round(answer.took_ms, 2),
            "engine": answer.status.engine,
            "profile": answer.plan.profile.name,
            "index": answer.status.index,
            "rebuild_needed": self.rebuild_needed(answer.status),
            "scope": self.scope(query.lang),
        }

    def hit(self, answer: Answer, hit: Hit) -> dict[str, Any]:
        """One hit of an answer, as its results have it."""
        (shown,) = results([hit], AnswerContext(answer, self._search, self.names, self._highlighting(answer)))
        return shown

    def _nearby(self, answer: Answer) -> list[dict[str, Any]]:
        """Who does it elsewhere, each with what is true of it there."""
        found = answer.nearby
        if found is None:
            return []
        elsewhere = replace(answer, plan=replace(answer.plan, request=found.request, where=found.where))
        around = AnswerContext(elsewhere, self._search, self.names, self._highlighting(answer))
        return results(found.hits, around)

    def _pages(self, answer: Answer) -> dict[str, str | None]:
        """By cursor where the order can be walked: page by page, who changes meanwhile would move the others."""
        path, query = self.base + SEARCH_PATH, answer.plan.query
        if query.cursor is None:
            found = links.pages(path, query, answer.reach)
        else:
            found = {"self": links.walked(path, query, self._sign(query.cursor)), "next": None, "prev": None}
        token = self._sign(answer.next) if answer.next else ""
        return found | {"next": links.walked(path, answer.plan.pinned, token)} if token else found

    def supplier(self, document: Document, lang: str) -> dict[str, Any]:
        """One live supplier, every public field."""
        public = document["public"]
        path = f"{self.base}{SUPPLIERS_PATH}/{links.segment(public['id'])}"
        return {**profile(public, self.names, lang), "links": {"self": path}}

    def caches(self) -> dict[str, Seen]:
        """What is kept between answers, by name: phrases as understood, until the index changes; texts of hits as
        tokens, until it has another analysis."""
        texts = {"texts": self._highlighter.seen()} if self._highlighter else {}
        return {"phrases": self._search.understanding.seen(), **texts}

    def _highlighting(self, answer: Answer) -> Highlighter:
        """That of the analysis which answered; another one after a rebuild."""
        found = self._highlighter
        if found is None or found.analysis is not answer.analysis:
            found = self._highlighter = Highlighter(answer.analysis)
        return found


def warning(notice: Notice, lang: str) -> dict[str, Any]:
    """A notice in words; an unknown parameter comes with the known one it resembles."""
    message, choices = t(f"message.{notice.code}", lang, **notice.args), notice.choices
    if notice.code == "unknown_parameter":
        choices = close(notice.parameter, _KNOWN, limit=1)
        if choices:
            message += " " + t("message.did_you_mean_parameter", lang, parameter=choices[0])
    return {"code": notice.code, "parameter": notice.parameter, "message": message, "choices": list(choices)}
