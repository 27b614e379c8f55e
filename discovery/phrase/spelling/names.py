"""Misspelt names: valid values and towns that come close_values to what was typed."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from discovery.places import Commune, Gazetteer, Place, normalise
from discovery.places.names import normalise_all

MAX_VALUES = 5
"""Values proposed for one."""
SHORT_LIST = 12
"""A list this short is shown whole when nothing in it comes close."""
CLOSE = 60.0
"""Least rapidfuzz score (0-100) that counts as close_values: lets through one or two typos and half
a label.
"""


_normalised = lru_cache(maxsize=16_384)(normalise)
"""Of the names of lists, which are some thousands and always the same."""


def close_values(
    asked: str, names: Mapping[str, tuple[str, ...]], limit: int = MAX_VALUES
) -> tuple[str, ...]:
    """Up to `limit` values one of whose names resembles `asked`, nearest first; else the whole list
    if it is short. `names`: value → what it is called.
    """
    key = normalise(asked)
    scored = [
        (max(_likeness(key, _normalised(name)) for name in (value, *known)), value)
        for value, known in names.items()
    ]
    near = sorted(
        ((score, value) for score, value in scored if score >= CLOSE),
        key=lambda one: (-one[0], one[1]),
    )
    if near:
        return tuple(value for _, value in near[:limit])
    return tuple(names) if len(names) <= SHORT_LIST else ()


def _likeness(asked: str, name: str) -> float:
    """Letters in order, or words in any order (a label's part): the better of the two, 0-100."""
    whole = float(fuzz.ratio(asked, name))
    # A part of a longer name is a weaker sign than the whole of a short one.
    return max(whole, 0.9 * float(fuzz.token_set_ratio(asked, name))) if len(asked) > 3 else whole


LEAST_POPULATION = 2_000
"""Inhabitants of a town that may be meant through a typo."""
MAX_TOWNS = 5
_ONE_EDIT, _TWO_EDITS = 4, 8
"""Letters from which one edit, and two, leave a name recognisable."""
_SHORTEST_START = 4
"""Letters from which a name is known by its start."""
_RESEMBLES = 60.0
"""Least rapidfuzz score (0-100) of a name worth proposing."""


def nearest_towns(typed: str, gazetteer: Gazetteer, limit: int = MAX_TOWNS) -> tuple[Place, ...]:
    """Towns whose name is an edit away from what was typed, two for long names: the fewest edits,
    the same first letter, the most populous first. Edits are letters added, left out, replaced or
    swapped (OSA).
    """
    key = normalise(typed)
    letters = len(key.replace(" ", ""))
    most = (letters >= _ONE_EDIT) + (letters >= _TWO_EDITS)
    keys, towns = _towns(gazetteer)
    first, last = (
        bisect_left(keys, len(key) - most, key=len),
        bisect_right(keys, len(key) + most, key=len),
    )
    near = keys[first:last] if most else []
    found = process.extract(key, near, scorer=OSA.distance, score_cutoff=most, limit=None)
    somewhere = ((edits, name, towns[first + at]) for name, edits, at in found)
    ranked = sorted(
        (edits, name[:1] != key[:1], -town.population, town.code) for edits, name, town in somewhere
    )
    return tuple(Place("commune", code) for code in dict.fromkeys(code for *_, code in ranked))[
        :limit
    ]


def towns_starting(typed: str, gazetteer: Gazetteer, limit: int = MAX_TOWNS) -> tuple[Place, ...]:
    """Towns whose name starts as what was typed, most populous first; none for fewer than four
    letters.
    """
    if len(normalise(typed).replace(" ", "")) < _SHORTEST_START:
        return ()
    return tuple(Place("commune", one.code) for one in gazetteer.by_prefix(typed, limit))


def towns_resembling(typed: str, gazetteer: Gazetteer, limit: int = MAX_TOWNS) -> tuple[Place, ...]:
    """Towns that the name may have meant: near ones, those that start so, then any that look like
    it.
    """
    near = [place.code for place in nearest_towns(typed, gazetteer, limit)]
    near += [
        one.code
        for one in (*gazetteer.by_name_fuzzy(typed, limit), *gazetteer.by_prefix(typed, limit))
    ]
    if len(set(near)) < limit:
        keys, towns = _towns(gazetteer)
        found = process.extract(
            normalise(typed),
            keys,
            scorer=fuzz.ratio,
            score_cutoff=_RESEMBLES,
            limit=limit * 4,
            processor=None,
        )
        alike = sorted(found, key=lambda one: (-one[1], -towns[one[2]].population))
        near += [towns[at].code for _, _, at in alike]
    return tuple(Place("commune", code) for code in dict.fromkeys(near))[:limit]


@lru_cache(maxsize=2)
def _towns(gazetteer: Gazetteer) -> tuple[list[str], list[Commune]]:
    """Names, the shortest first, and their towns."""
    towns = [one for one in gazetteer.communes(LEAST_POPULATION) if not one.parent]
    named = sorted(
        zip(normalise_all(one.name for one in towns), towns, strict=True),
        key=lambda one: len(one[0]),
    )
    return [key for key, _ in named], [town for _, town in named]
