"""What a deployment has opened so far: a part of the country, a part of the trades, or all. Pure.

`DISCOVERY_SCOPE` names it with parameters of the API, `region=84,93 department=75
sector=hygiene-et-proprete`. The index keeps everything: the filters made here are asked for
besides, so that widening is a setting and not a rebuild.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TypeVar

from discovery.engine.port import Document, Filters
from discovery.engine.predicate import in_scope
from discovery.mappings import SettingsError
from discovery.mappings.vocabulary import LANGS, Term, Vocabulary
from discovery.model import dataclass, field, replace
from discovery.phrase.spelling.names import close_values
from discovery.places import Gazetteer, Place

T = TypeVar("T")

VARIABLE = "DISCOVERY_SCOPE"
PARAMETERS = ("region", "department", "sector")
SYNTAX = "region=84,93 department=75 sector=hygiene-et-proprete"

Named = Mapping[str, tuple[str, ...]]
"""Parameter → its values, as the setting names them."""


@dataclass(frozen=True, slots=True)
class LaunchScope:
    """Suppliers seated in a named region or department, with an activity in a named sector or
    group.

    `named`: by parameter; empty = everything is open. `filters`: what finds these suppliers.
    `opened`: by parameter, the values that have some of them, whole groups and regions or parts;
    one that is absent is open altogether. `labels`: by language, "Hygiène et propreté · Bretagne".
    """

    named: Named = field(default_factory=dict)
    filters: tuple[Filters, ...] = ()
    opened: Mapping[str, frozenset[str]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """As the setting is written."""
        return " ".join(f"{name}={','.join(values)}" for name, values in self.named.items())

    def label(self, lang: str) -> str:
        """What is open, in words for people; "" when everything is."""
        return self.labels.get(lang, "")

    def holds(self, document: Document) -> bool:
        return not self.filters or in_scope(document, self.filters)

    def opens(self, parameter: str, value: str) -> bool:
        """Whether a value of a filter has suppliers here, as far as the scope tells."""
        values = self.opened.get(parameter)
        return values is None or value in values

    def only(self, parameter: str, values: Mapping[str, T]) -> Mapping[str, T]:
        """The entries of `values` (value → anything) that the scope opens for this filter."""
        if parameter not in self.opened:
            return values
        return {value: held for value, held in values.items() if self.opens(parameter, value)}

    def covers(self, place: Place, gazetteer: Gazetteer) -> bool:
        """Whether some of a place is open; the country always is."""
        if place.type in ("region", "department"):
            return self.opens(place.type, place.code)
        if place.type == "country" or not self.opened:
            return True
        if grouping := gazetteer.grouping(place):
            return any(
                self.opens("department", code) for code in gazetteer.departments_in(grouping)
            )
        held = [code for code in gazetteer.ancestors(place) if code.startswith("department:")]
        return any(self.opens("department", code.partition(":")[2]) for code in held)

    def narrowed(self, vocabulary: Vocabulary) -> Vocabulary:
        """The vocabulary without the sectors and groups that are closed."""
        return replace(
            vocabulary,
            sectors=self.only("sector", vocabulary.sectors),
            sector_groups=self.only("sector", vocabulary.sector_groups),
        )


EVERYTHING = LaunchScope()


def read(text: str, vocabulary: Vocabulary, gazetteer: Gazetteer) -> LaunchScope:
    """Parse DISCOVERY_SCOPE ("region=84,93 sector=traiteur"); `EVERYTHING` for an empty text.
    Raises SettingsError with all that is wrong.
    """
    faults: list[str] = []
    named = _named(text, vocabulary, gazetteer, faults)
    faults += _doubtful(named, gazetteer)
    if faults:
        raise SettingsError("\n".join(f"{VARIABLE}: {fault}" for fault in faults))
    if not named:
        return EVERYTHING
    return LaunchScope(
        named,
        (_filters(named, gazetteer),),
        dict(_opened(named, vocabulary, gazetteer)),
        {lang: _label(named, vocabulary, gazetteer, lang) for lang in LANGS},
    )


def _named(text: str, vocabulary: Vocabulary, gazetteer: Gazetteer, faults: list[str]) -> Named:
    found: dict[str, tuple[str, ...]] = {}
    for part in re.split(r"[\s&]+", text.strip()):
        name, equals, values = part.partition("=")
        if not part:
            continue
        if not equals or name not in PARAMETERS:
            faults.append(
                f"“{part}” is none of {', '.join(f'{one}=…' for one in PARAMETERS)}; write it as {SYNTAX}"
            )
            continue
        asked = [value for value in values.split(",") if value]
        if not asked:
            faults.append(
                f"{name}= names nothing; remove it to open all of them, or write it as {SYNTAX}"
            )
        known = names(held(name, vocabulary, gazetteer))
        read = [_value(name, value, known, faults) for value in asked]
        found[name] = tuple(
            dict.fromkeys((*found.get(name, ()), *(value for value in read if value)))
        )
    return {name: found[name] for name in PARAMETERS if found.get(name)}


def held(parameter: str, vocabulary: Vocabulary, gazetteer: Gazetteer) -> Mapping[str, Term | str]:
    """Valid values of a filter, each with what tells its names."""
    if parameter == "department":
        return {one.code: one.name for one in gazetteer.departments()}
    if parameter == "region":
        return {one.code: one.name for one in gazetteer.regions()}
    return vocabulary.terms(parameter)


def called(one: Term | str) -> tuple[str, ...]:
    """The names of a value."""
    return (one,) if isinstance(one, str) else one.names()


def names(values: Mapping[str, Term | str]) -> dict[str, tuple[str, ...]]:
    """What people may type for each value: thousands of names, told only to whom no value is known."""
    return {value: (value, *called(one)) for value, one in values.items()}


def _value(
    parameter: str, value: str, known: Mapping[str, tuple[str, ...]], faults: list[str]
) -> str | None:
    """The value as the lists spell it; a name is not taken for its code, it is told."""
    spelt = next((code for code in known if code.casefold() == value.casefold()), None)
    if spelt is None:
        near = [
            f"{code} ({known[code][1]})" if len(known[code]) > 1 else code
            for code in close_values(value, known)
        ]
        meant = f"; perhaps {', '.join(near)}" if near else ""
        faults.append(f"{parameter}={value} does not exist{meant}")
    return spelt


def _doubtful(named: Named, gazetteer: Gazetteer) -> Iterator[str]:
    """Regions and departments add up, while parameters of a search narrow each other: one within
    another could mean either.
    """
    for code in named.get("department", ()):
        department = gazetteer.department(code)
        if department and department.region in named.get("region", ()):
            yield (
                f"department={code} ({department.name}) lies in region={department.region}: remove the department to "
                "open all of the region, or the region to open the department alone"
            )


def _filters(named: Named, gazetteer: Gazetteer) -> Filters:
    """The values of one filter are alternatives, two filters are not: regions beside departments
    become theirs.
    """
    departments = _territory(named, gazetteer) if "department" in named else ()
    region = () if departments else named.get("region", ())
    return Filters(sector=named.get("sector", ()), department=departments, region=region)


def _territory(named: Named, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Codes of every department that is open."""
    held = (
        one.code for region in named.get("region", ()) for one in gazetteer.departments_of(region)
    )
    return tuple(dict.fromkeys((*held, *named.get("department", ()))))


def _opened(
    named: Named, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> Iterator[tuple[str, frozenset[str]]]:
    if "region" in named or "department" in named:
        territory = _territory(named, gazetteer)
        yield "department", frozenset(territory)
        yield "region", frozenset(one.region for one in map(gazetteer.department, territory) if one)
    if slugs := named.get("sector"):
        held = [
            one for one in vocabulary.sectors.values() if one.value in slugs or one.group in slugs
        ]  # a group of which one sector is open has suppliers too
        yield "sector", frozenset(slugs) | {one.value for one in held} | {one.group for one in held}


def _label(named: Named, vocabulary: Vocabulary, gazetteer: Gazetteer, lang: str) -> str:
    """Trades, then places, each as named; a sector whose group is named besides says nothing more."""
    slugs: Collection[str] = named.get("sector", ())
    terms, sectors = vocabulary.terms("sector"), vocabulary.sectors
    trades = [
        terms[slug].label(lang)
        for slug in slugs
        if slug not in sectors or sectors[slug].group not in slugs
    ]
    places = [
        gazetteer.label(f"{name}:{code}", lang)
        for name in ("region", "department")
        for code in named.get(name, ())
    ]
    return " · ".join(", ".join(part) for part in (trades, places) if part)
