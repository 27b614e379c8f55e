"""The grammar of phrases that analysts own: one file of `mappings/grammar/` for each class here, a section a field.

The lists hold what ties pieces together or says nothing of the trade; what pieces are called is the vocabulary's and
the gazetteer's. What each section means stands in its file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from discovery.config.grammar_fields import Deed, Phrases, Reading, SpeltList, Words

Strength = Literal["strong", "area", "weak", "of"]
Spelt = frozenset[str]
"""Words whose accents count."""


def _spelt() -> Any:
    return field(metadata={"form": SpeltList})


@dataclass(frozen=True, slots=True)
class Connectives:
    listing: frozenset[str]
    articles: frozenset[str]
    of: frozenset[str]
    openers: Phrases
    fragile_openers: Phrases
    after_opener: frozenset[str]
    trailing: frozenset[str]
    leading: frozenset[str]
    leading_phrases: Phrases
    indefinite: frozenset[str]
    bounds: frozenset[str]
    purposes: frozenset[str]
    governing: frozenset[str]
    rooms: Phrases
    fleets: frozenset[str]
    possessives: frozenset[str]
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Courtesy:
    opening: Phrases
    closing: Phrases
    signing: Phrases


@dataclass(frozen=True, slots=True)
class Negation:
    negations: Phrases
    after: Phrases
    skipped: frozenset[str]
    ingredients: Phrases
    prefixes: Phrases
    denies_nothing: Phrases


@dataclass(frozen=True, slots=True)
class Places:
    focus: Phrases
    strong: Phrases
    area: Phrases
    weak: Phrases
    weak_focus: Phrases
    numbered: Phrases
    postal: Phrases
    surroundings: Phrases
    town_parts: Phrases
    made: frozenset[str]
    homonyms: frozenset[str]
    ordinary_towns: frozenset[str]
    ordinary_towns_en: frozenset[str]
    ambiguous_short: frozenset[str]
    district_ordinals: frozenset[str]
    district_words: frozenset[str]
    hint_links: Phrases
    bodies: Phrases
    body_endings: frozenset[str]
    streets: frozenset[str]
    numbered_streets: frozenset[str]
    street_numbers: frozenset[str]
    sites: Phrases
    named_after: frozenset[str]
    authorities: Phrases
    never_names: Spelt = _spelt()


@dataclass(frozen=True, slots=True)
class National:
    phrases: Phrases
    adjectives: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Distances:
    units: Mapping[Words, float]
    between_only: frozenset[str]
    before: frozenset[str]
    after: Phrases
    leads_to_centre: frozenset[str]
    durations: Mapping[Words, float]
    speeds: Mapping[Words, float]
    by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Numbers:
    numerals: Mapping[Words, float]
    rough: Mapping[Words, float]
    parts: Mapping[Words, float]
    linked_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Quantities:
    people: frozenset[str]
    things: frozenset[str]
    measures: Phrases
    surfaces: Phrases
    counted_by: frozenset[str]
    to: frozenset[str]
    sized_by: frozenset[str]
    surface_leads: Phrases
    before_number: frozenset[str]


@dataclass(frozen=True, slots=True)
class Frequencies:
    times: frozenset[str]
    periods: frozenset[str]
    every: Phrases
    per: Phrases
    out_of: frozenset[str]
    phrases: Phrases


@dataclass(frozen=True, slots=True)
class Budgets:
    currencies: frozenset[str]
    multiples: frozenset[str]
    before: Phrases
    after: Phrases
    phrases: Phrases
    nouns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dates:
    months: frozenset[str]
    days: frozenset[str]
    before: Phrases
    links: Phrases
    ordinals: frozenset[str]
    after: frozenset[str]
    durations: frozenset[str]
    hours: frozenset[str]
    delays: Phrases
    phrases: Phrases


@dataclass(frozen=True, slots=True)
class References:
    lots: frozenset[str]
    signs: frozenset[str]
    documents: Phrases
    classifications: frozenset[str]
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Legal:
    phrases: Phrases
    articles: Mapping[str, tuple[str, ...]]
    article_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Suppliers:
    words: Phrases
    after: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outside:
    names: Phrases
    missions: Phrases
    buying: frozenset[str]
    done_to: frozenset[str]
    machines: Phrases

    @property
    def all(self) -> frozenset[Words]:
        """Every name of what is outside, missions included."""
        return self.names.all | self.missions.all


@dataclass(frozen=True, slots=True)
class Neighbours:
    given: frozenset[str]
    called: Phrases
    worked_on: Phrases
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Deeds:
    things: Mapping[str, Phrases]
    deeds: tuple[Deed, ...]


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
    deeds: Deeds
    introducers: Mapping[Words, Strength] = field(init=False)
    """What may stand before a place. `strong`: any commune follows; `area`: a department, region or the country;
    `weak`: adds nothing to a name that would stand alone; `of`: no place follows, unless something else says so."""
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

    def __post_init__(self) -> None:
        places = self.places
        introducers: dict[Words, Strength] = {
            **dict.fromkeys(((word,) for word in self.connectives.of), "of"),
            **dict.fromkeys(places.weak, "weak"),
            **dict.fromkeys(places.area, "area"),
            **dict.fromkeys(places.strong, "strong"),
            **dict.fromkeys(places.focus, "strong"),
            **dict.fromkeys(places.weak_focus, "weak"),
        }
        quantities = self.quantities
        units = quantities.people | quantities.things | self.dates.durations
        units |= self.budgets.currencies | self.budgets.multiples | self.frequencies.times | self.distances.between_only
        units |= {
            words[0]
            for words in (*quantities.measures, *quantities.surfaces, *self.distances.units, *self.distances.durations)
        }
        object.__setattr__(self, "introducers", introducers)
        object.__setattr__(self, "introducer_ends", frozenset(words[-1] for words in introducers))
        object.__setattr__(self, "longest_introducer", max(map(len, introducers), default=0))
        object.__setattr__(self, "date_leads", self.dates.before | self.dates.delays)
        object.__setattr__(self, "units", units)
        numbers = self.numbers
        first = frozenset(words[0] for words in (*numbers.numerals, *numbers.rough))
        object.__setattr__(self, "number_words", first)
        object.__setattr__(self, "part_words", frozenset(words[0] for words in numbers.parts))

    def is_focus(self, introducer: Words) -> bool:
        """Whether words that lead to a place say that it only ranks ("près de")."""
        return introducer in self.places.focus or introducer in self.places.weak_focus
