"""The grammar of phrases that analysts own: one file of `mappings/grammar/` for each class here, a
section a field.

The lists hold what ties pieces together or says nothing of the trade; what pieces are called is the
vocabulary's and the gazetteer's. What each section means stands in its file.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, get_type_hints

from discovery.declared import declared
from discovery.mappings.phrases import (
    NumberOf,
    Phrases,
    PhraseSet,
    Reading,
    SpeltSet,
    ValuesOf,
    Words,
    WordSet,
)
from discovery.model import dataclass, field, fields

Strength = Literal["strong", "area", "weak", "of"]
_SECTIONS = {
    "required": "is missing: give the list, [] for none",
    "null": "is empty: write [] for none",
    "unknown": "is no section of this file: misspelt, or of another version; take it out",
}


@declared(messages=_SECTIONS)
class Connectives:
    listing: WordSet
    articles: WordSet
    of: WordSet
    openers: PhraseSet
    fragile_openers: PhraseSet
    after_opener: WordSet
    trailing: WordSet
    leading: WordSet
    leading_phrases: PhraseSet
    indefinite: WordSet
    bounds: WordSet
    purposes: WordSet
    governing: WordSet
    rooms: PhraseSet
    works: PhraseSet
    possessives: WordSet
    members: WordSet


@declared(messages=_SECTIONS)
class Courtesy:
    opening: PhraseSet
    closing: PhraseSet
    signing: PhraseSet


@declared(messages=_SECTIONS)
class Negation:
    negations: PhraseSet
    after: PhraseSet
    skipped: WordSet
    ingredients: PhraseSet
    prefixes: PhraseSet
    denies_nothing: PhraseSet


@declared(messages=_SECTIONS)
class Places:
    focus: PhraseSet
    strong: PhraseSet
    area: PhraseSet
    weak: PhraseSet
    weak_focus: PhraseSet
    numbered: PhraseSet
    postal: PhraseSet
    surroundings: PhraseSet
    town_parts: PhraseSet
    made: WordSet
    homonyms: WordSet
    ordinary_towns: WordSet
    ordinary_towns_en: WordSet
    inner_words: WordSet
    ambiguous_short: WordSet
    district_ordinals: WordSet
    district_words: WordSet
    hint_links: PhraseSet
    body_endings: WordSet
    streets: WordSet
    numbered_streets: WordSet
    street_numbers: WordSet
    named_after: WordSet
    authorities: PhraseSet
    buyers: WordSet
    never_names: SpeltSet


@declared(messages=_SECTIONS)
class National:
    phrases: PhraseSet
    adjectives: WordSet
    names: WordSet


@declared(messages=_SECTIONS)
class Distances:
    units: NumberOf
    between_only: WordSet
    of_work: WordSet
    along: WordSet
    before: WordSet
    after: PhraseSet
    leads_to_centre: WordSet
    durations: NumberOf
    driven: WordSet
    speeds: NumberOf
    by: WordSet


@declared(messages=_SECTIONS)
class Numbers:
    numerals: NumberOf
    rough: NumberOf
    parts: NumberOf
    linked_by: WordSet


@declared(messages=_SECTIONS)
class Quantities:
    people: WordSet
    things: WordSet
    measures: PhraseSet
    surfaces: PhraseSet
    counted_by: WordSet
    to: WordSet
    sized_by: WordSet
    surface_leads: PhraseSet
    before_number: WordSet


@declared(messages=_SECTIONS)
class Frequencies:
    times: WordSet
    periods: WordSet
    every: PhraseSet
    per: PhraseSet
    out_of: WordSet
    phrases: PhraseSet


@declared(messages=_SECTIONS)
class Budgets:
    currencies: WordSet
    multiples: WordSet
    before: PhraseSet
    after: PhraseSet
    phrases: PhraseSet
    nouns: WordSet


@declared(messages=_SECTIONS)
class Dates:
    months: WordSet
    days: WordSet
    before: PhraseSet
    links: PhraseSet
    ordinals: WordSet
    after: WordSet
    durations: WordSet
    hours: WordSet
    delays: PhraseSet
    phrases: PhraseSet


@declared(messages=_SECTIONS)
class References:
    lots: WordSet
    signs: WordSet
    documents: PhraseSet
    classifications: WordSet
    codes: WordSet


@declared(messages=_SECTIONS)
class Legal:
    phrases: PhraseSet
    articles: ValuesOf
    article_words: WordSet


@declared(messages=_SECTIONS)
class Suppliers:
    words: PhraseSet
    after: WordSet


@declared(messages=_SECTIONS)
class Outside:
    names: PhraseSet
    missions: PhraseSet
    buying: WordSet
    done_to: WordSet
    machines: PhraseSet

    @property
    def all(self) -> frozenset[Words]:
        return self.names.all | self.missions.all


@declared(messages=_SECTIONS)
class Neighbours:
    given: WordSet
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """Compared by identity: a reload makes another."""

    connectives: Connectives
    courtesy: Courtesy
    negation: Negation
    places: Places
    national: National
    distances: Distances
    numbers: Numbers
    quantities: Quantities
    frequencies: Frequencies
    budgets: Budgets
    dates: Dates
    references: References
    legal: Legal
    suppliers: Suppliers
    outside: Outside
    neighbours: Neighbours
    introducers: Mapping[Words, Strength] = field(init=False)
    """What may stand before a place. `strong`: any commune follows; `area`: a department, region or
    the country; `weak`: adds nothing to a name that would stand alone; `of`: no place follows,
    unless something else says so.
    """
    longest_introducer: int = field(init=False)
    introducer_ends: frozenset[str] = field(init=False)
    """Last words of introducers."""
    date_leads: Phrases = field(init=False)
    units: frozenset[str] = field(init=False)
    """After a number, they make it a quantity."""
    number_words: frozenset[str] = field(init=False)
    """First words of numbers in letters."""
    part_words: frozenset[str] = field(init=False)
    """First words of parts of a number: "demi"."""
    readings: Mapping[str, list[Reading]] = field(init=False)
    """Of neighbours, by the first word of their names."""

    def __post_init__(self) -> None:
        places, readings = self.places, dict[str, list[Reading]]()
        for reading in self.neighbours.readings:
            for word in reading.names.after:
                readings.setdefault(word, []).append(reading)
        object.__setattr__(self, "readings", readings)
        introducers: dict[Words, Strength] = dict.fromkeys(
            ((word,) for word in self.connectives.of), "of"
        )
        introducers.update(dict.fromkeys(places.weak, "weak"))
        introducers.update(dict.fromkeys(places.area, "area"))
        introducers.update(dict.fromkeys((*places.strong, *places.focus), "strong"))
        introducers.update(dict.fromkeys(places.weak_focus, "weak"))
        quantities = self.quantities
        units = quantities.people | quantities.things | self.dates.durations
        units |= (
            self.budgets.currencies
            | self.budgets.multiples
            | self.frequencies.times
            | self.distances.between_only
        )
        units |= {
            words[0]
            for words in (
                *quantities.measures,
                *quantities.surfaces,
                *self.distances.units,
                *self.distances.durations,
            )
        }
        object.__setattr__(self, "introducers", introducers)
        object.__setattr__(self, "introducer_ends", frozenset(words[-1] for words in introducers))
        object.__setattr__(self, "longest_introducer", max(map(len, introducers), default=0))
        object.__setattr__(self, "date_leads", self.dates.before | self.dates.delays)
        object.__setattr__(self, "units", units)
        first = frozenset(words[0] for words in (*self.numbers.numerals, *self.numbers.rough))
        object.__setattr__(self, "number_words", first)
        object.__setattr__(self, "part_words", frozenset(words[0] for words in self.numbers.parts))

    def is_focus(self, introducer: Words) -> bool:
        """Whether words that lead to a place say that it only ranks ("près de")."""
        return introducer in self.places.focus or introducer in self.places.weak_focus


@cache
def sections() -> Mapping[str, type[Any]]:
    """File of the grammar → its class."""
    hints = get_type_hints(Grammar)
    return {item.name: hints[item.name] for item in fields(Grammar) if item.init}
