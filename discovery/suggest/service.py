"""What may be meant by a phrase in the making. The engine tells the names of suppliers and how frequent sectors are;
the rest stands in memory."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from discovery.config.mappings import Mappings
from discovery.engine.port import Document, Filters, SearchEngine, Searcher, SearchRequest
from discovery.engine.predicate import in_scope
from discovery.gazetteer import Gazetteer
from discovery.search.launch import EVERYTHING, LaunchScope
from discovery.suggest import codes, suppliers
from discovery.suggest.model import TYPES, Fit, Suggestion, best
from discovery.suggest.phrase import Tail, tails
from discovery.suggest.places import Places
from discovery.suggest.things import Shares, Things
from discovery.trace import stage

LIMIT = 8
MAX_SUPPLIERS = 5
MAX_LOOKED_AT = 100
"""Suppliers of a name among which those of a scope are looked for."""
_LED = 0.5
"""Added to places after "à", taken from them after "nettoyage de", and from the rest after "à"."""
_OPENS = 0.1
"""Added to sectors and kinds at the beginning: a phrase opens with a trade more often than with a place."""
_WORD = 0.4
"""Added for each word more of the phrase that a name accounts for."""
_SHORTEST_TYPO = 4
"""Letters typed below which no typo is read through."""


class SuggestService:
    """Shared by threads: it holds but what is built once, and how frequent sectors are in one state of the index."""

    def __init__(
        self, engine: SearchEngine, mappings: Mappings, gazetteer: Gazetteer, launch: LaunchScope = EVERYTHING
    ) -> None:
        """`launch`: what is open; nothing else is suggested."""
        self._engine = engine
        self._vocabulary = launch.narrowed(mappings.vocabulary)
        self._grammar = mappings.grammar
        self._codes = mappings.codes
        self._gazetteer = gazetteer
        self._launch = launch
        self._frequent: tuple[str, Shares] | None = None
        self._held_places: tuple[int, Places] | None = None

    def suggest(
        self,
        q: str,
        *,
        types: Collection[str] = TYPES,
        limit: int = LIMIT,
        lang: str = "fr",
        scope: Sequence[Filters] = (),
    ) -> list[Suggestion]:
        """The likeliest first, those of one type side by side. Raises EngineUnavailable unless only places are asked
        for.

        `scope`: as a search request's, for the suppliers, beside what is open.
        """
        with self._engine.searcher() as index:
            return best(self._found(index, q, types, lang, (*self._launch.filters, *scope)), limit)

    def _found(
        self, index: Searcher, q: str, types: Collection[str], lang: str, scope: Sequence[Filters]
    ) -> list[Suggestion]:
        ends = list(tails(q, self._grammar))
        found = list(self._met(index, ends, types, lang))
        if "code" in types:
            found += codes.met(q, self._codes, self._vocabulary, lang)
        if "supplier" in types:
            words = ends[0].weight if ends else 1
            found += [_raised(one, 0.0, words) for one in self._suppliers(index, q.strip(), scope)]
        return found

    def _met(self, index: Searcher, ends: Sequence[Tail], types: Collection[str], lang: str) -> Iterator[Suggestion]:
        """Names that start so; through a typo when none does."""
        shares = self._shares(index) if "sector" in types else {}
        exact = [one for tail in ends for one in self._of(tail, types, lang, shares, typos=False)]
        yield from exact
        if not exact:
            for tail in ends:
                if sum(map(len, tail.words)) >= _SHORTEST_TYPO:
                    yield from self._of(tail, types, lang, shares, typos=True)

    def _of(
        self, tail: Tail, types: Collection[str], lang: str, shares: Shares, *, typos: bool
    ) -> Iterator[Suggestion]:
        if "place" in types:
            for one in (self._places.near if typos else self._places.met)(tail, lang):
                led = {True: _LED, False: -_LED, None: 0.0}[tail.led]
                # An article is part of a town's name, and leads to an area's.
                words = len(tail.words) + (tail.articled and not one.value.startswith(("commune", "postcode")))
                yield _raised(one, led, words)
        if "sector" in types or "kind" in types:
            for one in (self._things.near if typos else self._things.met)(tail, lang, shares):
                if one.type in types:
                    yield _raised(one, -_LED if tail.led else _OPENS * (tail.start == 0), tail.weight)

    def _suppliers(self, index: Searcher, q: str, scope: Sequence[Filters]) -> Iterator[Suggestion]:
        if len(q) < 2:
            return
        found = self._named(index, q, scope)
        if found:
            yield from suppliers.suggestions(q, found, self._gazetteer)
        else:
            yield from suppliers.suggestions(q, self._misspelt(index, q, scope), self._gazetteer, Fit.NEAR)

    def _named(self, index: Searcher, q: str, scope: Sequence[Filters]) -> list[Document]:
        with stage("engine"):
            named = index.names(q, MAX_LOOKED_AT if scope else MAX_SUPPLIERS)
        return [one for one in named if in_scope(one, scope)][:MAX_SUPPLIERS]

    def _misspelt(self, index: Searcher, q: str, scope: Sequence[Filters]) -> list[Document]:
        """By the nearest word of the index, when the last one is in none."""
        folded = index.analysis().terms("folded", q)
        words = index.words()
        if not folded or len(folded[-1]) < _SHORTEST_TYPO or words.count(folded[-1]):
            return []
        near = words.near(folded[-1], 1)
        return self._named(index, " ".join([*folded[:-1], near[0][0]]), scope) if near else []

    def _shares(self, index: Searcher) -> Shares:
        """By sector and group, on a logarithmic scale; counted again when the index has changed."""
        generation = index.status().generation
        held = self._frequent
        if held is None or held[0] != generation:
            asked = SearchRequest(size=0, facets=("sector", "sector_group"), scope=self._launch.filters)
            facets = index.search(asked).facets
            counts = {**facets["sector"], **facets["sector_group"]}
            most = math.log1p(max(counts.values(), default=1))
            held = self._frequent = generation, {value: math.log1p(count) / most for value, count in counts.items()}
        return held[1]

    @property
    def _places(self) -> Places:
        """Made again when analysts' areas have changed."""
        edition, held = self._gazetteer.edition, self._held_places
        if held is None or held[0] != edition:
            held = self._held_places = edition, Places(self._gazetteer, self._launch)
        return held[1]

    @cached_property
    def _things(self) -> Things:
        return Things(self._vocabulary)


def _raised(one: Suggestion, told: float, words: int) -> Suggestion:
    """With what its place in the phrase tells, and how many words of it the name accounts for."""
    return replace(one, score=one.score + told + _WORD * (words - 1))
