"""The vocabulary analysts own: what kinds, sectors, certifications… exist, and every name they go
by.
"""

from collections import ChainMap, Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal

from marshmallow import ValidationError
from marshmallow.validate import Length, Range, Regexp

from discovery.declared import Filled, Sentence, Share, Slug, Why, about, declared
from discovery.mappings.phrases import WORD, fold, folded_words
from discovery.model import dataclass, field
from discovery.model.attributes import LISTS, WORDS

_GOES_ON = "*"
_LETTERS = 3
"""By which the words that may begin at one are found: of a few hundred, some ten."""


_Words = Annotated[str, Regexp(r"^[^*]*\w[^*]*\*?$", error="words; a `*` at the end at most")]


@declared(why=Why)
class Told:
    """Some words, and the sectors that each of them tells; none where they only look as if they
    told one. `names_only`: not in other texts, which say them in passing.
    """

    words: Annotated[tuple[_Words, ...], Length(min=1)] = about(
        "Whole words; a `*` at the end: whatever goes on."
    )
    sectors: tuple[str, ...] = about("Slugs of sectors; may be empty.")
    names_only: bool = about("Not in texts, which say them in passing.", default=False)


_Known = tuple[tuple[str, ...], str | None, Told]
"""Words that stand whole, how the last one begins where it may go on, and what they tell."""


