"""How a phrase was read → JSON: its pieces, what of it was searched, ignored and offered; and the launch scope, in one
label and one sentence."""

from __future__ import annotations

from typing import Any

from discovery.config.vocabulary import LANGS
from discovery.intent.model import Piece
from discovery.locales import t
from discovery.search.answer import Answer, NeedFound
from discovery.search.interpretation import is_offered
from discovery.search.launch import PARAMETERS, LaunchScope
from discovery.serialize import links
from discovery.serialize.supplier import Names


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
