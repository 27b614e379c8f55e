"""Filters offered, and ways out of a search that found little: changes of it, counted before they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from discovery.config.vocabulary import Vocabulary
from discovery.engine.port import SearchEngine, SearchPage, SearchRequest
from discovery.gazetteer import Gazetteer
from discovery.intent import Intent, Piece
from discovery.search import suggestions
from discovery.search.answer import Offer, Plan
from discovery.search.parameters import FILTERS, Query
from discovery.search.problems import InvalidQuery
from discovery.trace import stage

Found = tuple[tuple[Offer, ...], tuple[suggestions.Suggestion, ...]]


@dataclass(frozen=True, slots=True)
class Counting:
    """`plan`: a query, with its intent when that is known, → its plan; InvalidQuery."""

    engine: SearchEngine
    vocabulary: Vocabulary
    gazetteer: Gazetteer
    plan: Callable[[Query, Intent | None], Plan]

    def counted(self, made: Plan, request: SearchRequest, page: SearchPage) -> Found:
        """Offers and ways out, with one call to the engine at most; none when the facets tell and hits abound."""
        offered = [piece for piece in made.reading.offered if (piece.type, piece.value) not in _chosen(request)]
        known = [self._facet_count(piece, page) for piece in offered]
        unknown = [piece for piece, count in zip(offered, known, strict=True) if count is None]
        candidates = list(self._candidates(made, request)) if page.total < made.profile.relax_below else []
        asked = [
            *(_chosen_alone(request, piece) for piece in unknown),
            *(changed for _, changed in candidates),
        ]
        with stage("engine"):
            counts = self.engine.counts(asked) if asked else []
        late = iter(counts)
        totals = [next(late) if count is None else count for count in known]
        offers = tuple(
            Offer(piece.type, piece.value, piece.label, count)
            for piece, count in zip(offered, totals, strict=True)
            if count
        )
        found = [(candidate, count) for (candidate, _), count in zip(candidates, late, strict=True)]
        return offers, suggestions.shown(found, page.total)

    def _facet_count(self, piece: Piece, page: SearchPage) -> int | None:
        """A facet already counted what an offer would give: that is its definition."""
        grouped = piece.type == "sector" and piece.value in self.vocabulary.sector_groups
        counts = page.facets.get("sector_group" if grouped else piece.type)
        return None if counts is None else counts.get(piece.value, 0)

    def _candidates(self, made: Plan, request: SearchRequest) -> Iterator[tuple[suggestions.Candidate, SearchRequest]]:
        """Changes that do what they say, each with the request that following it would make."""
        names = (self.vocabulary, self.gazetteer)
        for candidate in suggestions.candidates(made.query, made.intent, made.reading, made.where, names):
            changed = suggestions.apply(made.query, candidate.change)
            try:
                after = self.plan(changed, made.intent if changed.q == made.query.q else None).request
            except InvalidQuery:  # a way out that leads nowhere: a sort by distance without its place, say
                continue
            if candidate.holds(made.request, after):
                yield candidate, replace(after, text=request.text)


def _chosen_alone(request: SearchRequest, piece: Piece) -> SearchRequest:
    """The request with an offered filter in the place of that parameter's values."""
    value: dict[str, Any] = {piece.type: (piece.value,)}
    return replace(request, filters=replace(request.filters, **value))


def _chosen(request: SearchRequest) -> frozenset[tuple[str, str]]:
    """(parameter, value) of the filters that stand already."""
    return frozenset((name, value) for name in FILTERS for value in getattr(request.filters, name))
