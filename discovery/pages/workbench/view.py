"""`/relevance`: the analysts' workbench, opened by a token: two profiles side by side. Nothing is ever written."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from html import escape
from typing import Any

from flask import Blueprint, Response, request

from discovery.answers.explanation import tier_label
from discovery.answers.search import message
from discovery.engine.analysis import Analysis
from discovery.engine.port import Document, EngineUnavailable, SearchRequest
from discovery.http.problems import Details, Refused
from discovery.mappings import DEFAULT_PROFILE
from discovery.mappings.profiles import Profile
from discovery.pages.frame import responding
from discovery.pages.frame.urls import PageUrls
from discovery.search.explain import Explanation, explain
from discovery.search.query import MAX_Q, InvalidQuery, Query
from discovery.search.service import SearchService
from discovery.search.words import FRENCH
from discovery.texts import has, language, t
from tools.judge.comparison import compare
from tools.judge.corpus import WrongCorpusError
from tools.judge.judged import judged
from tools.judge.report import comparison_page

SHOWN = 8
"""Hits of each profile, each explained."""
READ = ("name", "brand", "description")
"""Public fields whose tokens are shown."""


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a score. `start`, `width` in percent of the widest bar of the page."""

    name: str
    value: float
    start: float
    width: float
    signal: bool


def side(search: SearchService, query: Query, lang: str) -> dict[str, Any]:
    """One profile's answer: hits with their explanations. InvalidQuery, EngineUnavailable."""
    made = search.settled(query)
    page = search.index.search(made.request)
    own = {one["text"]: one["token"] for one in words(made.request)}
    hits = [
        {
            "rank": rank,
            "document": hit.document,
            "explanation": explain(search.index, made.request, hit.document),
            "own": own,
        }
        for rank, hit in enumerate(page.hits, made.request.offset + 1)
    ]
    return {
        "profile": made.profile,
        "label": label(made.profile, lang),
        "total": page.total,
        "hits": hits,
        "plan": made,
    }


def compared(left: dict[str, Any], right: dict[str, Any], analysis: Analysis, lang: str) -> dict[str, Any]:
    """Both sides with bars on one scale, and where each supplier of a side stands on the other."""
    told = [hit["explanation"] for one in (left, right) for hit in one["hits"] if hit["explanation"]]
    widest = max((one.score / one.factor for one in told), default=1.0) or 1.0
    return {
        "sides": [
            {
                **one,
                "cards": [card(hit, _ranks(other), analysis, widest, lang) for hit in one["hits"]],
            }
            for one, other in ((left, right), (right, left))
        ],
        "words": words(left["plan"].request),
    }


def card(
    hit: Mapping[str, Any], elsewhere: Mapping[str, int], analysis: Analysis, widest: float, lang: str
) -> dict[str, Any]:
    """One hit: its score in parts that add up to it, and the tokens of what it says."""
    document, explanation = hit["document"], hit["explanation"]
    public = document["public"]
    return {
        "rank": hit["rank"],
        "elsewhere": elsewhere.get(document["id"]),
        "id": document["id"],
        "name": public.get("brand") or public.get("name", ""),
        "kind": public.get("kind", ""),
        "city": (public.get("address") or {}).get("city", ""),
        "score": explanation.score if explanation else None,
        "factor": explanation.factor if explanation else 1.0,
        "parts": parts(explanation, widest, lang) if explanation else [],
        "fired": fired(explanation, hit["own"], lang) if explanation else [],
        "tokens": tokens(document, analysis, lang),
    }


def parts(explanation: Explanation, widest: float, lang: str) -> list[Part]:
    """Base, tiers, fields, then signals: what each adds to the score before factors, which they add up to.

    Fields share what the text adds: less than they score where that is bounded, more where the words are a name.
    """
    fields: dict[str, float] = {}
    for word in explanation.words:
        for number, clause in enumerate(word.clauses):
            share = 1.0 if number == 0 else explanation.tie_breaker
            fields[clause.field] = fields.get(clause.field, 0.0) + share * clause.score
    added = explanation.text.value / (sum(fields.values()) or 1.0)
    told = [(t("explain.part_base", lang), explanation.base, True)] if explanation.base else []
    told += [(tier_label(one, lang), one.value, True) for one in explanation.tiers if one.value]
    told += [
        (field(name, lang), score * added, False) for name, score in sorted(fields.items(), key=lambda one: -one[1])
    ]
    told += [(t(f"label.signal.{one.name}", lang), one.value, True) for one in explanation.signals if one.value]
    found, start = [], 0.0
    for name, value, signal in told:
        width = 100 * value / widest
        found.append(Part(name, value, round(start, 2), round(width, 2), signal))
        start += width
    return found


