"""What a search gives back, before anyone turns it into JSON, a page or a table; what each facet
is.
"""

from collections.abc import Mapping
from operator import itemgetter
from typing import Annotated, Any, Literal, TypedDict

from discovery.engine.analysis import Analysis
from discovery.engine.port import (
    Coverage,
    EngineStatus,
    Filters,
    Hit,
    National,
    SearchPage,
    SearchRequest,
    TextQuery,
)
from discovery.engine.port import Need as EngineNeed
from discovery.mappings.profiles import Profile
from discovery.mappings.vocabulary import Vocabulary
from discovery.model import dataclass, field, replace
from discovery.model.attributes import FACETS, VOCABULARY_FILTERS
from discovery.phrase.model import Intent, Need
from discovery.places import Gazetteer, normalise
from discovery.search.interpret import Interpretation
from discovery.search.query import MAX_DEPTH, Args, Cursor, Notice, Query
from discovery.search.reasons import Terms
from discovery.search.where import GeoFilter
from discovery.search.words import Relaxed, replace_words
from discovery.texts import t

MAX_UNRECOGNISED = 10
"""Suppliers shown for a phrase of which no trade was recognised, or a possible one that nothing
names: guesses.
"""


@dataclass(frozen=True, slots=True)
class Circle:
    """The circle that "near" came to mean.

    `radius_km`: chosen. `counts`: of each circle that was tried, smallest first, the suppliers that
    answer in it. `wider`: those offered beside it, each with its count.
    """

    radius_km: int
    counts: Mapping[int, int]
    wider: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A query understood and resolved. `request` searches strictly, and a centre without a distance
    is a focus, until the plan is settled (`relaxation`): then it may search leniently (`relaxed`),
    in the `circle` chosen.

    `query`: as asked, values spelt as the lists spell them. `words`, `needs`: as they are read,
    whatever is relaxed. `meant`: the phrase that names the trades searched, which is `intent`, or
    that of the phrase with its typos mended. `recognised`: whether some trade, or all the words,
    are known to the index: else what is found holds some of the words at most, or does what is only
    possible. `circle`: chosen for a centre without a distance. `unheld`: words that nobody holds →
    the nearest. `posts`: full-time ones of a year that the hours of insertion make: who has so many
    people comes first.
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
    posts: float = 0.0

    @property
    def reach(self) -> int:
        """How many hits can be paged through: `MAX_DEPTH`, fewer when nothing was recognised, nor a
        trade named.
        """
        named = any(need.named for need in self.reading.needs)
        return MAX_DEPTH if self.recognised or named else MAX_UNRECOGNISED

    @property
    def claims(self) -> bool:
        """Whether the phrase surely or probably asks for a trade, and not only possibly."""
        return not all(need.possible for need in self.reading.needs)

    @property
    def strict(self) -> SearchRequest:
        """The request for the words as they are read."""
        return replace(self.request, text=self.words, needs=self.needs)

    @property
    def pinned(self) -> Query:
        """The query with the chosen circle written into `radius`, so that it finds the same from
        now on.
        """
        return (
            self.query
            if self.circle is None
            else replace(self.query, radius=float(self.circle.radius_km))
        )

    @property
    def did_you_mean(self) -> str | None:
        """The phrase with its typos corrected; None where none are."""
        corrections = self.relaxed.corrections if self.relaxed else None
        return replace_words(self.query.q, corrections) if corrections else None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Warnings about how the phrase was read; of words that neither a piece, a need nor a
        supplier holds, less those that were corrected, `choices` are phrases with the nearest word
        instead.
        """
        found = [*self.reading.notices, *self.where.notices]
        left = self.reading.text.strip()
        if left and self.request.text is None:
            found.append(Notice("only_common_words", "q", {"text": left}))
        corrected = self.relaxed.corrections if self.relaxed else {}
        if unheld := {word: meant for word, meant in self.unheld.items() if word not in corrected}:
            near = {word: meant for word, meant in unheld.items() if meant}
            choices = (replace_words(self.query.q, near),) if near else ()
            found.append(Notice("not_understood", "q", {"text": ", ".join(unheld)}, choices))
        return tuple(found)


Source = Literal["vocabulary", "department", "region", "catalogue"]


@dataclass(frozen=True, slots=True)
class Facet:
    """How a facet is counted and shown.

    `parameter`: the filter that the facet leaves aside when it counts, and that choosing a value
    sets.

    `fixed`: values always shown in their own order, whatever the counts; empty = by count.
    """

    name: str
    parameter: str
    source: Source
    fixed: bool = False


SOURCES: dict[str, Source] = {
    "department": "department",
    "region": "region",
    "coverage": "catalogue",
    "national": "catalogue",
}
"""Of facets whose values are not the vocabulary's."""


BY_NAME = {
    name: Facet(
        name,
        "sector" if name == "sector_group" else name,
        SOURCES.get(name, "vocabulary"),
        FACETS[name].fixed,
    )
    for name in FACETS
}

CATALOGUE_VALUES = {"coverage": tuple(map(str, Coverage)), "national": tuple(map(str, National))}
"""Values of the facets that are switches of the search rather than terms of the vocabulary."""

assert {facet.parameter for facet in BY_NAME.values()} <= {
    *Filters.__dataclass_fields__,
    "coverage",
    "national",
}


class FacetValue(TypedDict):
    value: str
    label: str
    count: Annotated[int, "The total of this search with this filter replaced by this value alone."]
    selected: bool


