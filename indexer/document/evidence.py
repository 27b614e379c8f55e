"""What tells of a supplier's trades besides what it declares: public contracts, jobs, its
registered code, and, where it declares none, its name and what it writes of itself; how far its
sectors are to be trusted, and their terms. Pure.

A code means sectors (the crosswalk), each with a strength by the kind of evidence
(`vocabulary/evidence.yaml`). Codes witness independently: a sector is in doubt only if all of them
err, so its strength is 1 - Π (1 - strength). Age is told, not weighed: a document must be the same
tomorrow; what pulls the evidence leaves out what is too old.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from discovery.engine.instants import written
from discovery.mappings.crosswalk import Classification, Codes
from discovery.mappings.vocabulary import Term, Vocabulary
from discovery.model import dataclass
from discovery.model.attributes import CODED, WORDS, Values
from indexer.record import Contract, Supplier


def as_one(names: Iterable[str]) -> str:
    """Names of one thing as one text: a value to analyse rather than dozens, for every supplier
    that has the thing.

    The separator gives no token. A test sees to it that no contraction of the analysis reaches
    across it.
    """
    return " | ".join(names)


def _names(terms: Mapping[str, Term]) -> Callable[[Iterable[str]], list[str]]:
    """A text a value of a closed list: all its names; a value that the list no longer holds, as it
    is.
    """
    texts = {value: as_one(term.names()) for value, term in terms.items()}
    return lambda values: [texts.get(value, value) for value in dict.fromkeys(values)]


class Terms:
    """The names under which suppliers are found, by what their records say in codes."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        groups = {group.value: as_one(group.names()) for group in vocabulary.sector_groups.values()}
        self._sectors = {
            sector.value: (as_one(sector.names()), groups[sector.group])
            for sector in vocabulary.sectors.values()
        }
        self._group_of = {sector.value: sector.group for sector in vocabulary.sectors.values()}
        self._naf = {
            code: [as_one(naf.names()), *self.sectors(naf.sectors)]
            for code, naf in vocabulary.naf.items()
        }
        self.service_types = _names(vocabulary.service_types)
        self.of_codes = {one.field: _names(vocabulary.terms(one.name)) for one in WORDS}

    def sectors(self, sectors: Iterable[str]) -> list[str]:
        """A text a sector and one a group, each once: a group shared by two sectors counts once."""
        return list(
            dict.fromkeys(text for sector in sectors for text in self._sectors.get(sector, ()))
        )

    def naf(self, code: str) -> list[str]:
        """The names of the trade that the registered code tells; empty when it tells none."""
        return list(self._naf.get(bare(code), ()))

    def with_groups(self, slugs: Iterable[str]) -> list[str]:
        """Slugs of sectors and groups, then the groups of those sectors; each once."""
        given = list(slugs)
        return list(
            dict.fromkeys(
                (*given, *(self._group_of[slug] for slug in given if slug in self._group_of))
            )
        )


def bare(code: str) -> str:
    """A NAF code as the vocabulary writes it: 81.21Z is 8121Z."""
    return code.replace(".", "").upper()


MIN_STRENGTH = 0.5
"""Of a sector's strength, to be called evidence: better than even."""


WEBSITE = "website"
OWN_WORDS = ("name", "description")
"""Kinds of evidence that are its own words: searched already, and not indexed a second time."""


@dataclass(frozen=True, slots=True)
class Clue:
    """One fact: its kind (a slug of evidence.yaml), its code, its own words, who says so, and when.
    `sectors`: what words mean that are no code's. `address`: of the page that says so.
    """

    type: str
    classification: Classification | None
    code: str
    words: str = ""
    source: str = ""
    at: date | None = None
    sectors: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Attested:
    """A sector or a group of which there is evidence, and the strongest clue for it."""

    sector: str
    strength: float
    clue: Clue


