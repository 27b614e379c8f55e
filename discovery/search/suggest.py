"""Suggestions as one types: places, sectors, kinds and codes from memory; the engine tells the
names of suppliers and how frequent sectors are.
"""

import heapq
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from itertools import islice

from discovery.disk_cache import cached
from discovery.engine.port import Document, Filters, SearchEngine, Searcher, SearchRequest
from discovery.engine.predicate import in_scope
from discovery.mappings.codes import bare, cpv_codes, meaning_of
from discovery.mappings.crosswalk import CPV_DIGITS, Classification, Codes
from discovery.mappings.mappings import Mappings
from discovery.mappings.vocabulary import LANGS, Term, Vocabulary
from discovery.model import dataclass, replace
from discovery.places import Commune, Gazetteer, Place, normalise
from discovery.places.name_index import NearStarts
from discovery.places.names import normalise_all, of, variants
from discovery.search.caches import Facts
from discovery.search.launch import EVERYTHING, LaunchScope
from discovery.search.suggest_phrase import (
    TYPES,
    Fit,
    Suggestion,
    Tail,
    Type,
    best,
    keys_of,
    own_words,
    tails,
)
from discovery.texts import t
from discovery.trace import stage

_LED = 0.5
"""Added to places after "à", taken from them after "nettoyage de", and from the rest after "à"."""
_OPENS = 0.1
"""Added to sectors and kinds at the beginning: a phrase opens with a trade more often than with a
place.
"""
_WORD = 0.4
"""Added for each word more of the phrase that a name accounts for."""
MAX_AREAS = 10
"""Areas of one beginning."""
_OFFICIAL, _ALIAS = 0.35, 0.2
"""Of the score: for a department or region, by its own name and by another ("la région Sud")."""
_PRIORS = {"epci": 0.0, "ept": 0.15, "arrondissement": -0.05, "area": 0.1}
"""Of the score, for bodies of communes and areas by their own name."""
_LARGE = {"METRO": 0.25, "MET69": 0.25, "CU": 0.15, "CA": 0.05}
"""Added for the large ones: more people mean them."""
_OTHER_NAME = 0.05
"""Taken for another name than its own."""
_SHORTEST_AREA_TYPO = 5
"""Letters typed from which a typo is read through."""

_KINDS = {
    "CC": "label.body.communes",
    "CA": "label.body.agglomeration",
    "CU": "label.body.urban",
    "METRO": "label.body.metropolis",
    "MET69": "label.body.metropolis",
    "EPT": "label.body.territory",
    "area": "label.body.area",
}
"""Text that names a grouping's kind; an arrondissement's own name tells."""


