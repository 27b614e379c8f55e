"""Names of departments, regions, bodies of communes and areas: a sorted list of keys, searched by bisection."""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from discovery.gazetteer import Gazetteer, Grouping, Place, normalise
from discovery.gazetteer.name_index import NearStarts
from discovery.gazetteer.names import normalise_all, of, without_article
from discovery.locales import t

MAX_AREAS = 10
"""Areas of one beginning."""
_OFFICIAL, _ALIAS = 0.35, 0.2
"""Of the score: for a department or region, by its own name and by another ("la région Sud")."""
_PRIORS = {"epci": 0.0, "ept": 0.15, "arrondissement": -0.05, "area": 0.1}
"""Of the score, for bodies of communes and areas by their own name."""
_LARGE = {"METRO": 0.25, "MET69": 0.25, "CU": 0.15, "CA": 0.05}
"""Added for the large ones: more people mean them."""
_LESS = 0.05
"""Taken for another name than its own."""
_SHORTEST_TYPO = 5
"""Letters typed from which a typo is read through."""

_KINDS = {
    "CC": "label.body.communes",
    "CA": "label.body.agglomeration",
    "CU": "label.body.urban",
    "METRO": "label.body.metropolis",
    "MET69": "label.body.metropolis",
    "EPT": "label.body.territory",
    "area": "label.body.area",
}
"""Text that names a grouping's kind; an arrondissement's own name tells."""


def kind_of(grouping: Grouping, lang: str) -> str:
    """What a grouping is, in words; "" where that says nothing."""
    key = _KINDS.get(grouping.kind or grouping.place.type)
    return t(key, lang) if key else ""


class AreaNames:
    """Immutable; made in some hundredths of a second."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        entries = [
            (key, str(place), place, _OFFICIAL if name == gazetteer.label(place).partition(" (")[0] else _ALIAS)
            for place, name in gazetteer.area_names()
            for key in _spellings(normalise(name))
        ]
        for place, name, key in gazetteer.grouping_names():
            grouping = gazetteer.grouping(place)
            if grouping:
                prior = _PRIORS[place.type] + _LARGE.get(grouping.kind, 0.0) - _LESS * (name != grouping.name)
                entries += [(spelling, str(place), place, prior) for spelling in _spellings(key)]
        bodies = [
            (p, f"{word} {of(town)}") for p, town in gazetteer.bodies_by_town() for word in ("agglo", "métropole")
        ]
        keys = normalise_all(name for _, name in bodies)
        entries += [(key, str(place), place, 0.0) for key, (place, _) in zip(keys, bodies, strict=True)]
        entries.sort(key=lambda entry: entry[:2])
        self._keys = [entry[0] for entry in entries]
        self._places = [(entry[2], entry[3]) for entry in entries]
        self._near = NearStarts(self._keys)

    def starting(self, key: str) -> Iterator[tuple[Place, str, float]]:
        """(place, key, prior) of the likeliest names that start so."""
        found = range(bisect_left(self._keys, key), bisect_left(self._keys, key + "~"))
        likely = heapq.nlargest(
            MAX_AREAS, found, key=lambda index: (self._keys[index] == key, self._places[index][1], -index)
        )
        return ((self._places[index][0], self._keys[index], self._places[index][1]) for index in likely)

    def near(self, key: str) -> Iterator[tuple[Place, float]]:
        """Areas whose name is one typo away from a key, with their weight."""
        if len(key) < _SHORTEST_TYPO:
            return
        for known in self._near.near(key):
            for index in range(bisect_left(self._keys, known), bisect_right(self._keys, known)):
                yield self._places[index]


def _spellings(key: str) -> set[str]:
    return {key, without_article(key)}
