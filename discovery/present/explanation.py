"""A score taken apart → a tree of numbers, each made of those below it; and one sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discovery.explain.explain import Explanation, WordScore
from discovery.explain.parts import TierScore
from discovery.present.messages import FACET_TITLES, FIELDS, OBSTACLES, PIECES, SIGNALS, TIERS, say

Part = dict[str, Any]


def tree(found: Explanation, lang: str) -> Part:
    """score = (base + tiers + text + signals) x factors; without factors, the sum alone."""
    parts = [part("base", say("explain_part_base", lang=lang), found.base)] if found.base else []
    parts += [tier(one, lang) for one in found.tiers]
    parts += [text(found, lang)] if found.words else []
    parts += [part(one.name, SIGNALS[one.name][lang], one.value) | {"weight": one.weight} for one in found.signals]
    label = say("explain_part_score", lang=lang)
    if not found.factors:
        return part("score", label, found.score, "sum", parts)
    total = part("total", say("explain_part_total", lang=lang), found.score / found.factor, "sum", parts)
    factors = [part(name, SIGNALS[name][lang], factor) for name, factor in found.factors]
    return part("score", label, found.score, "product", [total, *factors])


def tier(one: TierScore, lang: str) -> Part:
    return part(one.name, TIERS[one.name][one.way][lang], one.value) | {"weight": one.weight}


def text(found: Explanation, lang: str) -> Part:
    words = [word(one, found, lang) for one in found.words]
    label = say("explain_part_text", lang=lang)
    shown = part("text", label, found.text.value, None if found.named else "sum_at_most", [] if found.named else words)
    return shown | {"weight": found.text.weight}


def word(one: WordScore, found: Explanation, lang: str) -> Part:
    fields = [
        part(
            "field", FIELDS[clause.field][lang] if clause.field in FIELDS else clause.field, clause.score * found.scale
        )
        | {"token": clause.token}
        for clause in one.clauses
    ]
    operation = "best_and_others" if fields else None
    shown = part("word", f"« {one.text} »", one.score * found.scale, operation, fields)
    return shown | {"weight": found.tie_breaker if fields else None}


def _field(name: str, lang: str) -> str:
    return FIELDS[name][lang] if name in FIELDS else name


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