@dataclass(frozen=True, slots=True)
class Names:
    """Who names the values of facets. The lists are closed, so each is named once, when it is first
    shown.
    """

    vocabulary: Vocabulary
    gazetteer: Gazetteer
    _listed: dict[tuple[str, str], dict[str, str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def listed(self, facet: Facet, lang: str) -> Mapping[str, str]:
        """Every value with its name: in the list's own order when the facet keeps to it, else by
        name.
        """
        known = self._listed.get((facet.name, lang))
        if known is None:
            known = self._named(facet, lang)
            if not facet.fixed:
                known = dict(sorted(known.items(), key=_by_name))
            self._listed[facet.name, lang] = known
        return known

    def _named(self, facet: Facet, lang: str) -> dict[str, str]:
        match facet.source:
            case "department" | "region":
                places = (
                    self.gazetteer.departments()
                    if facet.source == "department"
                    else self.gazetteer.regions()
                )
                return {
                    one.code: self.gazetteer.label(f"{facet.source}:{one.code}", lang)
                    for one in places
                }
            case "catalogue":
                return {
                    value: t(f"label.{facet.name}.{value}", lang)
                    for value in CATALOGUE_VALUES[facet.name]
                }
            case _:
                return {
                    value: term.label(lang)
                    for value, term in self.vocabulary.terms(facet.name).items()
                }


def value_label(
    parameter: str, value: str, lang: str, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> str:
    """A filter's value in words; kinds by their code, which is how people name them."""
    if parameter == "place":
        return gazetteer.label(value, lang)
    if parameter in {"department", "region"}:
        return gazetteer.label(f"{parameter}:{value}", lang)
    if parameter == "kind" or parameter not in VOCABULARY_FILTERS:
        return value
    term = vocabulary.terms(parameter).get(value)
    return term.label(lang) if term else value


def _by_name(item: tuple[str, str]) -> tuple[str, str]:
    value, label = item
    return normalise(label), value


def present(
    counts: Mapping[str, Mapping[str, int]], request: SearchRequest, names: Names, lang: str = "fr"
) -> dict[str, list[FacetValue]]:
    """Each counted facet, in the order of the definitions: its values labelled and ordered, every
    chosen one there.

    Most frequent first, then by label; bands and switches keep their own order. Switches show every
    position.
    """
    groups, shown = names.vocabulary.sector_groups, {}
    for facet in (BY_NAME[name] for name in BY_NAME if name in counts):
        listed, counted = names.listed(facet, lang), counts[facet.name]
        if facet.source == "catalogue":
            chosen: tuple[str, ...] = (str(getattr(request, facet.name)),)
            known = listed
        else:
            chosen = getattr(request.filters, facet.parameter)
            if (
                facet.parameter == "sector"
            ):  # it chooses sectors and groups: each is shown by its own facet only
                chosen = tuple(
                    value for value in chosen if (value in groups) == (facet.name == "sector_group")
                )
            there = counted.keys() | chosen
            known = {value: listed[value] for value in listed if value in there}
            if strangers := there - known.keys():  # terms dropped since the index was built
                added = {**known, **{value: value for value in sorted(strangers)}}
                known = added if facet.fixed else dict(sorted(added.items(), key=_by_name))
        values: list[FacetValue] = [
            {
                "value": value,
                "label": label,
                "count": counted.get(value, 0),
                "selected": value in chosen,
            }
            for value, label in known.items()
        ]
        if not facet.fixed:
            values.sort(
                key=_count, reverse=True
            )  # stable: among equals the order is that of the names
        shown[facet.name] = values
    return shown


_count = itemgetter("count")


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
    """A change of the search that finds more. `count`: the total of the search once `change` is
    made.
    """

    change: Change
    code: str
    args: Args
    count: int


@dataclass(frozen=True, slots=True)
class NeedFound:
    """One of several trades asked for. `total`: of the search for it alone, with the same filters
    and places, which is `query`.
    """

    need: Need
    total: int
    query: Query


@dataclass(frozen=True, slots=True)
class Nearby:
    """Who does what is needed elsewhere, nearest first, when nobody does at the place asked;
    `request` found them. Or, as neighbours, who does it next door and declares other places for it.
    `code`, `args`: the heading.
    """

    hits: tuple[Hit, ...]
    request: SearchRequest
    where: GeoFilter
    code: str
    args: Args


@dataclass(frozen=True, slots=True)
class UnknownTrades:
    """Suppliers seated at the place of whom no trade is known, where few do what is needed: how
    many, by kind, those first that do such things oftenest; `query` finds them. In no total and no
    export.
    """

    total: int
    kinds: tuple[tuple[str, int], ...]
    query: Query


@dataclass(frozen=True, slots=True)
class Answer:
    """A settled plan, and what was found. `page`: of its request, leniently searched when
    `plan.relaxed` is not None. `offers`, `suggestions`: filters to add, ways out; `needs`: the
    trades recognised, each with its total. `took_ms`: the whole use case, engine included. `next`:
    where the walk goes on; None at its end and in sorts that can't be walked.
    """

    plan: Plan
    page: SearchPage
    facets: dict[str, list[FacetValue]]
    offers: tuple[Offer, ...]
    suggestions: tuple[WayOut, ...]
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
        """Whether what is found may lack some of the words asked for, with no trade recognised to
        make up for them.
        """
        plan, text = self.plan, self.plan.request.text
        few = text is not None and text.required < len(text.words)
        return plan.relaxed is not None and few and plan.recognised and not plan.request.needs

    @property
    def searched(self) -> str:
        """The words that decided who matches: those of the needs, else those typed, or their
        corrections.
        """
        if self.plan.request.needs:
            return ", ".join(one.need.text for one in self.needs)
        return self.plan.relaxed.text if self.plan.relaxed else self.plan.intent.text