class AreaNames:
    """Immutable; made in some hundredths of a second."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        entries = [
            (
                key,
                str(place),
                place,
                _OFFICIAL if name == gazetteer.label(place).partition(" (")[0] else _ALIAS,
            )
            for place, name in gazetteer.area_names()
            for key in variants(normalise(name))
        ]
        for place, name, key in gazetteer.grouping_names():
            grouping = gazetteer.grouping(place)
            if grouping:
                prior = (
                    _PRIORS[place.type]
                    + _LARGE.get(grouping.kind, 0.0)
                    - _OTHER_NAME * (name != grouping.name)
                )
                entries += [(spelling, str(place), place, prior) for spelling in variants(key)]
        bodies = [
            (p, f"{word} {of(town)}")
            for p, town in gazetteer.bodies_by_town()
            for word in ("agglo", "métropole")
        ]
        keys = normalise_all(name for _, name in bodies)
        entries += [
            (key, str(place), place, 0.0) for key, (place, _) in zip(keys, bodies, strict=True)
        ]
        entries.sort(key=lambda entry: entry[:2])
        self._keys = [entry[0] for entry in entries]
        self._places = [(entry[2], entry[3]) for entry in entries]
        self._near = NearStarts(self._keys)

    def starting(self, key: str) -> Iterator[tuple[Place, str, float]]:
        """(place, key, prior) of the likeliest names that start so."""
        found = range(bisect_left(self._keys, key), bisect_left(self._keys, key + "~"))
        likely = heapq.nlargest(
            MAX_AREAS,
            found,
            key=lambda index: (self._keys[index] == key, self._places[index][1], -index),
        )
        return (
            (self._places[index][0], self._keys[index], self._places[index][1]) for index in likely
        )

    def near(self, key: str) -> Iterator[tuple[Place, float]]:
        """Areas whose name is one typo away from a key, with their weight."""
        if len(key) < _SHORTEST_AREA_TYPO:
            return
        for known in self._near.near(key):
            for index in range(bisect_left(self._keys, known), bisect_right(self._keys, known)):
                yield self._places[index]


MAX_PLACES = 10
"""Communes, and post codes, of one tail."""
MAX_PLACES_LOOKED_AT = 2_000
"""Communes of a beginning among which those that are open are looked for."""
_DIGITS = re.compile(r"\d{2,5}", re.ASCII)
_DEPARTMENT = re.compile(r"\d[\dab]|97\d|98\d", re.ASCII | re.IGNORECASE)
_DECADE = 0.13
"""Of the score, for each tenfold of inhabitants above a thousand; below, taken from it."""
_NUMBERED = 0.35
"""Of a department by its number."""


class Places:
    """Immutable but for what the gazetteer builds when first asked."""

    def __init__(self, gazetteer: Gazetteer, scope: LaunchScope = EVERYTHING) -> None:
        self._gazetteer = gazetteer
        self._scope = scope
        self._most = MAX_PLACES_LOOKED_AT if scope.named else MAX_PLACES
        self._names = AreaNames(gazetteer)

    def met(self, tail: Tail, lang: str) -> Iterator[Suggestion]:
        """Places whose name, code or number starts as the tail."""
        text = tail.text.strip()
        if _DIGITS.fullmatch(text) or _DEPARTMENT.fullmatch(text):
            yield from self._numbered(tail, text, lang)
        elif hinted := re.fullmatch(
            r"(?i)(?P<name>.*[^\W\d]\W*?)[\s,]*[\s,(](?P<hint>\d[\dab]?\d{0,3})\)?", text
        ):
            yield from self._hinted(tail, hinted["name"], hinted["hint"].upper(), lang)
            yield from self._communes(
                self._gazetteer.by_prefix(text, self._most), tail, Fit.START, lang
            )
        else:
            key = normalise(text)
            yield from self._communes(
                self._gazetteer.by_prefix(tail.text, self._most), tail, Fit.START, lang
            )
            if tail.ended:  # by_prefix then asks for more words: what is whole is meant too
                yield from self._communes(self._gazetteer.by_name(text), tail, Fit.WHOLE, lang)
            if key and not key.isdigit():
                yield from self._named_areas(tail, key, lang)

    def near(self, tail: Tail, lang: str) -> Iterator[Suggestion]:
        """Towns and areas whose name starts as the tail but for a typo."""
        yield from self._communes(
            self._gazetteer.by_prefix_fuzzy(tail.text, self._most), tail, Fit.NEAR, lang
        )
        for place, prior in self._names.near(normalise(tail.text)):
            if self._scope.covers(place, self._gazetteer):
                yield self._suggestion(tail, place, Fit.NEAR + prior, lang)

    def _communes(
        self, found: Iterable[Commune], tail: Tail, fit: Fit, lang: str
    ) -> Iterator[Suggestion]:
        typed = normalise(tail.text)
        if fit is Fit.START and self._gazetteer.shortened(
            tail.text
        ):  # "Clermont" is Ferrand before the village
            typed = ""
        opened = (one for one in found if self._scope.opens("department", one.department))
        for commune in islice(opened, MAX_PLACES):
            key = normalise(commune.name)
            fits = Fit.WHOLE if fit is Fit.START and typed in variants(key) else fit
            yield self._suggestion(
                tail, Place("commune", commune.code), fits + _size(commune), lang
            )

    def _named_areas(self, tail: Tail, key: str, lang: str) -> Iterator[Suggestion]:
        for place, known, prior in self._names.starting(key):
            if known == key or not tail.ended or known.startswith(key + " "):
                fit = Fit.WHOLE if known == key else Fit.START
                if self._scope.covers(place, self._gazetteer):
                    yield self._suggestion(tail, place, fit + prior, lang)

    def _numbered(self, tail: Tail, digits: str, lang: str) -> Iterator[Suggestion]:
        """A department by its number; the most populous post codes that start so."""
        department = self._gazetteer.department(digits.upper())
        if department and self._scope.opens("department", department.code):
            yield self._suggestion(
                tail, Place("department", department.code), Fit.WHOLE + _NUMBERED, lang
            )
        codes = (
            code
            for code in self._gazetteer.postcodes_with_prefix(digits)
            if not self._scope.named or self._scope.covers(Place("postcode", code), self._gazetteer)
        )
        sized = ((_size(self._gazetteer.communes_of_postcode(code)[0]), code) for code in codes)
        for size, code in heapq.nlargest(MAX_PLACES, sized):
            fit = Fit.WHOLE if code == digits else Fit.START
            yield self._suggestion(tail, Place("postcode", code), fit + size, lang)

    def _hinted(self, tail: Tail, name: str, hint: str, lang: str) -> Iterator[Suggestion]:
        """ "Saint-Denis 93", "Saint-Denis (974": namesakes whose department or post code starts so."""
        for commune in self._gazetteer.by_name(name) or self._gazetteer.by_prefix(name, MAX_PLACES):
            if not self._scope.opens("department", commune.department):
                continue
            if commune.department.startswith(hint) or any(
                code.startswith(hint) for code in commune.post_codes
            ):
                yield self._suggestion(
                    tail, Place("commune", commune.code), Fit.WHOLE + _size(commune), lang
                )

    def _suggestion(self, tail: Tail, place: Place, score: float, lang: str) -> Suggestion:
        label = self._gazetteer.label(place, lang)
        town = place.type in ("commune", "postcode")
        # An article is part of a town's name, and leads to an area's.
        words = len(tail.words) + (tail.articled and not town)
        return Suggestion(
            type="place",
            value=str(place),
            label=label,
            detail="",
            name=label,
            start=tail.start,
            score=score
            + (_LED if tail.led else -_LED if tail.led is False else 0.0)
            + _WORD * (words - 1),
            parameter="near" if tail.focus and town else "place",
        )

    def detail(self, code: str, lang: str) -> str:
        """What kind of place it is, where its name doesn't tell; what holds it, or what a post code
        stands for.
        """
        known = self._gazetteer
        place = known.parse_place(code)
        if place is None:
            return ""
        if place.type == "postcode":
            communes = [commune.name for commune in known.communes_of_postcode(place.code)]
            return ", ".join(communes[:3]) + (", …" if len(communes) > 3 else "")
        above = [
            one for one in known.ancestors(place) if one.startswith(("department:", "region:"))
        ]
        held = ", ".join(dict.fromkeys(known.label(one).partition(" (")[0] for one in above))
        grouping = known.grouping(place)
        key = _KINDS.get(grouping.kind or grouping.place.type) if grouping else None
        return " · ".join(filter(None, (t(key, lang) if key else "", held)))


def _size(commune: Commune) -> float:
    return _DECADE * (math.log10(commune.population + 1) - 3)


Shares = Mapping[str, float]
"""Sector or group → 0 to 1, how frequent it is among suppliers; unknown ones count for none."""

MAX_THINGS = 10
"""Things of one tail."""
_KIND = 0.25
"""There are a dozen kinds: when the letters meet one, it is likely."""
_SECTOR, _FREQUENT = -0.1, 0.4
_NOT_THE_LABEL, _OTHER_LANGUAGE = 0.05, 0.2
"""Taken from a synonym, and from a name of the other language: French is suggested to who reads
French.
"""
_SHARE, _LABEL_SHARE = 0.3, 0.2
"""For the part of a name's words that is typed: "peint" means "peinture" before "peinture au sol";
and of its label's: "vélo" means "Réparation de vélos" before "Vente de véhicules et vélos
d'occasion".
"""
_UNTOLD = 0.7
"""The same part where too few letters tell a word."""
_PER_CHARACTER = 0.002
"""Taken for each character of a name: of two names that start so, the shorter is nearer to being
typed.
"""
_SHORTEST_LATER = 3
"""Letters below which only the start of names is looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """A term as a filter: `parameter` = `value`. `above`: the group that holds it."""

    type: Type
    parameter: str
    value: str
    term: Term
    above: Term | None = None


