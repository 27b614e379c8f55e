"""The names that people give to a body of communes, from its official one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from discovery.gazetteer.model import Grouping
from discovery.gazetteer.names import of

_LEGAL = re.compile(r"^(?:CC|CA|CU|Métropole|Eurométropole|Communauté urbaine)\b[\s]*", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\(([^()]+)\)")
_TIE = re.compile(r"^(?:de la |de l['’]|du |des |de |d['’])", re.IGNORECASE)
_LAST = re.compile(
    r"[\s-]+(?:Communauté(?: de communes| d['’]agglomération| urbaine)?|Agglomération|Agglo|Métropole)$",
    re.IGNORECASE,
)
_SPELT = {
    "CC": "communauté de communes",
    "CA": "communauté d'agglomération",
    "CU": "communauté urbaine",
    "METRO": "métropole",
    "MET69": "métropole",
}
_QUOTES = re.compile(r"\s*[\"“”]|''\s*")


def names_of(grouping: Grouping) -> Iterator[str]:
    """Its own name first, then what it is called for short, by initials, or in full; each once."""
    return iter(dict.fromkeys(_names(grouping)))


def _names(grouping: Grouping) -> Iterator[str]:
    if grouping.place.type == "arrondissement":  # by its own name it is the town
        yield f"arrondissement {of(grouping.name)}"
        yield f"arrondissement {grouping.name}"
    else:
        yield grouping.name
    yield from grouping.names
    if grouping.place.type != "epci":
        return
    for initials in _BRACKETS.findall(grouping.name):
        if initials[:1].isupper():
            yield initials.removeprefix("CC ")
    whole = " ".join(_QUOTES.sub(" ", _BRACKETS.sub("", grouping.name)).split())
    bare = _LEGAL.sub("", whole)
    yield whole
    legal = _SPELT[grouping.kind]
    yield f"{legal} {bare}"
    core = _TIE.sub("", bare)
    yield f"{legal} {core}"
    yield core
    if (short := _LAST.sub("", core)) != core:
        yield short
        yield f"agglo {short}"
        yield f"{legal} {of(short)}"
