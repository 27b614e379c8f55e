"""A filter is whole: of every field of `Filters`, whatever its type, each place that must know it
does.

`docs/howto/add-a-filter.md` names the places. What lacks one fails here by the filter's name.
"""

from dataclasses import fields, replace
from datetime import date
from random import Random
from typing import Any

import pytest

from discovery.answers.explanation import obstacle
from discovery.engine.port import Filters, SearchEngine, SearchRequest
from discovery.model.attributes import EXCLUDED
from discovery.texts import has
from tests.contract import worlds
from tests.contract.asking import ids
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import does, supplier
from tests.contract.oracle import Oracle

NOBODY: dict[type, Any] = {
    tuple: ("no-such-value",),
    str: "99999999999999",
    date: date(2999, 12, 31),
}
"""A value of each type that no supplier has. A filter of another type: add one."""
EVERY = pytest.mark.parametrize("name", [item.name for item in fields(Filters)])
WORLD = [supplier("a", activities=[does("menuiserie")]), supplier("b")]


def nobody(name: str) -> Filters:
    return replace(Filters(), **{name: NOBODY[type(getattr(Filters(), name))]})


@pytest.fixture(scope="module")
def engine(engine_factory: EngineFactory) -> SearchEngine:
    return engine_factory(WORLD)


@EVERY
def test_it_filters_as_a_filter_and_as_a_scope(engine: SearchEngine, name: str) -> None:
    assert ids(engine, SearchRequest()) == ["a", "b"]
    assert ids(engine, SearchRequest(filters=nobody(name))) == []
    assert ids(engine, SearchRequest(scope=(nobody(name),))) == []
    assert ids(engine, SearchRequest(exclude=nobody(name))) == ["a", "b"]


@EVERY
def test_the_oracle_knows_it(name: str) -> None:
    oracle = Oracle(WORLD, worlds.DEFINITION, worlds.Split().terms)
    for request in (SearchRequest(filters=nobody(name)), SearchRequest(scope=(nobody(name),))):
        assert oracle.search(request).total == 0


@pytest.fixture(scope="module")
def drawn() -> dict[str, set[str]]:
    """Part of a request → the filters that worlds draw for it."""
    found: dict[str, set[str]] = {"filters": set(), "scope": set(), "exclude": set()}

    chance = Random(1)
    for _ in range(500):
        request = worlds.request(chance)
        parts = {
            "filters": (request.filters,),
            "scope": request.scope,
            "exclude": (request.exclude,),
        }
        for part, every in parts.items():
            found[part] |= {
                item.name for one in every for item in fields(one) if getattr(one, item.name)
            }
    return found


@EVERY
def test_worlds_draw_it(drawn: dict[str, set[str]], name: str) -> None:
    """As a filter, in a scope and, where it may take suppliers out, as an exclusion; else no
    property asks about it.
    """
    assert name in drawn["filters"]
    assert name in drawn["scope"]
    assert name in drawn["exclude"] or name not in EXCLUDED


@EVERY
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_it_is_named_where_it_is_said_to_keep_a_supplier_out(name: str, lang: str) -> None:
    """By a text of `label.facet`, `label.piece` or `label.obstacle`."""
    assert any(has(f"label.{sort}.{name}") for sort in ("facet", "piece", "obstacle"))
    said = obstacle(name, lang)
    assert name not in EXCLUDED or obstacle(f"not_{name}", lang).endswith(f" {said}")