Name = tuple[Thing, str, int, str, float]
"""A thing with one of its names, how many words of its own that has, its language, and what it adds
to the score.
"""
Met = dict[Thing, tuple[float, str]]
"""Thing → its score and the name by which it was met."""


class Things:
    """Immutable; made in some hundredths of a second, so keep one per vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        named = [
            (thing, lang, text) for thing in _things(vocabulary) for lang, text in _names(thing)
        ]
        texts = [text for _, _, text in named]
        # Key by key: the number of a name, and whether it is met from a later word on; name by
        # name, its own words.
        self._keys, self._named, self._own = cached(__file__, partial(_keyed, texts), texts=texts)
        self._names: list[Name] = [
            (thing, text, own.count(" ") + 1, lang, _prior(thing, text, lang))
            for (thing, lang, text), own in zip(named, self._own, strict=True)
        ]
        self._labels = dict(zip(texts, self._own, strict=True))
        self._near = NearStarts(self._keys)

    def met(self, tail: Tail, lang: str, shares: Shares) -> list[Suggestion]:
        """The likeliest things one of whose names starts so, each by its likeliest name."""
        best: Met = {}
        for key in sorted(tail.starts()):  # of names as likely, always the same
            self._starting(key, lang, best)
        return self._suggestions(best, tail, lang, shares)

    def near(self, tail: Tail, lang: str, shares: Shares) -> list[Suggestion]:
        """Sectors and kinds one of whose names starts as the tail but for a typo."""
        best: Met = {}
        for key in sorted(tail.starts()):  # of names as likely, always the same
            for known in self._near.near(key.strip()):
                for index in range(bisect_left(self._keys, known), bisect_right(self._keys, known)):
                    self._keep(best, self._named[index][0], lang, Fit.NEAR, _telling(known))
        return self._suggestions(best, tail, lang, shares)

    def _starting(self, key: str, lang: str, best: Met) -> None:
        bare = key.strip()
        letters, telling = len(bare), _telling(bare)
        found = slice(bisect_left(self._keys, bare), bisect_left(self._keys, bare + "~"))
        for known, (at, later) in zip(self._keys[found], self._named[found], strict=True):
            if len(known) == letters:
                whole = Fit.WHOLE if bare == self._own[at] else Fit.START  # not its plural
                self._keep(best, at, lang, Fit.INSIDE if later else whole, telling)
            elif known.startswith(key) and (not later or letters >= _SHORTEST_LATER):
                self._keep(best, at, lang, Fit.INSIDE if later else Fit.START, telling)

    def _keep(self, best: Met, at: int, lang: str, fit: Fit, telling: int) -> None:
        thing, text, words, own, prior = self._names[at]
        part = 0.0 if fit is Fit.INSIDE else telling / words if telling else _UNTOLD
        score = (
            fit
            + _SHARE * (part if part < 1.0 else 1.0)
            + (prior - _OTHER_LANGUAGE * (own not in ("", lang)))
        )
        held = best.get(thing)
        if held is None or held[0] < score:
            best[thing] = score, text

    def _suggestions(self, best: Met, tail: Tail, lang: str, shares: Shares) -> list[Suggestion]:
        typed = next(
            (word for word in reversed(tail.words) if len(word) >= _SHORTEST_LATER), tail.words[-1]
        )
        led, words = -_LED if tail.led else _OPENS * (tail.start == 0), tail.weight
        scored = []
        for thing, (score, name) in best.items():
            label = self._labels[thing.term.label(lang)]
            in_label = (f" {label}".count(f" {typed}")) / (label.count(" ") + 1)
            score += _FREQUENT * shares.get(thing.value, 0.0) + _LABEL_SHARE * in_label
            scored.append((score, thing, name))
        scored.sort(key=lambda one: -one[0])
        return [
            _suggestion(thing, name, tail, lang, score + led + _WORD * (words - 1))
            for score, thing, name in scored[:MAX_THINGS]
        ]


def _telling(typed: str) -> int:
    """How many of some words are long enough to tell something."""
    return sum(len(word) >= _SHORTEST_LATER for word in typed.split())


def _keyed(texts: list[str]) -> tuple[list[str], list[tuple[int, bool]], list[str]]:
    """The keys of names, sorted, each with the number of its name; the words of each name's own."""
    keys = {text: sorted(keys_of(text)) for text in texts}
    found = sorted((key, at, later) for at, text in enumerate(texts) for key, later in keys[text])
    own = [" ".join(own_words(text)) for text in texts]
    return [key for key, _, _ in found], [(at, later) for _, at, later in found], own


