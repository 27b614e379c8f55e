"""A score taken apart → a tree of numbers, each made of those below it; and one sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discovery.explain.explain import Explanation, WordScore
from discovery.explain.parts import TierScore
from discovery.locales import section, t

Part = dict[str, Any]


def tree(found: Explanation, lang: str) -> Part:
    """A score as a tree: (base + tiers + text + signals) x factors; without factors, the sum alone."""
    parts = [part("base", t("explain.part_base", lang), found.base)] if found.base else []
    parts += [tier(one, lang) for one in found.tiers]
    parts += [text(found, lang)] if found.words else []
    parts += [
        part(one.name, t(f"label.signal.{one.name}", lang), one.value) | {"weight": one.weight} for one in found.signals
    ]
    label = t("explain.part_score", lang)
    if not found.factors:
        return part("score", label, found.score, "sum", parts)
    total = part("total", t("explain.part_total", lang), found.score / found.factor, "sum", parts)
    factors = [part(name, t(f"label.signal.{name}", lang), factor) for name, factor in found.factors]
    return part("score", label, found.score, "product", [total, *factors])


def tier(one: TierScore, lang: str) -> Part:
    """A tier's part of a score."""
    return part(one.name, tier_label(one, lang), one.value) | {"weight": one.weight}


def tier_label(one: TierScore, lang: str) -> str:
    """What the step of a tier is called: "does this trade here"."""
    way = one.way or "none"
    return t(f"label.tier.{one.name}.{way}", lang)


def text(found: Explanation, lang: str) -> Part:
    """What the words add to a score, as JSON, word by word."""
    words = [word(one, found, lang) for one in found.words]
    label = t("explain.part_text", lang)
    shown = part("text", label, found.text.value, None if found.named else "sum_at_most", [] if found.named else words)
    return shown | {"weight": found.text.weight}


def word(one: WordScore, found: Explanation, lang: str) -> Part:
    """A word's part of a score, by field."""
    fields = [
        part("field", _field(clause.field, lang), clause.score * found.scale) | {"token": clause.token}
        for clause in one.clauses
    ]
    operation = "best_and_others" if fields else None
    shown = part("word", f"« {one.text} »", one.score * found.scale, operation, fields)
    return shown | {"weight": found.tie_breaker if fields else None}


def _field(name: str, lang: str) -> str:
    return section("label.field", lang).get(name, name)


def part(name: str, label: str, value: float, operation: str | None = None, parts: Sequence[Part] = ()) -> Part:
    """A node of the tree: what it is called, what it adds, and by which `operation` it is made of its `parts`."""
    return {
        "name": name,
        "label": label,
        "value": value,
        "operation": operation,
        "weight": None,
        "token": None,
        "parts": list(parts),
    }


def sentence(name: str, found: Explanation, why: Sequence[str], lang: str) -> str:
    """Why somebody is found: its place, its reasons as its result has them, and in a second sentence its equals."""
    given = {"name": name, "why": " ; ".join(why) if lang == "fr" else "; ".join(why)}
    if found.rank is None:
        return t("explain.far" if why else "explain.far_bare", lang, **given)
    told = t("explain.ranked" if why else "explain.ranked_bare", lang, rank=found.rank, **given)
    return f"{told} {equals(found, lang)}".rstrip()


def equals(found: Explanation, lang: str) -> str:
    """Who takes turns with it, in a sentence; empty for nobody."""
    return t("explain.equals", lang, count=found.equals) if found.equals else ""


def obstacle(part: str, lang: str) -> str:
    """A part of a request in words; a filter that has none keeps its parameter's name."""
    known = {**section("label.facet", lang), **section("label.piece", lang), **section("label.obstacle", lang)}
    return known.get(part, part)
