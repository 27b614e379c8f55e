"""Walking an order by position: whoever does not change meanwhile is met exactly once, on every
engine.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.analysis import Analysis
from discovery.engine.definition import Definition
from discovery.engine.elasticsearch import ElasticsearchEngine, ElasticsearchWriter
from discovery.engine.embedded import EmbeddedEngine, EmbeddedWriter
from discovery.engine.port import (
    WALKABLE,
    Action,
    Document,
    Hit,
    Order,
    SearchEngine,
    SearchRequest,
    WriteStatus,
)
from tests.contract import worlds
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import LYON, crowd, supplier
from tests.examples import some

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ORDERS = sorted(WALKABLE)

Write = Callable[[Iterable[Action]], None]
_versions = count(2)


@pytest.fixture(scope="module")
def many(engine_factory: EngineFactory) -> SearchEngine:
    return engine_factory([*crowd(250, seed=21), *worlds.some_documents(150)])


@pytest.fixture(scope="module")
def changing(engine_factory: EngineFactory) -> SearchEngine:
    return engine_factory(crowd(80, seed=22))


@pytest.fixture(scope="module")
def write(changing: SearchEngine, definition: dict[str, Any], analysis: Analysis) -> Write:
    """Writes into the index of `changing`, to be seen at once."""

    def into(actions: Iterable[Action]) -> None:
        if isinstance(changing, EmbeddedEngine):
            outcomes = EmbeddedWriter(changing._kept.path, definition, analysis, "contract").bulk(
                actions
            )
        else:
            assert isinstance(changing, ElasticsearchEngine)
            held, connection = Definition(definition, analysis, "contract"), changing._connection
            outcomes = ElasticsearchWriter(connection, changing._alias, held).bulk(actions)
            connection.client.indices.refresh(index=changing._alias)
        assert {one.status for one in outcomes} <= {WriteStatus.INDEXED, WriteStatus.DELETED}

    return into


def walk(engine: SearchEngine, request: SearchRequest, size: int) -> Iterator[list[Hit]]:
    """Page by page, each behind the last hit of the one before."""
    request = replace(request, offset=0, size=size, facets=())
    while hits := engine.search(request).hits:
        yield list(hits)
        request = replace(request, after=hits[-1].position)


@relaxed
@given(request_=worlds.requests(), order=st.sampled_from(ORDERS), size=st.integers(1, 60))
def test_a_walk_is_the_whole_list(
    request_: SearchRequest, order: Order, size: int, many: SearchEngine
) -> None:
    """Whatever is asked: the pages put together are the one long page."""
    request = replace(request_, order=order, offset=0, size=500)
    whole = many.search(request)
    walked = [hit for hits in walk(many, request, max(size, whole.total // 20)) for hit in hits]
    assert [hit.id for hit in walked] == [hit.id for hit in whole.hits]
    assert [hit.position for hit in walked] == [hit.position for hit in whole.hits]


@pytest.mark.parametrize("order", ORDERS)
def test_everything_is_walked_in_every_order(many: SearchEngine, order: Order) -> None:
    request = SearchRequest(order=order, centre=LYON.point, size=500)
    whole = [hit.id for hit in many.search(request).hits]
    assert [hit.id for hits in walk(many, request, 70) for hit in hits] == whole
    assert len(whole) > 350


@pytest.mark.parametrize("order", ORDERS)
def test_the_total_and_the_facets_stay_those_of_the_whole(many: SearchEngine, order: Order) -> None:
    request = SearchRequest(order=order, centre=LYON.point, size=10)
    first = many.search(request)
    second = many.search(replace(request, after=first.hits[-1].position))
    assert (second.total, second.facets) == (first.total, first.facets)
    assert {hit.id for hit in first.hits}.isdisjoint(hit.id for hit in second.hits)


@pytest.mark.parametrize("order", [one for one in Order if one not in WALKABLE])
def test_other_orders_have_no_positions(many: SearchEngine, order: Order) -> None:
    assert {hit.position for hit in many.search(SearchRequest(order=order)).hits} == {None}


def test_positions_are_the_port_s_own(engine_factory: EngineFactory) -> None:
    """What a position holds does not depend on the engine: it may outlive a change of engine."""
    engine = engine_factory(
        [
            supplier(
                "a", name_key="zoé", updated_at="2026-01-31", first_listed_at="2025-12-31T23:59:59Z"
            ),
            supplier("b", location=None, town=None),
        ]
    )
    engine_b = {"name_key": "structure b"}
    found = {
        order: [hit.position for hit in engine.search(SearchRequest(order=order)).hits]
        for order in ORDERS
    }
    assert found[Order.ID] == [(None, "a"), (None, "b")]
    assert found[Order.NAME] == [(engine_b["name_key"], "b"), ("zoé", "a")]
    assert found[Order.UPDATED] == [("2026-01-31", "a"), (None, "b")]
    assert found[Order.LISTED] == [("2025-12-31T23:59:59Z", "a"), (None, "b")]
    near = engine.search(SearchRequest(order=Order.DISTANCE, centre=LYON.point)).hits
    assert near[0].position == (pytest.approx(0, abs=1e-3), "a")
    assert near[1].position == (None, "b")


@pytest.mark.parametrize("order", ORDERS)
def test_unknown_values_are_walked_by_id(engine_factory: EngineFactory, order: Order) -> None:
    ids = [f"s{number:02}" for number in range(25)]
    documents = [supplier(id, town=None, location=None) for id in ids]
    for document in documents:
        del document["name_key"]
    engine = engine_factory(documents)
    request = SearchRequest(order=order, centre=LYON.point)
    assert [hit.id for hits in walk(engine, request, 4) for hit in hits] == ids


def changes(dice: Random, documents: dict[str, Document]) -> list[Action]:
    """Some suppliers moved, renamed, dated anew or withdrawn; some new ones."""
    made: list[Action] = []
    for id in dice.sample(sorted(documents), min(len(documents), dice.randrange(1, 5))):
        fresh = next(crowd(1, seed=dice.randrange(10**6)))
        document = {**fresh, "id": id, "slug": f"slug-{id}"}
        made.append(Action(id, next(_versions), None if dice.random() < 0.3 else document))
    for _ in range(dice.randrange(3)):
        id = f"n{next(_versions):06}"
        made.append(
            Action(id, next(_versions), {**next(crowd(1, seed=dice.randrange(10**6))), "id": id})
        )
    return made


def walk_with_changes(
    engine: SearchEngine, write: Write, order: Order, size: int, dice: Random
) -> None:
    request = SearchRequest(order=order, centre=LYON.point, size=500, facets=())
    before = {hit.id: hit.document for hit in engine.search(request).hits}
    changed: set[str] = set()
    met: list[str] = []
    for hits in walk(engine, request, size):
        met += [hit.id for hit in hits]
        actions = changes(dice, before)
        changed |= {action.id for action in actions}
        write(actions)
    unchanged = set(before) - changed
    assert sorted(id for id in met if id in unchanged) == sorted(unchanged)


@settings(relaxed, max_examples=some(24))
@given(order=st.sampled_from(ORDERS), size=st.integers(5, 40), seed=st.integers(0, 10**6))
def test_who_does_not_change_is_met_exactly_once(
    changing: SearchEngine, write: Write, order: Order, size: int, seed: int
) -> None:
    walk_with_changes(changing, write, order, size, Random(seed))


@pytest.mark.parametrize("order", ORDERS)
def test_changes_meanwhile_on_each_engine(
    changing: SearchEngine, write: Write, order: Order
) -> None:
    """The same, once an order: in the short run too."""
    walk_with_changes(changing, write, order, 20, Random(f"{order}"))