def _things(vocabulary: Vocabulary) -> Iterator[Thing]:
    for sector in vocabulary.sectors.values():
        yield Thing(
            "sector", "sector", sector.value, sector, vocabulary.sector_groups.get(sector.group)
        )
    for group in vocabulary.sector_groups.values():
        yield Thing("sector", "sector", group.value, group)
    for kind in vocabulary.kinds.values():
        yield Thing("kind", "kind", kind.value, kind, vocabulary.kind_groups.get(kind.group))
    for kinds in vocabulary.kind_groups.values():
        yield Thing("kind", "kind_group", kinds.value, kinds)
    for family in vocabulary.families.values():
        yield Thing("kind", "kind", ",".join(family.kinds), family)


def _names(thing: Thing) -> Iterator[tuple[str, str]]:
    """(language, name); a kind's code is of every language."""
    if thing.parameter == "kind" and thing.above:
        yield "", thing.value
    for lang in LANGS:
        if label := thing.term.labels.get(lang):
            yield lang, label
        yield from ((lang, name) for name in thing.term.synonyms.get(lang, ()))


def _prior(thing: Thing, text: str, lang: str) -> float:
    prior = (_KIND if thing.type == "kind" else _SECTOR) - _PER_CHARACTER * min(50, len(text))
    return prior - _NOT_THE_LABEL * bool(lang and text != thing.term.labels.get(lang))


