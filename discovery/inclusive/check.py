"""Each of a list looked up in the index: by SIRET, by company, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from discovery.engine.port import Document, Searcher
from discovery.gazetteer import normalise
from discovery.inclusive.reading import SupplierLine

NEAR = 90.0
"""rapidfuzz's score (0-100) of two names from which they may be one; a person decides."""
LOOKED_AT = 50
"""Suppliers with the rarest-looking word of a name, of which the names are compared."""
MAX_PROPOSED = 3


class Status(StrEnum):
    """YES: that establishment, or a company asked for by its SIREN. COMPANY: another establishment of its company is.
    NAME: one of that name is. NO: not known as one."""

    YES = "yes"
    COMPANY = "company"
    NAME = "name"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Checked:
    """A line of a list, and which suppliers it means."""

    asked: SupplierLine
    status: Status
    suppliers: tuple[Document, ...] = ()


def check(index: Searcher, asked: Sequence[SupplierLine], holds: Callable[[Document], bool]) -> list[Checked]:
    """Look up each of a list, in the order asked. `holds`: whether a supplier is open here. Raises
    EngineUnavailable."""
    return [_one(index, one, holds) for one in asked]


def _one(index: Searcher, asked: SupplierLine, holds: Callable[[Document], bool]) -> Checked:
    for status, documents in _looked_up(index, asked):
        found = tuple(one for one in documents if holds(one))
        if found:
            return Checked(asked, status, found)
    return Checked(asked, Status.NO)


def _looked_up(index: Searcher, asked: SupplierLine) -> Iterator[tuple[Status, list[Document]]]:
    if asked.number:
        yield Status.YES, index.by_siret(asked.number)
        if len(asked.number) == 14:
            yield Status.COMPANY, index.by_siret(asked.number[:9])
    elif asked.name:
        yield Status.NAME, _named(index, asked.name)


def _named(index: Searcher, name: str) -> list[Document]:
    wanted = normalise(name)
    word = max(wanted.split(), key=len, default="")
    scored = [(_likeness(wanted, one["public"]), one) for one in index.names(word, LOOKED_AT)] if word else []
    near = sorted((pair for pair in scored if pair[0] >= NEAR), key=lambda pair: (-pair[0], pair[1]["id"]))
    return [one for _, one in near[:MAX_PROPOSED]]


def _likeness(wanted: str, public: Document) -> float:
    names = (normalise(str(public.get(field) or "")) for field in ("name", "brand"))
    return max(fuzz.token_sort_ratio(wanted, name) for name in names)