def fired(explanation: Explanation, own: Mapping[str, str], lang: str) -> list[str]:
    """Words met by another token than their `own`: "cantine → traiteur (secteurs)"."""
    found: dict[tuple[str, str], str] = {}
    for word in explanation.words:
        for clause in word.clauses:
            if clause.token != own.get(word.text):
                found.setdefault(
                    (word.text, clause.token), f"{word.text} → {clause.token} ({field(clause.field, lang)})"
                )
    return list(found.values())


def words(request: SearchRequest) -> list[dict[str, Any]]:
    """The words searched: text, token, and the equivalents and corrections that may stand for it."""
    if request.text is None:
        return []
    return [
        {
            "text": word.text,
            "token": word.alternatives[0].token,
            "others": [(one.token, one.weight) for one in word.alternatives[1:]],
        }
        for word in request.text.words
    ]


def tokens(document: Document, analysis: Analysis, lang: str) -> list[tuple[str, str]]:
    """(field in words, tokens) of what the document says in public."""
    public = document["public"]
    texts = [(name, public.get(name) or "") for name in READ]
    texts += (
        [("offers", " ".join(f"{one.get('name', '')} {one.get('description') or ''}" for one in public["offers"]))]
        if public.get("offers")
        else []
    )
    return [(field(name, lang), " ".join(analysis.terms(FRENCH, text))) for name, text in texts if text]


def field(name: str, lang: str) -> str:
    """An indexed field in words; the name of one that analysts added."""
    return t(f"label.field.{name}", lang) if has(f"label.field.{name}") else name


def _ranks(one: Mapping[str, Any]) -> dict[str, int]:
    return {hit["document"]["id"]: hit["rank"] for hit in one["hits"]}


def label(profile: Profile, lang: str) -> str:
    return profile.labels.get(lang) or profile.name


PATH = "/relevance"
SPLIT = "tune"
"""The judged queries that are measured here: the held ones stay unseen until a change is done."""
blueprint = Blueprint("workbench", __name__)
View = Callable[[], Response]


def opened(view: View) -> View:
    """Only with the token, as the password of HTTP Basic (any user); not there at all where no token is set."""

    @wraps(view)
    def guarded() -> Response:
        token = responding.services().settings.relevance_token
        given = request.authorization.password if request.authorization else None
        if not (token and given and hmac.compare_digest(given.encode(), token.encode())):
            raise Refused(Details("token_needed", headers=(("WWW-Authenticate", 'Basic realm="relevance"'),)))
        response = view()
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded


@blueprint.get(PATH)
@opened
def show() -> Response:
    """A phrase, two profiles, each hit explained."""
    site, services = responding.site(), responding.services()
    q = request.args.get("q", "")[:MAX_Q]
    left, right = _profiles()
    context: dict[str, Any] = {
        "q": q,
        "profiles": [(name, label(one, site.lang)) for name, one in _known().items()],
        "left": left.name,
        "right": right.name,
        "path": PATH,
        "problem": "",
        "compared": None,
    }
    if q.strip():
        try:
            sides = [side(services.search, _query(q, one, site.lang), site.lang) for one in (left, right)]
            analysis = services.engine.analysis()
            context["compared"] = compared(sides[0], sides[1], analysis, site.lang)
        except InvalidQuery as error:
            context["problem"] = " ".join(message(one, site.lang) for one in error.problems)
        except EngineUnavailable as error:
            context["problem"] = str(error)
    here = PageUrls(request.args.items(multi=True), PATH)
    return Response(responding.drawn("workbench.html", site, here, context), mimetype="text/html")


@blueprint.get(f"{PATH}/judged")
@opened
def measure() -> Response:
    """The page of `discovery compare A B --html` over the tuning queries, made in the request. Where nobody judged what
    the index holds, the rules alone grade it, and the page's corpus says so."""
    search = responding.services().search
    left, right = _profiles()
    try:
        known = judged(search, else_by_rules=True)
    except WrongCorpusError as error:
        return Response(f'<p class="warning">{escape(str(error))}</p>', mimetype="text/html")
    one, other = (known.of(search, profile.name, SPLIT) for profile in (left, right))
    if known.by_rules:
        note = t("workbench.by_rules", responding.site().lang)
        one, other = (replace(side, corpus=f"{side.corpus}: {note}") for side in (one, other))
    response = Response(comparison_page(compare(one, other)), mimetype="text/html")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'"  # its own, in the page
    )
    return response


def _known() -> dict[str, Profile]:
    return dict(responding.services().search.mappings.profiles)


def _profiles() -> tuple[Profile, Profile]:
    """A and B; a name that no profile has counts as not given."""
    known = _known()
    default = known[DEFAULT_PROFILE]
    return known.get(request.args.get("a", ""), default), known.get(request.args.get("b", ""), default)


def _query(q: str, profile: Profile, lang: str) -> Query:
    return Query(q=q, profile=profile.name, per_page=SHOWN, facets=(), lang=language(lang))
