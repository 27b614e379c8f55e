"""Filters offered, each need's own total, and ways out of a search that found little: counted before they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from discovery.config.default_radius import Near
from discovery.config.vocabulary import Vocabulary
from discovery.engine.port import SearchPage, SearchRequest
from discovery.gazetteer import Gazetteer
from discovery.intent import Intent, Need
from discovery.schema.attributes import FILTERS
from discovery.search import needs, suggestions
from discovery.search.answer import NeedFound, Offer, Plan, WayOut
from discovery.search.parameters import Query
from discovery.search.problems import InvalidQuery

MAX_READ_AGAIN = 8
"""Needs of one phrase that are each read again, alone, to be counted: reading is what costs."""


@dataclass(frozen=True, slots=True)
class Found:
    """What may be proposed beside an answer, counted."""

    offers: tuple[Offer, ...] = ()
    suggestions: tuple[WayOut, ...] = ()
    needs: tuple[NeedFound, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """A filter that the phrase may have meant: `values` of `parameter`, chosen together."""

    parameter: str
    values: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class RelaxationCounter:
    """Counts what may be proposed beside an answer.

    `count`: totals, in one call to the engine. `plan`: a query, with its intent when that is known, → its plan;
    Raises InvalidQuery.
    """

    count: Callable[[Sequence[SearchRequest]], list[int]]
    vocabulary: Vocabulary
    gazetteer: Gazetteer
    near: Near
    plan: Callable[[Query, Intent | None], Plan]

    def counted(self, made: Plan, page: SearchPage, *, proposing: bool = True) -> Found:
        """Filters offered, needs and ways out, each with its total: one count at most, none when the facets tell and
        hits abound. Not `proposing`: needs alone. Raises EngineUnavailable."""
        offered = [one for one in _offered(made) if proposing and not _stands(made.request, one)]
        known = [self._facet_count(one, page) for one in offered]
        unknown = [one for one, count in zip(offered, known, strict=True) if count is None]
        several = made.reading.needs if len(made.reading.needs) > 1 else ()
        alone = [(need, *self._alone(made, number, need)) for number, need in enumerate(several)]
        candidates = list(self._candidates(made)) if proposing and page.total < made.profile.relax_below else []
        asked = [
            *(_chosen_alone(made.request, one) for one in unknown),
            *(request for _, _, request in alone),
            *(changed for _, changed in candidates),
        ]
        late = iter(self.count(asked) if asked else [])
        totals = [next(late) if count is None else count for count in known]
        offers = tuple(
            Offer(one.parameter, ",".join(one.values), one.label, count)
            for one, count in zip(offered, totals, strict=True)
            if count
        )
        found = tuple(NeedFound(need, next(late), query) for need, query, _ in alone) or tuple(
            NeedFound(need, page.total, made.pinned) for need in made.reading.needs
        )
        ways = [(candidate, count) for (candidate, _), count in zip(candidates, late, strict=True)]
        return Found(offers, suggestions.shown(ways, page.total), found)

    def _alone(self, made: Plan, number: int, need: Need) -> tuple[Query, SearchRequest]:
        """The search for one need of several, in the same circle. Of more than anybody lists, it is what the phrase
        asks for less its other needs, without reading it again."""
        query = replace(made.pinned, q=needs.phrase_of_need(made.meant, need), page=1)
        if number >= MAX_READ_AGAIN and len(made.request.needs) == len(made.reading.needs):
            return query, replace(made.request, needs=(made.request.needs[number],))
        plan = self.plan(query, None)
        return plan.query, plan.request

    def _facet_count(self, one: Offered, page: SearchPage) -> int | None:
        """A facet already counted what an offer would give: that is its definition."""
        if len(one.values) != 1:
            return None
        grouped = one.parameter == "sector" and one.values[0] in self.vocabulary.sector_groups
        counts = page.facets.get("sector_group" if grouped else one.parameter)
        return None if counts is None else counts.get(one.values[0], 0)

    def _candidates(self, made: Plan) -> Iterator[tuple[suggestions.Candidate, SearchRequest]]:
        """Changes that do what they say, each with the request that following it would make."""
        kept = {} if made.circle is None else {"radius": made.pinned.radius}
        for candidate in suggestions.candidates(made, self.vocabulary, self.gazetteer, self.near):
            candidate = replace(candidate, change={**kept, **candidate.change})
            changed = suggestions.apply(made.query, candidate.change)
            try:
                after = self.plan(changed, made.intent if changed.q == made.query.q else None).request
            except InvalidQuery:  # a way out that leads nowhere: a sort by distance without its place, say
                continue
            if candidate.holds(made.strict, after):
                other = candidate.removes == "needs"
                yield candidate, after if other else replace(after, text=made.request.text, needs=made.request.needs)


def _offered(made: Plan) -> Iterator[Offered]:
    """Sectors and words that may be filters; and the kinds that legal wording names, as one choice."""
    for piece in made.reading.offered:
        yield Offered(piece.type, (piece.value,), piece.label)
    for piece in made.reading.ignored:
        if piece.type == "legal" and piece.alternatives:
            values = tuple(option.value for option in piece.alternatives)
            yield Offered("kind", values, ", ".join(values))


def _chosen_alone(request: SearchRequest, one: Offered) -> SearchRequest:
    """The request with an offered filter in the place of that parameter's values."""
    value: dict[str, Any] = {one.parameter: one.values}
    return replace(request, filters=replace(request.filters, **value))


def _stands(request: SearchRequest, one: Offered) -> bool:
    """Whether the filter is chosen already."""
    held = getattr(request.filters, one.parameter) if one.parameter in FILTERS else ()
    return set(one.values) <= set(held)
