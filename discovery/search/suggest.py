"""Suggestions as one types: places, sectors, kinds and codes from memory; the engine tells the names of suppliers and
how frequent sectors are.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, cached_property

from discovery.engine.port import Document, Filters, SearchEngine, Searcher, SearchRequest
from discovery.engine.predicate import in_scope
from discovery.mappings.codes import bare, meaning_of
from discovery.mappings.codes.cpv import cpv_codes
from discovery.mappings.crosswalk import CPV_DIGITS, Classification, Codes, Meaning
from discovery.mappings.mappings import Mappings
from discovery.mappings.vocabulary import Vocabulary
from discovery.places import Gazetteer, Place, normalise
from discovery.search.launch import EVERYTHING, LaunchScope
from discovery.search.suggest_names import Places, Shares, Things
from discovery.search.suggest_phrase import TYPES, Fit, Suggestion, Tail, best, tails
from discovery.trace import stage

MAX_CODES = 4
_SHORTEST_CODE = 3
"""Digits: two are a department's."""
_TYPED = re.compile(r"(?:^|\s)(?P<lead>(?:CPV|NAF|APE)[\s:]*)?(?P<code>\d{3,8}|\d{2}\.\d{0,2}[A-Z]?|\d{4}[A-Z])$", re.I)
_POST_CODE = 5
_SAID, _DIGIT = 0.2, 0.02
"""Added to a code said to be one, and taken for each digit that is still to be typed."""


def codes_met(q: str, codes: Codes, vocabulary: Vocabulary, lang: str) -> list[Suggestion]:
    """The codes that begin with what stands at the end of a phrase, broadest first; only those that lead to sectors.

    In a phrase a number is a quantity, and five digits alone are a post code, unless "CPV" is said.
    """
    typed = _TYPED.search(q)
    if typed is None or len(bare(typed["code"])) < _SHORTEST_CODE or not (typed["lead"] or q.strip() == typed["code"]):
        return []
    digits, lead = bare(typed["code"]), (typed["lead"] or "").upper()
    dotted = "." in typed["code"]
    found: list[tuple[float, Classification, str, str]] = []
    if digits.isdigit() and not dotted and lead[:3] in ("", "CPV") and (lead or len(digits) != _POST_CODE):
        found += [(_code_fit(code.rstrip("0"), digits, lead), "cpv", code, label) for code, label in _cpv(digits, lang)]
    if lead[:3] != "CPV":
        starting = (one for one in vocabulary.naf.items() if one[0].startswith(digits))
        found += [(_code_fit(code, digits, lead or dotted), "naf", code, term.label(lang)) for code, term in starting]
    suggested: list[Suggestion] = []
    for score, kind, code, label in sorted(found, key=lambda one: -one[0]):
        meaning = meaning_of(kind, code, codes, vocabulary)
        if meaning is not None and (detail := _sector_labels(meaning, vocabulary, lang)):
            name, start = f"{kind.upper()} {code}", typed.start("lead" if lead else "code")
            suggested.append(Suggestion("code", code, f"{code} {label}", detail, name, start, score, kind))
        if len(suggested) == MAX_CODES:
            break
    return suggested


def _code_fit(told: str, digits: str, said: object) -> float:
    """`told`: the digits of a code that tell something; `said`: whether it is said to be a code."""
    return Fit.START + (_SAID if said else 0) - _DIGIT * max(0, len(told) - len(digits))


@cache
def _ordered() -> tuple[str, ...]:
    return tuple(cpv_codes())


def _cpv(digits: str, lang: str) -> Iterator[tuple[str, str]]:
    table = _ordered()
    for code in table[bisect_left(table, digits.ljust(CPV_DIGITS, "0")) :]:
        if not code.startswith(digits):
            break
        yield code, cpv_codes()[code][lang == "en"]


def _sector_labels(meaning: Meaning, vocabulary: Vocabulary, lang: str) -> str:
    """Those that are open; related ones are not said."""
    terms = vocabulary.terms("sector")
    return ", ".join(terms[slug].label(lang) for slug in meaning.sectors if slug in terms)


_SUPPLIER, _COMPLETE = 0.1, 0.2
"""Of the score: for any supplier, and in proportion to its profile's completeness."""


def suppliers_met(
    q: str, found: Iterable[Document], gazetteer: Gazetteer, fit: Fit | None = None
) -> Iterator[Suggestion]:
    """One for each document; the whole phrase is its name in the making. `fit` None = by its names."""
    for document in found:
        public = document["public"]
        name = public.get("brand") or public.get("name") or document["id"]
        own = fit or _name_fit(q, (name, public.get("name") or "", public.get("siret") or ""))
        town = _town(document, public, gazetteer)
        number = public.get("siret") if "".join(q.split()).isdigit() else None
        yield Suggestion(
            type="supplier",
            value=document["id"],
            label=name,
            detail=" · ".join(part for part in (document["kind"], town, number) if part),
            name=name,
            start=0,
            score=own + _SUPPLIER + _COMPLETE * document.get("completeness", 0) / 100,
            slug=public.get("slug") or document["id"],
        )


def _name_fit(q: str, names: Iterable[str]) -> Fit:
    typed = normalise(q)
    digits = typed.replace(" ", "")
    best = Fit.INSIDE
    for name in names:
        key = normalise(name)
        if key in (typed, digits):
            return Fit.WHOLE
        if key.startswith(typed) or (digits.isdigit() and key.startswith(digits)):
            best = Fit.START
    return best


def _town(document: Document, public: Document, gazetteer: Gazetteer) -> str:
    if commune := document.get("commune"):
        return gazetteer.label(Place("commune", commune))
    return str((public.get("address") or {}).get("city") or "")


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
            found += codes_met(q, self._codes, self._vocabulary, lang)
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
            yield from suppliers_met(q, found, self._gazetteer)
        else:
            yield from suppliers_met(q, self._misspelt(index, q, scope), self._gazetteer, Fit.NEAR)

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