class EvidenceReader:
    """Clues of a supplier, and the sectors that they tell of."""

    def __init__(self, vocabulary: Vocabulary, codes: Codes) -> None:
        self._vocabulary = vocabulary
        self._codes = codes

    def __call__(self, supplier: Supplier) -> tuple[Attested, ...]:
        """The surest first, then by slug. A code counts once a kind, however often it comes."""
        doubt: dict[str, float] = {}
        best: dict[str, tuple[float, Clue]] = {}
        told: set[tuple[str, ...]] = set()
        own = tuple(self._own_words(supplier))
        named = {sector for clue in own if clue.type == "name" for sector in clue.sectors}
        for clue in (*clues(supplier), *own):
            once = (clue.type, clue.code, *clue.sectors)
            if once in told:
                continue
            told.add(once)
            if clue.type == "naf" and self._told_closer(clue, named):
                continue
            for sector, strength in self._meant(clue):
                doubt[sector] = doubt.get(sector, 1.0) * (1.0 - strength)
                if sector not in best or strength > best[sector][0]:
                    best[sector] = strength, clue
        found = (
            Attested(sector, round(1.0 - left, 3), best[sector][1])
            for sector, left in doubt.items()
        )
        return tuple(
            sorted(
                (one for one in found if one.strength >= MIN_STRENGTH),
                key=lambda one: (-one.strength, one.sector),
            )
        )

    def _own_words(self, supplier: Supplier) -> Iterator[Clue]:
        """What its names and its own texts tell of the trades of one that declares none."""
        if supplier.activities:
            return
        offers = (text for one in supplier.offers for text in (one.name, one.description))
        for kind, texts in (
            ("name", (supplier.name, supplier.brand)),
            ("description", (supplier.description, *offers)),
        ):
            said = self._vocabulary.own_words.of(
                "\n".join(filter(None, texts)), name=kind == "name"
            )
            yield from (Clue(kind, None, "", words, sectors=sectors) for words, sectors in said)

    def _told_closer(self, clue: Clue, named: Collection[str]) -> bool:
        """Whether a registered code means several trades of one group, and the supplier's name
        others of that group: who recovers sorted waste and is named a textile collective recovers
        neither paper nor furniture.
        """
        sectors = self._vocabulary.sectors
        meant = {sector for sector, _ in self._meant(clue)}
        groups, others = (
            {sectors[slug].group for slug in slugs if slug in sectors} for slugs in (meant, named)
        )
        return len(meant) > 1 and groups <= others and not meant & set(named)

    def _meant(self, clue: Clue) -> Iterator[tuple[str, float]]:
        kind = self._vocabulary.evidence.get(clue.type)
        if kind is None:
            return
        if clue.classification is None:
            yield from ((sector, kind.strength) for sector in clue.sectors)
            return
        meaning = self._codes.meaning(clue.classification, clue.code, self._vocabulary)
        if meaning is None:
            return
        yield from ((sector, kind.strength) for sector in meaning.sectors)
        yield from (
            (sector, kind.related) for sector in meaning.related if sector not in meaning.sectors
        )


def clues(supplier: Supplier) -> Iterator[Clue]:
    """Everything that tells of its trades: newest contracts first, then jobs, then the registered
    code.
    """
    for one in newest(supplier.contracts):
        if one.cpv:
            yield Clue("contract", "cpv", one.cpv, one.object, one.source, one.won)
    for job in supplier.jobs:
        yield Clue("job", "rome", job.rome, job.title, job.source, job.seen)
    for trade in supplier.site_trades:
        yield Clue(
            WEBSITE, None, "", trade.words, "websites", trade.seen, (trade.sector,), trade.address
        )
    if supplier.naf:
        yield Clue("naf", "naf", bare(supplier.naf))


def newest(contracts: Iterable[Contract]) -> list[Contract]:
    """Contracts by date, newest first, those without one last; else in their order."""
    return sorted(contracts, key=lambda one: one.won or date.min, reverse=True)


