"""A score taken apart → a tree of numbers, each made of those below it; and one sentence. Pure."""

from collections.abc import Sequence
from typing import Annotated, Literal, TypedDict

from discovery.answers.supplier import Labelled
from discovery.search.explain import Explanation, TierScore, WordScore
from discovery.texts import section, t

Operation = Literal["product", "sum", "sum_at_most", "one_plus_sum", "best_and_others"]


class Part(TypedDict):
    """A number, and those that make it up."""

    name: Annotated[
        str,
        "`score`, `total`, `base`, `trade` (one a need), `place`, `text`, `word`, `field`, or the name of a signal or "
        "of a factor.",
    ]
    label: Annotated[str, "What it is, for people."]
    value: float
    operation: Annotated[
        Operation | None,
        "How `parts` make `value`: `product`, `sum`, `sum_at_most` (their sum, `weight` at most) or "
        "`best_and_others` (the best part + `weight` x the others); null for a number that stands alone. "
        "`one_plus_sum` is no longer given.",
    ]
    weight: Annotated[
        float | None,
        "Of the other parts in `best_and_others`; of a tier or signal, the most it can be.",
    ]
    token: Annotated[str | None, "Of a field: the analysed word that was met there."]
    parts: "list[Part]"


class ExplainAnswer(TypedDict):
    id: str
    display_name: str
    found: Annotated[bool, "Whether the search finds this supplier; when not, `obstacles` say why."]
    sentence: Annotated[
        str, "Why it is there, and where, or why it is not: one sentence for people."
    ]
    why: Annotated[list[str], "The reasons, as its result in a search has them."]
    rank: Annotated[
        int | None,
        "By relevance, from 1; null when it is not found, or not among the first 10,000.",
    ]
    equals: Annotated[
        int, "How many others have this very score, and change places with it from day to day."
    ]
    score: Annotated[float | None, "null when it is not found."]
    explanation: Annotated[Part | None, "The score taken apart; null when it is not found."]
    obstacles: Annotated[
        list[Labelled],
        "Parts of the search that each, alone, keep it out: a parameter, `where`, `bbox`, `words`.",
    ]
    profile: Annotated[str, "The ranking profile."]


def tree(found: Explanation, lang: str) -> Part:
    """A score as a tree: (base + tiers + text + signals) x factors; without factors, the sum alone."""
    parts = [part("base", t("explain.part_base", lang), found.base)] if found.base else []
    parts += [
        part(one.name, tier_label(one, lang), one.value, weight=one.weight) for one in found.tiers
    ]
    parts += [text(found, lang)] if found.words else []
    parts += [
        part(one.name, t(f"label.signal.{one.name}", lang), one.value, weight=one.weight)
        for one in found.signals
    ]
    label = t("explain.part_score", lang)
    if not found.factors:
        return part("score", label, found.score, "sum", parts)
    total = part("total", t("explain.part_total", lang), found.score / found.factor, "sum", parts)
    factors = [
        part(name, t(f"label.signal.{name}", lang), factor) for name, factor in found.factors
    ]
    return part("score", label, found.score, "product", [total, *factors])


def tier_label(one: TierScore, lang: str) -> str:
    """What the step of a tier is called: "does this trade here"."""
    way = one.way or "none"
    return t(f"label.tier.{one.name}.{way}", lang)


def text(found: Explanation, lang: str) -> Part:
    """What the words add to a score, word by word."""
    label, weight = t("explain.part_text", lang), found.text.weight
    if found.named:
        return part("text", label, found.text.value, weight=weight)
    words = [word(one, found, lang) for one in found.words]
    return part("text", label, found.text.value, "sum_at_most", words, weight=weight)


def word(one: WordScore, found: Explanation, lang: str) -> Part:
    """One word's contribution to the text score of `found`, with that of each field it stands in
    below it.
    """
    names = section("label.field", lang)
    fields = [
        part(
            "field",
            names.get(clause.field, clause.field),
            clause.score * found.scale,
            token=clause.token,
        )
        for clause in one.clauses
    ]
    label, value = f"« {one.text} »", one.score * found.scale
    if not fields:
        return part("word", label, value)
    return part("word", label, value, "best_and_others", fields, weight=found.tie_breaker)


def part(
    name: str,
    label: str,
    value: float,
    operation: Operation | None = None,
    parts: Sequence[Part] = (),
    *,
    weight: float | None = None,
    token: str | None = None,
) -> Part:
    """A node of the tree: what it is called, what it adds, and by which `operation` it is made of
    its `parts`.
    """
    return Part(
        name=name,
        label=label,
        value=value,
        operation=operation,
        weight=weight,
        token=token,
        parts=[*parts],
    )


def sentence(name: str, found: Explanation, why: Sequence[str], lang: str) -> str:
    """Why somebody is found: its place, its reasons as its result has them, and in a second
    sentence its equals.
    """
    given = {"name": name, "why": " ; ".join(why) if lang == "fr" else "; ".join(why)}
    if found.rank is None:
        return t("explain.far" if why else "explain.far_bare", lang, **given)
    told = t("explain.ranked" if why else "explain.ranked_bare", lang, rank=found.rank, **given)
    return f"{told} {equals(found, lang)}".rstrip()


def equals(found: Explanation, lang: str) -> str:
    """Who takes turns with it, in a sentence; empty for nobody."""
    return t("explain.equals", lang, count=found.equals) if found.equals else ""


def obstacle(part: str, lang: str) -> str:
    """A part of a request in words; what takes suppliers out by what it takes out. A filter that
    has none keeps its parameter's name.
    """
    known = {
        **section("label.facet", lang),
        **section("label.piece", lang),
        **section("label.obstacle", lang),
    }
    taken_out = part.removeprefix("not_")
    label = known.get(taken_out, taken_out)
    return label if taken_out == part else t("search.except", lang, label=label)
