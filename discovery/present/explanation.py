"""A score taken apart → a tree of numbers, each made of those below it; and one sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discovery.present.messages import FACET_TITLES, FIELDS, OBSTACLES, PIECES, SIGNALS, say
from discovery.relevance.explain import Explanation, WordScore

Part = dict[str, Any]


def tree(found: Explanation, lang: str) -> Part:
    """score = text x (1 + signals) x factor."""
    parts = [text(found, lang), signals(found, lang)]
    if found.factor != 1.0:
        name = "pinned" if found.factor > 1 else "buried"
        parts.append(part("factor", SIGNALS[name][lang], found.factor))
    return part("score", say("explain_part_score", lang=lang), found.score, "product", parts)


def text(found: Explanation, lang: str) -> Part:
    words = [word(one, found.tie_breaker, lang) for one in found.words]
    return part("text", say("explain_part_text", lang=lang), found.text, "sum" if words else None, words)


def word(one: WordScore, tie_breaker: float, lang: str) -> Part:
    fields = [
        part("field", FIELDS[clause.field][lang] if clause.field in FIELDS else clause.field, clause.score)
        | {"token": clause.token}
        for clause in one.clauses
    ]
    operation = "best_and_others" if fields else None
    return part("word", f"« {one.text} »", one.score, operation, fields) | {"weight": tie_breaker if fields else None}


def signals(found: Explanation, lang: str) -> Part:
    parts = [part(one.name, SIGNALS[one.name][lang], one.value) | {"weight": one.weight} for one in found.signals]
    total = 1 + sum(one.value for one in found.signals)
    return part("signals", say("explain_part_signals", lang=lang), total, "one_plus_sum", parts)


def part(name: str, label: str, value: float, operation: str | None = None, parts: Sequence[Part] = ()) -> Part:
    return {
        "name": name,
        "label": label,
        "value": value,
        "operation": operation,
        "weight": None,
        "token": None,
        "parts": list(parts),
    }


def sentence(name: str, rank: int | None, why: Sequence[str], lang: str) -> str:
    """For who is found: its place, and its reasons as its result has them."""
    given = {"name": name, "why": " ; ".join(why) if lang == "fr" else "; ".join(why)}
    if rank is None:
        return say("explain_far" if why else "explain_far_bare", given, lang)
    return say("explain_ranked" if why else "explain_ranked_bare", given | {"rank": rank}, lang)


def obstacle(part: str, lang: str) -> str:
    """A part of a request in words; a filter that has none keeps its parameter's name."""
    known = {**FACET_TITLES, **PIECES, **OBSTACLES}
    return known[part][lang] if part in known else part
