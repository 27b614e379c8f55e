"""Two engines, one meaning, on realistic suppliers: whatever buyers ask gets the same answer from
both.
"""

from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.definition import Definition
from discovery.engine.port import FACETS, Box
from discovery.mappings import load_mappings
from discovery.places import gazetteer
from discovery.search.answer import Answer, Nearby
from discovery.search.query import SORTS, InvalidQuery, Problem, Query
from discovery.search.service import SearchService
from tests.elasticsearch import GROUP
from tests.examples import some
from tests.generated import TODAY, documents
from tests.unit.elasticsearch.pair import Pair, assert_same, pair
from tools.bench.queries import KINDS, NEEDS, TOWNS

pytestmark = pytest.mark.xdist_group(GROUP)
patient = settings(deadline=None, suppress_health_check=list(HealthCheck))
MAPPINGS = load_mappings()


def some_of(values: Any, most: int = 2) -> st.SearchStrategy[tuple[str, ...]]:
    """Mostly none, else a few."""
    return st.just(()) | st.lists(st.sampled_from(sorted(values)), unique=True, max_size=most).map(
        tuple
    )


def phrases() -> st.SearchStrategy[str]:
    """As buyers type them: a need or two, a place, a distance, kinds; with a typo now and then."""
    need = st.sampled_from(NEEDS) | st.tuples(st.sampled_from(NEEDS), st.sampled_from(NEEDS)).map(
        " et ".join
    )
    typo = st.sampled_from(NEEDS).map(lambda word: word[:-2] + word[-1])
    where = st.sampled_from([*TOWNS, "toute la France", "Rhône", "Bretagne", "38"]).map(
        lambda town: f" {town}"
    )
    circle = st.tuples(st.sampled_from([5, 20, 50, 150]), st.sampled_from(TOWNS)).map(
        lambda it: f" à {it[0]} km de {it[1]}"
    )
    kinds = st.sampled_from(KINDS).map(lambda kind: f", {kind}")
    return st.tuples(
        st.just("") | need | typo, st.just("") | where | circle, st.just("") | kinds
    ).map("".join)


def queries() -> st.SearchStrategy[Query]:
    known = MAPPINGS.vocabulary
    return st.builds(
        Query,
        q=phrases(),
        interpret=st.sampled_from([True, True, True, False]),
        kind=some_of(known.kinds),
        kind_group=some_of(known.kind_groups),
        sector=some_of([*known.sectors, *known.sector_groups]),
        service_type=some_of(known.service_types),
        certification=some_of(known.certifications),
        network=some_of(known.networks),
        employees=some_of(known.employees),
        department=some_of(["69", "38", "59", "44", "75"]),
        region=some_of(["84", "32", "11"]),
        bbox=st.none() | st.just(Box(3.5, 44.5, 6.5, 46.5)),
        coverage=st.none() | st.sampled_from(["located", "serves", "any"]),
        national=st.none() | st.sampled_from(["include", "exclude", "only"]),
        sort=st.sampled_from(SORTS),
        page=st.integers(1, 3),
        per_page=st.sampled_from([5, 20, 100]),
        facets=st.none() | some_of(FACETS, 5),
        as_of=st.just(TODAY),
    )


@dataclass(frozen=True)
class Services:
    """One over each engine of a pair."""

    pair: Pair
    mine: SearchService
    theirs: SearchService


def services(definition: Definition, count: int) -> Services:
    both = pair(definition, list(documents(count)))
    return Services(
        both,
        *(
            SearchService(engine, MAPPINGS, gazetteer(), today=lambda: TODAY)
            for engine in both.engines
        ),
    )


@pytest.fixture(scope="module")
def few(packaged: Definition, elasticsearch_url: str) -> Services:
    return services(packaged, 300)


@pytest.fixture(scope="module")
def many(packaged: Definition, elasticsearch_url: str) -> Services:
    return services(packaged, 2000)


def assert_answered_alike(over: Services, query: Query) -> None:
    """The whole answer of the service, and the engines' own to the request that it makes."""
    expected, found = answered(over.mine, query), answered(over.theirs, query)
    if not isinstance(expected, Answer) or not isinstance(found, Answer):
        assert found == expected
        return
    assert bare(found) == bare(expected)
    assert_same(over.pair, expected.plan.request)
    for beside in (expected.nearby, expected.neighbours):
        if beside:
            assert_same(over.pair, beside.request)


def answered(service: SearchService, query: Query) -> Answer | tuple[Problem, ...]:
    try:
        return service.search(query)
    except InvalidQuery as refused:
        return refused.problems


def bare(answer: Answer) -> Answer:
    """Without what tells the engines apart, and the hits, which have their own comparison."""
    page = replace(answer.page, hits=())
    status = replace(answer.status, engine="", index="", generation="")
    # A position is a score or a distance, near enough on both: that both go on is what is compared.
    after = replace(answer.next, position=cast(Any, ())) if answer.next else None
    return replace(
        answer,
        page=page,
        status=status,
        next=after,
        nearby=without_hits(answer.nearby),
        neighbours=without_hits(answer.neighbours),
        took_ms=0.0,
    )


def without_hits(beside: Nearby | None) -> Nearby | None:
    return replace(beside, hits=()) if beside else None


@settings(patient, max_examples=some(120))
@given(queries())
def test_whatever_is_asked_is_answered_alike(few: Services, query: Query) -> None:
    assert_answered_alike(few, query)


@pytest.mark.slow
@settings(patient, max_examples=some(30))
@given(queries())
def test_whatever_is_asked_of_many_is_answered_alike(many: Services, query: Query) -> None:
    assert_answered_alike(many, query)
