"""Facets: a count is what choosing gives, on every engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.analysis import Analysis
from discovery.engine.port import FACETS, Coverage, Filters, National, SearchEngine, SearchRequest
from discovery.search.facets import BY_NAME
from tests.contract.asking import commune, department, requests
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import GRENOBLE, LYON, PARIS, at, crowd, does, everywhere, supplier
from tests.examples import some

relaxed = settings(deadline=None, max_examples=some(60), suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def many(engine_factory: EngineFactory) -> SearchEngine:
    return engine_factory(crowd(250, seed=17))


def choosing(request: SearchRequest, facet: str, *values: str) -> SearchRequest:
    """The request with that one filter replaced by some values."""
    match BY_NAME[facet].parameter:
        case "coverage":
            return replace(request, coverage=Coverage(values[0]))
        case "national":
            return replace(request, national=National(values[0]))
        case parameter:
            changed: dict[str, Any] = {parameter: values}
            return replace(request, filters=replace(request.filters, **changed))


@relaxed
@given(data=st.data())
def test_a_count_is_the_total_of_choosing_it_alone(data: st.DataObject, many: SearchEngine, analysis: Analysis) -> None:
    """**count(v) is exactly the total of the same request with that one filter replaced by v alone.**"""
    request = data.draw(requests(analysis))
    facets = many.search(replace(request, size=0)).facets
    assert set(facets) == set(FACETS)
    pairs = [(name, value) for name, counts in facets.items() for value in counts]
    totals = many.counts([choosing(request, name, value) for name, value in pairs])
    assert {pair: facets[pair[0]][pair[1]] for pair in pairs} == dict(zip(pairs, totals, strict=True))


@relaxed
@given(data=st.data())
def test_a_value_that_is_not_counted_finds_nobody(data: st.DataObject, many: SearchEngine, analysis: Analysis) -> None:
    """Nothing is left out: choosing a value without a count gives zero."""
    request = data.draw(requests(analysis))
    facets = many.search(replace(request, size=0)).facets
    everything = many.search(SearchRequest(size=0)).facets
    absent = [(name, value) for name in FACETS for value in everything[name] if value not in facets[name]]
    assert many.counts([choosing(request, name, value) for name, value in absent]) == [0] * len(absent)


@relaxed
@given(data=st.data())
def test_facets_are_those_asked_for(data: st.DataObject, many: SearchEngine, analysis: Analysis) -> None:
    """`facets`: names, none of them, all of them; counting some changes nothing of the others."""
    request = replace(data.draw(requests(analysis)), size=0)
    names = tuple(data.draw(st.lists(st.sampled_from(FACETS), unique=True)))
    whole = many.search(replace(request, facets=FACETS))
    some = many.search(replace(request, facets=names))
    assert some.facets == {name: whole.facets[name] for name in names}
    assert some.total == whole.total


def test_with_several_values_the_total_is_the_unions_never_a_sum(engine_factory: EngineFactory) -> None:
    """With several values chosen the page shows the union's total, never a sum."""
    engine = engine_factory(
        [
            supplier("a", activities=[does("menuiserie"), does("blanchisserie")]),
            supplier("b", activities=[does("menuiserie")]),
        ]
    )
    page = engine.search(SearchRequest(filters=Filters(sector=("menuiserie", "blanchisserie"))))
    assert page.total == 2
    assert page.facets["sector"] == {"menuiserie": 2, "blanchisserie": 1}


def test_a_facet_leaves_its_own_filter_aside(engine_factory: EngineFactory) -> None:
    """A facet shows what else could be chosen; the other filters apply."""
    engine = engine_factory(
        [supplier("a", kind="ESAT"), supplier("b", kind="EI"), supplier("c", kind="EI", town=PARIS)]
    )
    page = engine.search(SearchRequest(filters=Filters(kind=("ESAT",), department=("69",))))
    assert page.facets["kind"] == {"ESAT": 1, "EI": 1}
    assert page.facets["department"] == {"69": 1}
    assert page.facets["kind_group"] == {"handicap": 1}


