"""The vocabulary analysts own: what kinds, sectors, certifications… exist, and every name they go by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from discovery.config.own_words import OwnWords
from discovery.schema.attributes import LISTS

Lang = Literal["fr", "en"]
LANGS: tuple[Lang, ...] = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a closed list. `value` is what files, parameters and the index hold (a code or slug)."""

    value: str
    labels: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]

    def label(self, lang: str = "fr") -> str:
        """What it is called, in French where the other language has no name."""
        return self.labels.get(lang) or self.labels["fr"]

    def names(self) -> tuple[str, ...]:
        """Every label and synonym, both languages, French first, without repetition."""
        found = dict.fromkeys(label for lang in LANGS if (label := self.labels.get(lang)))
        for lang in LANGS:
            found.update(dict.fromkeys(self.synonyms.get(lang, ())))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Kind(Term):
    """A legal kind of supplier. `group`: insertion or handicap. `clause_sociale`: counts for a social clause.

    `short`: what it is; `for_buyers`: what a buyer gets from it. One sentence each, for people who know no acronym.
    """

    group: str
    clause_sociale: bool
    short: Mapping[str, str]
    for_buyers: Mapping[str, str]
    plural: Mapping[str, str]

    def about(self, lang: str = "fr") -> str:
        """What the kind is and what that means for buyers, two sentences."""
        return f"{self.short[lang]} {self.for_buyers[lang]}"


@dataclass(frozen=True, slots=True)
class Family(Term):
    """A name for several kinds that is not their group: "IAE"."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instead:
    """Kinds that mean the same as some names of a service type, for indices whose records tell no service types."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceType(Term):
    """A way to buy: staffing, services, goods."""

    instead: tuple[Instead, ...]


@dataclass(frozen=True, slots=True)
class Sector(Term):
    """A trade, within its group."""

    group: str


@dataclass(frozen=True, slots=True)
class Certification(Term):
    """A label. `proof`: whether somebody checked how its holder works, so that it counts where suppliers are ranked."""

    proof: bool = True


@dataclass(frozen=True, slots=True)
class Origin(Term):
    """Where facts come from. `licence`: a code of SPDX under which they may be published again; "" = not known.
    `certification`: which one a supplier holds because the source, a list of its holders, names it."""

    licence: str = ""
    certification: str = ""


@dataclass(frozen=True, slots=True)
class Naf(Term):
    """A registered activity code (NAF rev. 2, without its dot) and the sectors that it points to."""

    sectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence(Term):
    """What tells of trades: how sure (0 to 1) a code is of the sectors it means, and of those it is related to."""

    strength: float
    related: float


@dataclass(frozen=True, slots=True)
class Band(Term):
    """A band of employees, bounds included; `maximum` None = no upper bound."""

    minimum: int
    maximum: int | None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Each mapping goes from value to term, in the order of the files (the order of presentation)."""

    kinds: Mapping[str, Kind]
    hidden_kinds: frozenset[str]
    kind_groups: Mapping[str, Term]
    families: Mapping[str, Family]
    sector_groups: Mapping[str, Term]
    sectors: Mapping[str, Sector]
    certifications: Mapping[str, Certification]
    networks: Mapping[str, Term]
    service_types: Mapping[str, ServiceType]
    territories: Mapping[str, Term]
    legal_forms: Mapping[str, Term]
    employees: Mapping[str, Band]
    naf: Mapping[str, Naf]
    evidence: Mapping[str, Evidence]
    sources: Mapping[str, Origin]
    presumed_km: Mapping[str, int]
    """By kind, how far a supplier is presumed to go for an activity whose zone it does not declare."""
    own_words: OwnWords = OwnWords()
    """Words by which a supplier that declares no activity tells its trade."""
    more: Mapping[str, Mapping[str, Term]] = field(default_factory=dict)
    """Lists of attributes that no field above holds, by name."""

    def sectors_of(self, group: str) -> Iterator[Sector]:
        """The sectors of a group (its slug)."""
        return (sector for sector in self.sectors.values() if sector.group == group)

    def kinds_of(self, group: str) -> Iterator[Kind]:
        """The kinds of a group (`insertion`, `handicap`)."""
        return (kind for kind in self.kinds.values() if kind.group == group)

    def terms(self, parameter: str) -> Mapping[str, Term]:
        """The closed list behind an API parameter; `sector` is groups and sectors. Raises KeyError for an open one."""
        if parameter == "sector":
            return {**self.sector_groups, **self.sectors}
        name = "sector_groups" if parameter == "sector_group" else LISTS[parameter]
        found: Mapping[str, Term] = self.more[name] if name in self.more else getattr(self, name)
        return found

    def band_of(self, employees: int | None) -> str | None:
        """The employees band that holds a number of people; None when unknown or zero."""
        if employees is None:
            return None
        for band in self.employees.values():
            if band.minimum <= employees and (band.maximum is None or employees <= band.maximum):
                return band.value
        return None
