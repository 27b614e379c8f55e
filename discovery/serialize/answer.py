"""An `Answer` → the JSON of `/api/v1/search`. Plain functions: nothing is dumped through a schema on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from discovery.engine.port import Document, EngineStatus, Hit
from discovery.locales import t
from discovery.search.answer import Answer
from discovery.search.choices import close
from discovery.search.cursor import Cursor
from discovery.search.parameters import Query
from discovery.search.problems import Notice
from discovery.search.service import SearchService
from discovery.search.understanding import Seen
from discovery.serialize import links
from discovery.serialize.highlighter import Highlighter
from discovery.serialize.hit import AnswerContext, results
from discovery.serialize.supplier import Names, profile
from discovery.serialize.understood import scope_json, understood

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
