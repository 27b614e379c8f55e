"""Names of towns that resemble what was typed: what a misspelt centre meant, what an unknown place may have."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from discovery.gazetteer import Commune, Gazetteer, Place, normalise
from discovery.search.problems import Problem

TOWN = 2_000
"""Inhabitants of a town that may be meant through a typo."""
LIMIT = 5
_SHORT, _LONG = 4, 8
"""Letters from which one edit, and two, leave a name recognisable."""
_START = 4
"""Letters from which a name is known by its start."""
_RESEMBLES = 60.0
"""Least rapidfuzz score (0-100) of a name worth proposing."""


def nearest(typed: str, gazetteer: Gazetteer, limit: int = LIMIT) -> tuple[Place, ...]:
    """Towns whose name is an edit away from what was typed, two for long names: the fewest edits, the same first
    letter, the most populous first. Edits are letters added, left out, replaced or swapped (OSA)."""
    key = normalise(typed)
    letters = len(key.replace(" ", ""))
    most = (letters >= _SHORT) + (letters >= _LONG)
    keys, towns = _towns(gazetteer)
    found = process.extract(key, keys, scorer=OSA.distance, score_cutoff=most, limit=None) if most else []
    ranked = sorted(
        (edits, name[:1] != key[:1], -towns[at].population, towns[at].code, towns[at]) for name, edits, at in found
    )
    codes = dict.fromkeys(town.code for *_, town in ranked)
    return tuple(Place("commune", code) for code in codes)[:limit]


def starting(typed: str, gazetteer: Gazetteer, limit: int = LIMIT) -> tuple[Place, ...]:
    """Towns whose name starts as what was typed, most populous first; none for fewer than four letters."""
    if len(normalise(typed).replace(" ", "")) < _START:
        return ()
    return tuple(Place("commune", one.code) for one in gazetteer.by_prefix(typed, limit))


def resembling(typed: str, gazetteer: Gazetteer, limit: int = LIMIT) -> tuple[Place, ...]:
    """Towns that the name may have meant: near ones, those that start so, then any that look like it."""
    near = [place.code for place in nearest(typed, gazetteer, limit)]
    near += [one.code for one in (*gazetteer.by_name_fuzzy(typed, limit), *gazetteer.by_prefix(typed, limit))]
    if len(set(near)) < limit:
        keys, towns = _towns(gazetteer)
        found = process.extract(
            normalise(typed), keys, scorer=fuzz.ratio, score_cutoff=_RESEMBLES, limit=limit * 4, processor=None
        )
        alike = sorted(found, key=lambda one: (-one[1], -towns[one[2]].population))
        near += [towns[at].code for _, _, at in alike]
    return tuple(Place("commune", code) for code in dict.fromkeys(near))[:limit]


def unknown(parameter: str, typed: str, gazetteer: Gazetteer) -> Problem:
    """The problem of a place that nothing bears, with the towns that it may have been."""
    choices = tuple(gazetteer.label(place) for place in resembling(typed, gazetteer))
    return Problem(parameter, typed, "unknown_place", {"value": typed}, choices)


@lru_cache(maxsize=2)
def _towns(gazetteer: Gazetteer) -> tuple[list[str], list[Commune]]:
    towns = [one for one in gazetteer.communes() if one.population >= TOWN and not one.parent]
    return [normalise(one.name) for one in towns], towns