def evidence(found: tuple[Attested, ...], supplier: Supplier, terms: Terms) -> dict[str, Any]:
    """The block of the document that is searched and counted: kinds of evidence, sectors with their
    groups, words. (Those of the registered code have a field of their own, `naf_terms`.)
    """
    told = {
        "contract": bool(supplier.contracts),
        "job": bool(supplier.jobs),
        WEBSITE: any(one.clue.type == WEBSITE for one in found),
        "naf": any(one.clue.type == "naf" for one in found) or bool(terms.naf(supplier.naf)),
        **{kind: any(one.clue.type == kind for one in found) for kind in OWN_WORDS},
    }
    own_words = [*(one.title for one in supplier.jobs), *(one.object for one in supplier.contracts)]
    names = terms.sectors(one.sector for one in found if one.clue.type not in ("naf", *OWN_WORDS))
    document: dict[str, Any] = {
        "evidence": [kind for kind, there in told.items() if there],
        "evidence_sectors": terms.with_groups(one.sector for one in found),
        "evidence_terms": [*dict.fromkeys(filter(None, own_words)), *names],
    }
    return {key: value for key, value in document.items() if value}


def shown_evidence(found: tuple[Attested, ...], supplier: Supplier) -> dict[str, Any]:
    """The block of the document that shows evidence; empty where there is none, so that other
    documents stay as they are.
    """
    shown = {
        "evidence": [
            {
                "sector": one.sector,
                "strength": one.strength,
                "type": one.clue.type,
                "code": one.clue.code,
                "words": one.clue.words,
                "source": one.clue.source,
                "date": _iso(one.clue.at),
                **({"address": one.clue.address} if one.clue.address else {}),
            }
            for one in found
        ],
        "jobs": [
            {"rome": one.rome, "title": one.title, "source": one.source, "date": _iso(one.seen)}
            for one in supplier.jobs
        ],
        "contracts": [
            {
                "object": one.object,
                "cpv": one.cpv,
                "buyer": one.buyer,
                "source": one.source,
                "date": _iso(one.won),
                "amount": one.amount,
                "reserved": one.reserved,
            }
            for one in newest(supplier.contracts)
        ],
    }
    return {key: value for key, value in shown.items() if value}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


MAX_CERTIFICATIONS = 3
"""The certification signal is full from here on: a fourth label says little more."""


def employees(supplier: Supplier) -> int | None:
    """How many people it employs, in insertion or permanent; None when neither figure is known."""
    if supplier.employees_insertion is None and supplier.employees_permanent is None:
        return None
    return (supplier.employees_insertion or 0) + (supplier.employees_permanent or 0)


def territories(supplier: Supplier) -> list[str]:
    """Codes of the priority areas in which a supplier sits: `qpv` (quarters), `zrr` (rural)."""
    return [code for code, held in (("qpv", supplier.qpv), ("zrr", supplier.zrr)) if held]


def proofs(supplier: Supplier, vocabulary: Vocabulary) -> tuple[str, ...]:
    """A supplier's certifications that count as proof (`proof` in certifications.yaml)."""
    known = vocabulary.certifications
    return tuple(one for one in supplier.certifications if one not in known or known[one].proof)


def _codes(supplier: Supplier, terms: Terms) -> Iterator[tuple[str, list[str]]]:
    """Each list of codes, and the names of its codes where they are searched."""
    for one in CODED:
        held: Values = getattr(supplier, one.field)
        yield one.field, list(held)
        if one.words:
            yield one.words, terms.of_codes[one.field](held)


def trust(supplier: Supplier, vocabulary: Vocabulary, terms: Terms) -> dict[str, Any]:
    """The block of the document that lets a buyer trust a supplier."""
    found: dict[str, Any] = {
        **dict(_codes(supplier, terms)),
        "territories": territories(supplier),
        "employees_band": vocabulary.band_of(employees(supplier) or supplier.capacity),
        "updated_at": supplier.updated_at.isoformat() if supplier.updated_at else None,
        "first_listed_at": written(supplier.first_listed_at) if supplier.first_listed_at else None,
    }
    found = {key: value for key, value in found.items() if value}
    found["certification_level"] = min(len(proofs(supplier, vocabulary)), MAX_CERTIFICATIONS)
    return found