def _suggestion(thing: Thing, name: str, tail: Tail, lang: str, score: float) -> Suggestion:
    label = thing.term.label(lang)
    return Suggestion(
        type=thing.type,
        value=thing.value,
        label=label,
        detail=thing.above.label(lang) if thing.above else "",
        name=name,
        start=tail.start,
        score=score,
        parameter=thing.parameter,
        matched=None if name == label else name,
    )


MAX_CODES = 4
_SHORTEST_CODE = 3
"""Digits: two are a department's."""
_TYPED = re.compile(
    r"(?:^|\s)(?P<lead>(?:CPV|NAF|APE)[\s:]*)?(?P<code>\d{3,8}|\d{2}\.\d{0,2}[A-Z]?|\d{4}[A-Z])$",
    re.I,
)
_POST_CODE = 5
_SAID, _DIGIT = 0.2, 0.02
"""Added to a code said to be one, and taken for each digit that is still to be typed."""


def codes_met(q: str, codes: Codes, vocabulary: Vocabulary, lang: str) -> list[Suggestion]:
    """The codes that begin with what stands at the end of a phrase, broadest first; only those that
    lead to sectors.

    In a phrase a number is a quantity, and five digits alone are a post code, unless "CPV" is said.
    """
    typed = _TYPED.search(q)
    if (
        typed is None
        or len(bare(typed["code"])) < _SHORTEST_CODE
        or not (typed["lead"] or q.strip() == typed["code"])
    ):
        return []
    digits, lead = bare(typed["code"]), (typed["lead"] or "").upper()
    dotted = "." in typed["code"]
    found: list[tuple[float, Classification, str, str]] = []
    if (
        digits.isdigit()
        and not dotted
        and lead[:3] in ("", "CPV")
        and (lead or len(digits) != _POST_CODE)
    ):
        found += [
            (_code_fit(code.rstrip("0"), digits, lead), "cpv", code, label)
            for code, label in _cpv(digits, lang)
        ]
    if lead[:3] != "CPV":
        starting = (one for one in vocabulary.naf.items() if one[0].startswith(digits))
        found += [
            (_code_fit(code, digits, lead or dotted), "naf", code, term.label(lang))
            for code, term in starting
        ]
    suggested: list[Suggestion] = []
    terms = vocabulary.terms("sector")
    for score, kind, code, label in sorted(found, key=lambda one: -one[0]):
        meaning = meaning_of(kind, code, codes, vocabulary)
        sectors = (
            terms.get(slug) for slug in (meaning.sectors if meaning else ())
        )  # related ones are not said
        if detail := ", ".join(term.label(lang) for term in sectors if term):  # those that are open
            name, start = f"{kind.upper()} {code}", typed.start("lead" if lead else "code")
            suggested.append(
                Suggestion("code", code, f"{code} {label}", detail, name, start, score, kind)
            )
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


