"""Who a search leaves out: "sauf ESAT" of the phrase and the `not_…` parameters, as one set of filters and places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from discovery.config.vocabulary import Vocabulary
from discovery.engine.port import Filters
from discovery.gazetteer import Gazetteer, Place
from discovery.intent.model import Piece
from discovery.schema.attributes import EXCLUDED
from discovery.search import places
from discovery.search.near_names import unknown
from discovery.search.parameters import Query
from discovery.search.problems import Problem


@dataclass(frozen=True, slots=True)
class Exclusions:
    """`filters`: values that take a supplier out; `places`: seats that do."""

    filters: Filters = Filters()
    places: tuple[Place, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(query: Query, pieces: Iterable[Piece], vocabulary: Vocabulary, gazetteer: Gazetteer) -> Exclusions:
    """`pieces`: the phrase's, without those that a parameter replaces."""
    spoken = [piece for piece in pieces if piece.type == "exclusion"]
    found = {
        name: dict.fromkeys(
            (*query.values(f"not_{name}"), *(one.value for one in spoken if one.parameter == f"not_{name}"))
        )
        for name in EXCLUDED
    }
    families = [value for value in found["kind_group"] if value in vocabulary.families]
    for family in families:  # a family is a name for kinds ("IAE"), not a group
        del found["kind_group"][family]
        found["kind"].update(dict.fromkeys(vocabulary.families[family].kinds))
    problems: list[Problem] = []
    typed = [place for one in query.not_place for place in _typed(one, gazetteer, problems)]
    named = [gazetteer.parse_place(one.value) for one in spoken if one.parameter == "not_place"]
    values: dict[str, Any] = {name: tuple(held) for name, held in found.items()}
    return Exclusions(
        Filters(**values),
        tuple(dict.fromkeys((*typed, *(place for place in named if place)))),
        tuple(problems),
    )


def _typed(typed: str, gazetteer: Gazetteer, problems: list[Problem]) -> tuple[Place, ...]:
    found = places.find(typed, gazetteer)
    if found is None:
        problems.append(unknown("not_place", typed, gazetteer))
        return ()
    if found.place.type == "country":
        problems.append(Problem("not_place", typed, "country_excluded"))
        return ()
    return (found.place,)