def test_both_sector_facets_leave_the_whole_sector_parameter_aside(engine_factory: EngineFactory) -> None:
    """`sector` takes sectors and groups, and for both sector facets that whole parameter is "its own"."""
    engine = engine_factory(
        [supplier("a", activities=[does("menuiserie")]), supplier("b", activities=[does("blanchisserie")])]
    )
    page = engine.search(SearchRequest(filters=Filters(sector=("menuiserie", "entretien-du-linge"))))
    assert page.total == 2
    assert page.facets["sector"] == {"menuiserie": 1, "blanchisserie": 1}
    assert page.facets["sector_group"] == {"batiments-et-travaux-publics": 1, "entretien-du-linge": 1}


def test_facets_on_activities_count_suppliers_on_the_same_activity(engine_factory: EngineFactory) -> None:
    """Facets on activities count suppliers, under rule 2: the sector counted must itself serve, of that type."""
    engine = engine_factory(
        [
            supplier(
                "a",
                town=PARIS,
                activities=[
                    does("menuiserie", services=["BUILD"], zone=at(LYON.place)),
                    does("menuiserie", services=["PREST"], zone=at(LYON.place)),
                    does("blanchisserie", services=["DISP"], zone=at(PARIS.place)),
                ],
            )
        ]
    )
    served = SearchRequest(targets=(commune(LYON),), coverage=Coverage.SERVES)
    assert engine.search(served).facets["sector"] == {"menuiserie": 1}
    assert engine.search(served).facets["service_type"] == {"BUILD": 1, "PREST": 1}
    built = replace(served, filters=Filters(service_type=("DISP",)))
    assert engine.search(built).facets["sector"] == {}
    assert engine.search(built).facets["service_type"] == {"BUILD": 1, "PREST": 1}


def test_coverage_and_national_count_their_switches(engine_factory: EngineFactory) -> None:
    """Facets `coverage` and `national`: the total under each position of the switch."""
    engine = engine_factory(
        [
            supplier("seat", town=LYON),
            supplier("zone", town=PARIS, activities=[does(zone=at(LYON.place))]),
            supplier("all", town=PARIS, activities=[does(zone=everywhere())]),
        ]
    )
    facets = engine.search(SearchRequest(targets=(commune(LYON),))).facets
    assert facets["coverage"] == {"located": 1, "serves": 2, "any": 3}
    assert facets["national"] == {"include": 3, "exclude": 2, "only": 1}


def test_without_a_where_coverage_counts_every_match_alike(engine_factory: EngineFactory) -> None:
    """Without a where, coverage filters nothing."""
    engine = engine_factory([supplier("a"), supplier("b", town=GRENOBLE)])
    assert engine.search(SearchRequest()).facets["coverage"] == dict.fromkeys(Coverage, 2)


def test_every_facet_counts_its_own_field(engine_factory: EngineFactory) -> None:
    """`kind`, `kind_group`, `sector_group`, `sector`, `service_type`, `certification`, `network`, `department`,
    `region`, `territory`, `evidence`, `employees`, `coverage`, `national`."""
    engine = engine_factory(
        [
            supplier(
                "a",
                kind="EA",
                certifications=["rge"],
                networks=["unapei"],
                territories=["zrr"],
                evidence=["contract"],
                employees_band="10-49",
                activities=[does("menuiserie", services=["BUILD"])],
            )
        ]
    )
    facets = engine.search(SearchRequest(targets=(department("69", "84"),))).facets
    assert {name: [*counts] for name, counts in facets.items() if name not in {"coverage", "national"}} == {
        "kind": ["EA"],
        "kind_group": ["handicap"],
        "sector_group": ["batiments-et-travaux-publics"],
        "sector": ["menuiserie"],
        "service_type": ["BUILD"],
        "certification": ["rge"],
        "network": ["unapei"],
        "department": ["69"],
        "region": ["84"],
        "territory": ["zrr"],
        "evidence": ["contract"],
        "employees": ["10-49"],
    }
