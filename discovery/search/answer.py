"""What a search gives back, before anyone turns it into JSON, a page or a table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from discovery.engine.analysis import Analysis
from discovery.engine.port import EngineStatus, Hit, SearchPage, SearchRequest, TextQuery
from discovery.engine.port import Need as EngineNeed
from discovery.mappings.profiles import Profile
from discovery.phrase.model import Intent, Need
from discovery.search.facets import FacetValue
from discovery.search.interpret import Interpretation
from discovery.search.query import MAX_DEPTH, Args, Cursor, Notice, Query
from discovery.search.reasons import Terms
from discovery.search.where import GeoFilter
from discovery.search.words import Relaxed, replace_words

MAX_UNRECOGNISED = 10
"""Suppliers shown for a phrase of which no trade was recognised: a page of guesses, not a list."""


@dataclass(frozen=True, slots=True)
class Circle:
    """The circle that "near" came to mean.

    `radius_km`: chosen. `counts`: of each circle that was tried, smallest first, the suppliers that answer in it.
    `wider`: those offered beside it, each with its count.
    """

    radius_km: int
    counts: Mapping[int, int]
    wider: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A query understood and resolved. `request` searches strictly, and a centre without a distance is a focus, until
    the plan is settled (`relaxation`): then it may search leniently (`relaxed`), in the `circle` chosen.

    `query`: as asked, values spelt as the lists spell them. `words`, `needs`: as they are read, whatever is relaxed.
    `meant`: the phrase that names the trades searched, which is `intent`, or that of the phrase with its typos mended.
    `recognised`: whether some trade, or all the words, are known to the index: else what is found holds some of the
    words at most. `circle`: chosen for a centre without a distance. `unheld`: words that nobody holds → the nearest.
    """

    query: Query
    intent: Intent
    reading: Interpretation
    where: GeoFilter
    profile: Profile
    request: SearchRequest
    words: TextQuery | None
    needs: tuple[EngineNeed, ...]
    meant: Intent
    relaxed: Relaxed | None = None
    circle: Circle | None = None
    recognised: bool = True
    unheld: Mapping[str, str] = field(default_factory=dict)

    @property
    def reach(self) -> int:
        """How many hits can be paged through: `MAX_DEPTH`, fewer when nothing was recognised."""
        return MAX_DEPTH if self.recognised else MAX_UNRECOGNISED

    @property
    def strict(self) -> SearchRequest:
        """The request for the words as they are read."""
        return replace(self.request, text=self.words, needs=self.needs)

    @property
    def pinned(self) -> Query:
        """The query with the chosen circle written into `radius`, so that it finds the same from now on."""
        return self.query if self.circle is None else replace(self.query, radius=float(self.circle.radius_km))

    @property
    def did_you_mean(self) -> str | None:
        """The phrase with its typos corrected; None where none are."""
        corrections = self.relaxed.corrections if self.relaxed else None
        return replace_words(self.query.q, corrections) if corrections else None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Warnings about how the phrase was read."""
        left = self.reading.text.strip()
        common = left and self.request.text is None
        said = [Notice("only_common_words", "q", {"text": left})] if common else []
        return (*self.reading.notices, *self.where.notices, *said, *self._not_understood())

    def _not_understood(self) -> Iterator[Notice]:
        """The words that neither a piece, a need nor a supplier holds, less those that were corrected; `choices` are
        phrases with the nearest word instead."""
        corrected = self.relaxed.corrections if self.relaxed else {}
        left = {word: meant for word, meant in self.unheld.items() if word not in corrected}
        if left:
            near = {word: meant for word, meant in left.items() if meant}
            choices = (replace_words(self.query.q, near),) if near else ()
            yield Notice("not_understood", "q", {"text": ", ".join(left)}, choices)


@dataclass(frozen=True, slots=True)
class Offer:
    """A filter that the phrase may have meant; `count` = the total once it is chosen alone."""

    parameter: str
    value: str
    label: str
    count: int


Change = Mapping[str, Any]
"""Field of `Query` → its new value; empty or None takes the parameter away."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """A change of the search that finds more.

    `count`: the total of the search once `change` is made.
    """

    change: Change
    code: str
    args: Args
    count: int


@dataclass(frozen=True, slots=True)
class NeedFound:
    """One of several trades asked for. `total`: of the search for it alone, with the same filters and places, which is
    `query`."""

    need: Need
    total: int
    query: Query


@dataclass(frozen=True, slots=True)
class Nearby:
    """Who does what is needed elsewhere, nearest first, when nobody does at the place asked; `request` found them.
    Or, as neighbours, who
    does it next door and declares other places for it. `code`, `args`: the heading."""

    hits: tuple[Hit, ...]
    request: SearchRequest
    where: GeoFilter
    code: str
    args: Args


@dataclass(frozen=True, slots=True)
class UnknownTrades:
    """Suppliers seated at the place of whom no trade is known, where few do what is needed: how many, by kind the most
    frequent first; `query` finds them. In no total and no export."""

    total: int
    kinds: tuple[tuple[str, int], ...]
    query: Query


@dataclass(frozen=True, slots=True)
class Answer:
    """A settled plan, and what was found. `page`: of its request, leniently searched when `plan.relaxed` is not None.
    `offers`, `suggestions`: filters to add, ways out; `needs`: the trades recognised, each with its total.
    `did_you_mean`: the phrase with its typos corrected, or None. `took_ms`: the whole use case, engine included.
    `next`: where the walk goes on; None at its end and in sorts that can't be walked.
    """

    plan: Plan
    page: SearchPage
    facets: Mapping[str, list[FacetValue]]
    offers: tuple[Offer, ...]
    suggestions: tuple[WayOut, ...]
    did_you_mean: str | None
    status: EngineStatus
    terms: Terms
    analysis: Analysis = field(compare=False)
    took_ms: float
    needs: tuple[NeedFound, ...] = ()
    nearby: Nearby | None = None
    neighbours: Nearby | None = None
    unknown_trades: UnknownTrades | None = None
    next: Cursor | None = None

    @property
    def reach(self) -> int:
        """How many hits can be paged through: the total, at most what the plan allows."""
        return min(self.page.total, self.plan.reach)

    @property
    def widened(self) -> bool:
        """Whether what is found may lack some of the words asked for, with no trade recognised to make up for them."""
        plan, text = self.plan, self.plan.request.text
        few = text is not None and text.required < len(text.words)
        return plan.relaxed is not None and few and plan.recognised and not plan.request.needs

    @property
    def searched(self) -> str:
        """The words that decided who matches: those of the needs, else those typed, or their corrections."""
        if self.plan.request.needs:
            return ", ".join(one.need.text for one in self.needs)
        return self.plan.relaxed.text if self.plan.relaxed else self.plan.intent.text
