"""Facets: a count is what choosing gives, on every engine."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings

from discovery.engine.port import Coverage, Filters, SearchEngine, SearchRequest
from tests.contract.asking import commune, department
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import LYON, PARIS, at, crowd, does, everywhere, supplier
from tests.examples import some

relaxed = settings(deadline=None, max_examples=some(60), suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def many(engine_factory: EngineFactory) -> SearchEngine:
    return engine_factory(crowd(250, seed=17))


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
