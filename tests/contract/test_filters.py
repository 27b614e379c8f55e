"""Filters: what each sentence of the contract says, on every engine."""

from dataclasses import replace
from typing import Any

import pytest

from discovery.engine.analysis import Analysis
from discovery.engine.port import Coverage, Filters, National, Order, SearchEngine, SearchRequest
from tests.contract.asking import commune, ids, words
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import LYON, PARIS, at, crowd, delisted, does, everywhere, supplier, within


@pytest.fixture(scope="module")
def many(engine_factory: EngineFactory) -> SearchEngine:
    return engine_factory(crowd(250, seed=7))


def found(engine: SearchEngine, **filters: object) -> set[str]:
    return set(ids(engine, SearchRequest(filters=Filters(**filters))))  # type: ignore[arg-type]


def test_only_live_suppliers_are_ever_found(engine_factory: EngineFactory) -> None:
    """Status: only live suppliers are ever found; delisted ones leave a stub."""
    engine = engine_factory([supplier("a"), delisted("b")])
    page = engine.search(SearchRequest())
    assert (page.total, [hit.id for hit in page.hits]) == (1, ["a"])
    stub = engine.get("b")
    assert stub is not None
    assert stub["live"] is False


def test_siret_and_name_are_not_unique(engine_factory: EngineFactory) -> None:
    """A stable `id`; SIRET and name are *not* unique."""
    twins = [supplier(id, name="Même nom", siret="12345678900011", siren="123456789") for id in ("a", "b")]
    engine = engine_factory(twins)
    assert found(engine, siret="12345678900011") == {"a", "b"}
    assert [document["id"] for document in engine.by_siret("12345678900011")] == ["a", "b"]


def test_a_scope_and_the_where_hold_on_one_activity(engine_factory: EngineFactory) -> None:
    """A site of launderers does not answer with one who only carves wood there, nor do its facets name the wood."""
    linen, wood = does("blanchisserie", zone=at(LYON.place)), does("menuiserie", zone=at(LYON.place))
    engine = engine_factory(
        [
            supplier("launders-there", town=PARIS, activities=[linen, does("menuiserie")]),
            supplier("carves-there", town=PARIS, activities=[does("blanchisserie"), wood]),
            supplier("seated-there", town=LYON, activities=[does("blanchisserie"), wood]),
        ]
    )
    asked = SearchRequest(targets=(commune(LYON),))
    assert set(ids(engine, asked)) == {"launders-there", "carves-there", "seated-there"}
    page = engine.search(replace(asked, scope=(Filters(sector=("blanchisserie",)),)))
    assert {hit.id: hit.matched_sectors for hit in page.hits} == {
        "launders-there": ("blanchisserie",),
        "seated-there": ("blanchisserie",),
    }
    assert page.facets["sector"] == {"blanchisserie": 2}
    assert page.facets["coverage"] == {"located": 1, "serves": 1, "any": 2}


def test_sector_service_type_and_zone_hold_on_the_same_activity(engine_factory: EngineFactory) -> None:
    """`sector=nettoyage-de-locaux&national=only` must not answer with an AI that cleans around Paris and sells
    joinery all over France."""
    engine = engine_factory(
        [
            supplier(
                "ai",
                kind="AI",
                town=PARIS,
                activities=[
                    does("nettoyage-de-locaux", services=["DISP"], zone=within(30)),
                    does("menuiserie", services=["BUILD"], zone=everywhere()),
                ],
            ),
            supplier("right", activities=[does("nettoyage-de-locaux", services=["PREST"], zone=everywhere())]),
        ]
    )

    def with_(national: National = National.INCLUDE, **filters: Any) -> list[str]:
        return ids(engine, SearchRequest(filters=Filters(**filters), national=national))

    assert with_(National.ONLY, sector=("nettoyage-de-locaux",)) == ["right"]
    assert with_(National.ONLY, sector=("menuiserie",)) == ["ai"]
    assert with_(sector=("menuiserie",), service_type=("DISP",)) == []
    assert with_(sector=("menuiserie",), service_type=("BUILD",)) == ["ai"]
    served = SearchRequest(
        filters=Filters(sector=("nettoyage-de-locaux",)), targets=(commune(LYON),), coverage=Coverage.SERVES
    )
    assert ids(engine, served) == ["right"]
    assert set(ids(engine, replace(served, filters=Filters()))) == {"ai", "right"}


def test_counts_are_the_totals_of_searches(many: SearchEngine, analysis: Analysis) -> None:
    """`counts` gives, in one go, the totals that the searches would."""
    asked = [
        SearchRequest(),
        SearchRequest(text=words(analysis, "nettoyage bois", required=1), order=Order.RELEVANCE),
        SearchRequest(targets=(commune(LYON, 30.0),), coverage=Coverage.LOCATED),
        SearchRequest(filters=Filters(kind=("ESAT",)), size=0),
    ]
    assert many.counts(asked) == [many.search(one).total for one in asked]
    assert many.counts([]) == []
