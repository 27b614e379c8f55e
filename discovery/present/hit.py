"""One hit → JSON: the supplier's card, where its words were met, and why it is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from discovery.engine.port import Hit
from discovery.present.highlighter import Highlighter
from discovery.present.supplier import Names, card, label
from discovery.search.answer import Answer
from discovery.search.service import SearchService


@dataclass(frozen=True)
class Circumstances:
    """What all hits of an answer share, looked up once."""

    answer: Answer
    search: SearchService
    names: Names
    highlighter: Highlighter | None

    @cached_property
    def wanted(self) -> set[str]:
        """Sectors and groups asked for: named by the phrase, or filtered."""
        named = {piece.value for piece in self.answer.pieces if piece.type == "sector"}
        return {*named, *self.answer.request.filters.sector}

    @cached_property
    def why(self) -> Callable[[Hit, Sequence[str]], list[str]]:
        return self.search.why(self.answer)


def result(hit: Hit, around: Circumstances) -> dict[str, Any]:
    answer, names = around.answer, around.names
    lang = answer.query.lang
    public: Mapping[str, Any] = hit.document["public"]
    highlights: Mapping[str, list[str]] = {}
    words: tuple[str, ...] = ()
    if around.highlighter is not None:
        met = around.highlighter.supplier(public, answer.request.text)
        highlights, words = met.fields, met.words
    return {
        **card(public, names, lang),
        "distance_km": None if hit.distance_km is None else round(hit.distance_km, 2),
        "coverage": None if hit.coverage is None else str(hit.coverage),
        "sectors": sectors(hit, around),
        "highlights": dict(highlights),
        "why": around.why(hit, words),
        "score": None if hit.score is None else round(hit.score, 6),
    }


def sectors(hit: Hit, around: Circumstances) -> list[dict[str, Any]]:
    """The supplier's sectors, each once; `matched`: those for which it is in the answer.

    Sectors asked for, by a filter or by name, narrow the matched ones: every activity may serve the place, but it
    is for one of them that the buyer came.
    """
    vocabulary = around.names.vocabulary
    wanted = around.wanted
    found: dict[str, dict[str, Any]] = {}
    for activity in hit.document.get("activities") or ():
        slug = activity["sector"]
        matched = slug in hit.matched_sectors or (not hit.matched_sectors and bool(wanted))
        if wanted and matched:
            matched = slug in wanted or activity.get("sector_group") in wanted
        found[slug] = {
            "slug": slug,
            "label": label(slug, vocabulary.sectors, around.answer.query.lang),
            "matched": matched,
        }
    return list(found.values())