@declared(complete=True, slots=False)
class OwnWords:
    """What words tell, in the order of the file."""

    told: tuple[Told, ...] = about(key="own_words", default=())

    def parsed(self) -> "OwnWords":
        """Refuse a word that stands twice: which of its trades is meant?"""
        given = Counter(written(word) for entry in self.told for word in entry.words)
        if twice := [word for word, number in given.items() if number > 1]:
            raise ValidationError(
                f"{', '.join(twice)}: given twice, keep one with all its sectors", "own_words"
            )
        return self

    def of(self, text: str, *, name: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What is told by a text, in its order: the words, as they stand there, and their sectors.
        The longest that begin at a word win, and no word is read twice. `name`: the text is a name.
        """
        spoken = [*WORD.finditer(text)] if self.told else []
        words = tuple(fold(word.group()) for word in spoken)
        at = 0
        while at < len(words):
            size, one = self._longest(words, at)
            if one is not None and one.sectors and (name or not one.names_only):
                quoted = text[spoken[at].start() : spoken[at + size - 1].end()]
                yield " ".join(quoted.split()), one.sectors
            at += size

    def _longest(self, words: tuple[str, ...], at: int) -> tuple[int, Told | None]:
        """How many words tell something from there on, and what; one word that tells nothing where
        none do.
        """
        letters, by_start = self._by_start
        for whole, last, one in by_start.get(words[at][:letters], ()):
            end = at + len(whole)
            if words[at:end] == whole:
                if last is None:
                    return len(whole), one
                more = words[end] if end < len(words) else ""
                if more.startswith(last) and more.isascii():
                    return len(whole) + 1, one
        return 1, None

    @cached_property
    def _by_start(self) -> tuple[int, Mapping[str, Sequence[_Known]]]:
        """All words by so many first letters, the longest first."""
        each = [(written(word), one) for one in self.told for word in one.words]
        each.sort(key=lambda one: (-len(one[0]), one[0]))
        letters = min(
            [
                _LETTERS,
                *(len(word) - 1 for word, _ in each if word.endswith(_GOES_ON) and " " not in word),
            ]
        )
        found: dict[str, list[_Known]] = {}
        for word, one in each:
            whole = tuple(word.removesuffix(_GOES_ON).split())
            known = (whole[:-1], whole[-1], one) if word.endswith(_GOES_ON) else (whole, None, one)
            found.setdefault(whole[0][:letters], []).append(known)
        return letters, found


def written(word: str) -> str:
    """A word of the file as texts are compared: folded, whatever parts its words as one blank, its
    star kept.
    """
    folded = " ".join(folded_words(word))
    return folded + _GOES_ON if word.rstrip().endswith(_GOES_ON) else folded


Lang = Literal["fr", "en"]
LANGS: tuple[Lang, ...] = ("fr", "en")
_Codes = Annotated[tuple[str, ...], Length(min=1)]


@declared()
class _Labels:
    """French is required (what users read first), English as well: one catalogue, both complete."""

    fr: Filled
    en: Filled

    def parsed(self) -> Mapping[str, str]:
        """Language → text."""
        return {"fr": self.fr, "en": self.en}


@declared()
class _Sentences(_Labels):
    fr: Sentence
    en: Sentence


@declared()
class _Synonyms:
    fr: tuple[Filled, ...] = ()
    en: tuple[Filled, ...] = ()

    def parsed(self) -> Mapping[str, tuple[str, ...]]:
        """Language → names."""
        return {"fr": self.fr, "en": self.en}


Labels = Annotated[Mapping[str, str], _Labels]
Sentences = Annotated[Mapping[str, str], _Sentences]


def _no_synonyms() -> Mapping[str, tuple[str, ...]]:
    return {"fr": (), "en": ()}


@declared()
class Term:
    """One value of a closed list. `value` is what files, parameters and the index hold (a code or
    slug).
    """

    value: str = about(either={"code": str, "slug": Slug})
    labels: Labels = about(key="label")
    synonyms: Annotated[Mapping[str, tuple[str, ...]], _Synonyms] = about(
        default_factory=_no_synonyms
    )

    def label(self, lang: str = "fr") -> str:
        """What it is called, in French where the other language has no name."""
        return self.labels.get(lang) or self.labels["fr"]

    def names(self) -> tuple[str, ...]:
        """Every label and synonym, both languages, French first, without repetition."""
        found = dict.fromkeys(label for lang in LANGS if (label := self.labels.get(lang)))
        for lang in LANGS:
            found.update(dict.fromkeys(self.synonyms.get(lang, ())))
        return tuple(found)


@declared(kw_only=True)
class Kind(Term):
    """A legal kind of supplier. `group`: insertion or handicap. `clause_sociale`: counts for a
    social clause. `lends`: it lends people, and does no job itself.

    `short`: what it is; `for_buyers`: what a buyer gets from it. One sentence each, for people who
    know no acronym.
    """

    group: Literal["insertion", "handicap"]
    clause_sociale: bool
    short: Sentences
    for_buyers: Sentences
    plural: Labels
    lends: bool = False

    def about(self, lang: str = "fr") -> str:
        """What the kind is and what that means for buyers, two sentences."""
        return f"{self.short[lang]} {self.for_buyers[lang]}"


@declared(kw_only=True)
class Family(Term):
    """A name for several kinds that is not their group: "IAE"."""

    kinds: _Codes


@declared()
class Instead:
    """Kinds that mean the same as some names of a service type, for indices whose records tell no
    service types.
    """

    names: _Codes
    kinds: _Codes


@declared(kw_only=True)
class ServiceType(Term):
    """A way to buy: staffing, services, goods."""

    instead: tuple[Instead, ...] = ()


@declared(kw_only=True)
class Sector(Term):
    """A trade, within its group."""

    group: str


@declared()
class SectorGroup(Term):
    """One file of `sectors/`: a group, and the terms that are its sectors."""

    sectors: Annotated[tuple[Term, ...], Length(min=1)] = about(kw_only=True)

    def parsed(self) -> tuple[Term, tuple[Sector, ...]]:
        """The group as a term, and its sectors, each of which knows its group."""
        sectors = (
            Sector(value=term.value, labels=term.labels, synonyms=term.synonyms, group=self.value)
            for term in self.sectors
        )
        return Term(self.value, self.labels, self.synonyms), tuple(sectors)


@declared(kw_only=True)
class Certification(Term):
    """A label. `proof`: whether somebody checked how its holder works, so that it counts where
    suppliers are ranked; one that is none says `why`.
    """

    proof: bool = True
    why: Sentence | None = None

    def parsed(self) -> "Certification":
        """Refuse one that is no proof without saying why."""
        if not self.proof and self.why is None:
            raise ValidationError("a label that proves nothing says why: add `why:`", "proof")
        return self


@declared(kw_only=True)
class Origin(Term):
    """Where facts come from. `licence`: a code of SPDX under which they may be published again; ""
    = not known. `certification`: which one a supplier holds because the source, a list of its
    holders, names it.
    """

    licence: str = ""
    certification: str = ""


@declared(kw_only=True)
class Naf(Term):
    """A registered activity code (NAF rev. 2, without its dot) and the sectors that it points to."""

    sectors: _Codes


@declared(why=Filled, kw_only=True)
class Evidence(Term):
    """What tells of trades: how sure (0 to 1) a code is of the sectors it means, and of those it is
    related to.
    """

    strength: Share
    related: Share


@declared(kw_only=True)
class Band(Term):
    """A band of employees, bounds included; `maximum` None = no upper bound."""

    value: str
    synonyms: Mapping[str, tuple[str, ...]] = about(init=False, default_factory=_no_synonyms)
    minimum: int = about(key="min")
    maximum: int | None = about(key="max")


@declared()
class KindsFile:
    """`vocabulary/kinds.yaml`."""

    kinds: tuple[Kind, ...]
    hidden: tuple[str, ...]
    groups: tuple[Term, ...]
    families: tuple[Family, ...] = ()


@declared(why=Why)
class PresumedZone:
    """A kind's row of `places/presumed_zones.yaml`."""

    kind: str = about("A code of kinds.yaml.")
    radius_km: Annotated[int, Range(1, 500)] = about("Kilometres around the seat.")


@declared()
class PresumedZones:
    """`places/presumed_zones.yaml`: by kind, how far a supplier is presumed to go for an activity
    without a zone.
    """

    zones: Annotated[tuple[PresumedZone, ...], Length(min=1)]

    def parsed(self) -> Mapping[str, int]:
        """Kind → kilometres; refuse a kind that is given twice."""
        found = {zone.kind: zone.radius_km for zone in self.zones}
        if twice := [kind for kind in found if [zone.kind for zone in self.zones].count(kind) > 1]:
            raise ValidationError(f"{', '.join(twice)}: given twice, keep one", "zones")
        return found


LIST_ENTRIES: Mapping[str, type[Term]] = {
    **{name: Term for name in LISTS.values() if name not in ("kinds", "kind_groups", "sectors")},
    "certifications": Certification,
    "service_types": ServiceType,
    "employees": Band,
    "evidence": Evidence,
    "naf": Naf,
    "sources": Origin,
}
"""Files of `vocabulary/` that hold one list under their own name, and what an entry of it is."""


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
    """By kind, how far a supplier is presumed to go for an activity whose zone it does not declare.
    """
    own_words: OwnWords = OwnWords()
    """Words by which a supplier that declares no activity tells its trade."""
    more: Mapping[str, Mapping[str, Term]] = field(default_factory=dict)
    """Lists of attributes that no field above holds, by name."""

    def sectors_of(self, group: str) -> Iterator[Sector]:
        return (sector for sector in self.sectors.values() if sector.group == group)

    def kinds_of(self, group: str) -> Iterator[Kind]:
        return (kind for kind in self.kinds.values() if kind.group == group)

    def terms(self, parameter: str) -> Mapping[str, Term]:
        """The closed list behind an API parameter; `sector` is groups and sectors. Raises KeyError
        for an open one.
        """
        if parameter == "sector":
            return ChainMap(self.sectors, self.sector_groups)  # type: ignore[arg-type]  # read only: groups first
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


def indexed(vocabulary: Vocabulary, codes: Any) -> dict[str, Any]:
    """The parts of the vocabulary that stand in documents, as plain values, for the fingerprint.
    All else is read when somebody searches: sentences about kinds, their names, families, legal
    forms, territories. `indexer/document` is what reads these; a test compares.
    """
    return {
        "kinds": {kind.value: kind.group for kind in vocabulary.kinds.values()},
        "hidden_kinds": sorted(vocabulary.hidden_kinds),
        "sector_groups": _names(vocabulary.sector_groups),
        "sectors": {one.value: [one.group, *one.names()] for one in vocabulary.sectors.values()},
        "naf": {
            one.value: [list(one.names()), list(one.sectors)] for one in vocabulary.naf.values()
        },
        "evidence": {
            one.value: [one.strength, one.related] for one in vocabulary.evidence.values()
        },
        "own_words": [
            [list(one.words), list(one.sectors), one.names_only]
            for one in vocabulary.own_words.told
        ],
        "codes": {
            code: [list(meaning.sectors), list(meaning.related)]
            for meanings in (codes.cpv, codes.rome)
            for code, meaning in meanings.items()
        },
        "labels": {
            one.value: one.certification for one in vocabulary.sources.values() if one.certification
        },
        "service_types": _names(vocabulary.service_types),
        **{one.vocabulary: _names(vocabulary.terms(one.name)) for one in WORDS},
        "presumed_km": dict(vocabulary.presumed_km),
        "employees": {
            band.value: [band.minimum, band.maximum] for band in vocabulary.employees.values()
        },
    }


def _names(terms: Mapping[str, Term]) -> dict[str, list[str]]:
    return {term.value: list(term.names()) for term in terms.values()}