_SUPPLIER, _COMPLETE = 0.1, 0.2
"""Of the score: for any supplier, and in proportion to its profile's completeness."""


def suppliers_met(
    q: str, found: Iterable[Document], gazetteer: Gazetteer, words: int, fit: Fit | None = None
) -> Iterator[Suggestion]:
    """One for each document; the whole phrase, of so many `words`, is its name in the making. `fit`
    None = by its names.
    """
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
            score=own
            + _SUPPLIER
            + _COMPLETE * document.get("completeness", 0) / 100
            + _WORD * (words - 1),
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
_SHORTEST_TYPO = 4
"""Letters typed below which no typo is read through."""


class SuggestService:
    """Shared by threads: it holds but what is built once, and how frequent sectors are in one state
    of the index.
    """

    def __init__(
        self,
        engine: SearchEngine,
        mappings: Mappings,
        gazetteer: Gazetteer,
        launch: LaunchScope = EVERYTHING,
    ) -> None:
        """`launch`: what is open; nothing else is suggested."""
        self._engine = engine
        self._vocabulary = launch.narrowed(mappings.vocabulary)
        self._grammar = mappings.grammar
        self._codes = mappings.codes
        self._gazetteer = gazetteer
        self._launch = launch
        self._frequent, self._named_places = Facts(), Facts()

    def suggest(
        self,
        q: str,
        *,
        types: Collection[str] = TYPES,
        limit: int = LIMIT,
        lang: str = "fr",
        scope: Sequence[Filters] = (),
    ) -> list[Suggestion]:
        """The likeliest first, those of one type side by side. Raises EngineUnavailable unless only
        places are asked for.

        `scope`: as a search request's, for the suppliers, beside what is open.
        """
        with self._engine.searcher() as index:
            found = best(self._found(index, q, types, lang, (*self._launch.filters, *scope)), limit)
        return [
            replace(one, detail=self._places.detail(one.value, lang))
            if one.type == "place"
            else one
            for one in found
        ]

    def _found(
        self, index: Searcher, q: str, types: Collection[str], lang: str, scope: Sequence[Filters]
    ) -> list[Suggestion]:
        ends = list(tails(q, self._grammar))
        found = list(self._met(index, ends, types, lang))
        if "code" in types:
            found += codes_met(q, self._codes, self._vocabulary, lang)
        if "supplier" in types:
            found += self._suppliers(index, q.strip(), scope, ends[0].weight if ends else 1)
        return found

    def _met(
        self, index: Searcher, ends: Sequence[Tail], types: Collection[str], lang: str
    ) -> Iterator[Suggestion]:
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
            yield from (self._places.near if typos else self._places.met)(tail, lang)
        if "sector" in types or "kind" in types:
            things = (self._things.near if typos else self._things.met)(tail, lang, shares)
            yield from (one for one in things if one.type in types)

    def _suppliers(
        self, index: Searcher, q: str, scope: Sequence[Filters], words: int
    ) -> Iterator[Suggestion]:
        if len(q) < 2:
            return
        found = self._named(index, q, scope)
        if found:
            yield from suppliers_met(q, found, self._gazetteer, words)
        else:
            yield from suppliers_met(
                q, self._misspelt(index, q, scope), self._gazetteer, words, Fit.NEAR
            )

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

        def count() -> Shares:
            asked = SearchRequest(
                size=0, facets=("sector", "sector_group"), scope=self._launch.filters
            )
            facets = index.search(asked).facets
            counts = {**facets["sector"], **facets["sector_group"]}
            most = math.log1p(max(counts.values(), default=1))
            return {value: math.log1p(count) / most for value, count in counts.items()}

        return self._frequent.of(index.status().generation, (), count)

    @property
    def _places(self) -> Places:
        """Made again when analysts' areas have changed."""
        return self._named_places.of(
            self._gazetteer.edition, (), lambda: Places(self._gazetteer, self._launch)
        )

    @cached_property
    def _things(self) -> Things:
        return Things(self._vocabulary)
