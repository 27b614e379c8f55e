"""Two profiles' answers to one phrase → what the workbench shows of them. Pure, but for what `explain` asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from discovery.answers.explanation import tier_label
from discovery.engine.analysis import Analysis
from discovery.engine.port import Document, SearchRequest
from discovery.mappings.profiles import Profile
from discovery.search.explain import Explanation, explain
from discovery.search.query import Query
from discovery.search.service import SearchService
from discovery.search.words import FRENCH
from discovery.texts import has, t

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
