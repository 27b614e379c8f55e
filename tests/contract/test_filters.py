"""Filters: what each sentence of the contract says, on every engine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.analysis import Analysis
from discovery.engine.port import Coverage, Filters, National, Order, SearchEngine, SearchRequest
from tests.contract.asking import SIGNALS, commune, ids, requests, words
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import LYON, PARIS, at, crowd, delisted, does, everywhere, supplier, within

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


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


def test_a_scope_holds_whatever_is_asked(engine_factory: EngineFactory) -> None:
    """Presets narrow, never widen: nothing outside is found or counted, even by a facet that replaces a filter."""
    engine = engine_factory(
        [
            supplier("esat", kind="ESAT", activities=[does("blanchisserie"), does("menuiserie")]),
            supplier("other", kind="ESAT", activities=[does("menuiserie")]),
            supplier("ei", kind="EI", activities=[does("blanchisserie")]),
        ]
    )
    narrow = Filters(kind=("ESAT",), sector=("blanchisserie",))
    scope = (narrow,)

    def within_scope(**filters: object) -> set[str]:
        return set(ids(engine, SearchRequest(filters=Filters(**filters), scope=scope)))  # type: ignore[arg-type]

    assert within_scope() == {"esat"}
    assert within_scope(kind=("EI", "ESAT")) == {"esat"}
    assert within_scope(sector=("menuiserie",)) == set()
    assert within_scope(kind=("EI",)) == set()
    page = engine.search(SearchRequest(filters=Filters(kind=("EI",)), scope=scope))
    assert page.facets["kind"] == {"ESAT": 1}
    assert engine.counts([SearchRequest(scope=scope), SearchRequest(filters=narrow)]) == [1, 1]


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


def test_filters_combine_with_and(engine_factory: EngineFactory) -> None:
    """Filters combine with AND."""
    engine = engine_factory(
        [
            supplier("both", kind="ESAT", certifications=["rge"]),
            supplier("kind", kind="ESAT"),
            supplier("certified", kind="EI", certifications=["rge"]),
        ]
    )
    assert found(engine, kind=("ESAT",), certification=("rge",)) == {"both"}


def test_the_values_of_one_filter_combine_with_or(engine_factory: EngineFactory) -> None:
    """The values of one filter combine with OR."""
    engine = engine_factory([supplier("a", kind="ESAT"), supplier("b", kind="EI"), supplier("c", kind="AI")])
    assert found(engine, kind=("ESAT", "EI")) == {"a", "b"}


@pytest.mark.parametrize(
    ("parameter", "value", "fields"),
    [
        ("kind", "ESAT", {"kind": "ESAT"}),
        ("kind_group", "handicap", {"kind": "EA"}),
        ("certification", "rge", {"certifications": ["iso-9001", "rge"]}),
        ("network", "unapei", {"networks": ["unapei"]}),
        ("territory", "qpv", {"territories": ["qpv"]}),
        ("evidence", "job", {"evidence": ["contract", "job"]}),
        ("legal_form", "SAS", {"legal_form": "SAS"}),
        ("employees", "500+", {"employees_band": "500+"}),
        ("department", "75", {"town": PARIS}),
        ("region", "11", {"town": PARIS}),
    ],
)
def test_every_filter_finds_its_value_and_nothing_else(
    parameter: str, value: str, fields: dict[str, object], engine_factory: EngineFactory
) -> None:
    """Each parameter filters its own field; who has no value is not found by it."""
    engine = engine_factory([supplier("it", **fields), supplier("not")])  # type: ignore[arg-type]
    assert found(engine, **{parameter: (value,)}) == {"it"}


def test_a_supplier_is_listed_once(engine_factory: EngineFactory) -> None:
    """A supplier is listed once, however many of its activities match."""
    engine = engine_factory([supplier("a", activities=[does(), does(), does("menuiserie")])])
    assert ids(engine, SearchRequest(filters=Filters(sector=("nettoyage-de-locaux", "menuiserie")))) == ["a"]


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


def test_a_seat_counts_for_any_activity(engine_factory: EngineFactory) -> None:
    """Located suppliers need the sector, wherever that activity is offered."""
    engine = engine_factory([supplier("a", activities=[does("menuiserie")])])
    asked = SearchRequest(filters=Filters(sector=("menuiserie",)), targets=(commune(LYON),))
    assert ids(engine, asked) == ["a"]
    assert ids(engine, replace(asked, filters=Filters(sector=("blanchisserie",)))) == []


def test_a_sector_group_stands_for_all_its_sectors(engine_factory: EngineFactory) -> None:
    """A sector group stands for all its sectors, and mixes with sectors in one parameter."""
    engine = engine_factory(
        [
            supplier("a", activities=[does("nettoyage-de-locaux")]),
            supplier("b", activities=[does("nettoyage-de-vehicules")]),
            supplier("c", activities=[does("menuiserie")]),
            supplier("d", activities=[does("blanchisserie")]),
        ]
    )
    assert found(engine, sector=("hygiene-et-proprete",)) == {"a", "b"}
    assert found(engine, sector=("hygiene-et-proprete", "menuiserie")) == {"a", "b", "c"}


@pytest.mark.parametrize("parameter", [*Filters.__dataclass_fields__])
def test_an_unknown_value_never_widens(parameter: str, many: SearchEngine) -> None:
    """An unknown value never widens the answer: alone it finds nobody."""
    value: object = "999999999" if parameter == "siret" else ("no-such-value",)
    assert found(many, **{parameter: value}) == set()


@relaxed
@given(data=st.data())
def test_an_unknown_value_beside_others_changes_nothing(
    data: st.DataObject, many: SearchEngine, analysis: Analysis
) -> None:
    """An unknown value never widens the answer: beside a known one it adds nobody."""
    request = data.draw(requests(analysis))
    name = data.draw(st.sampled_from([one for one in Filters.__dataclass_fields__ if one != "siret"]))
    values = getattr(request.filters, name)
    if values:
        wider = replace(request, filters=replace(request.filters, **{name: (*values, "no-such-value")}))  # type: ignore[arg-type]
        assert many.counts([wider]) == many.counts([request])


@relaxed
@given(data=st.data())
def test_filters_never_change_a_score(data: st.DataObject, many: SearchEngine, analysis: Analysis) -> None:
    """Filters, where aside, never change a score: two hits keep their order with and without any filter."""
    filtered = data.draw(requests(analysis, order=Order.RELEVANCE))
    bare = replace(filtered, filters=Filters())
    scores = {hit.id: hit.score for hit in many.search(bare).hits}
    kept = [(hit.id, hit.score) for hit in many.search(filtered).hits]
    assert kept == [(id, scores[id]) for id, _ in kept]
    order = [*scores]
    assert [order.index(id) for id, _ in kept] == sorted(order.index(id) for id, _ in kept)


@relaxed
@given(data=st.data())
def test_more_filters_never_find_more(data: st.DataObject, many: SearchEngine, analysis: Analysis) -> None:
    """AND: what two filters find together, each finds alone."""
    request = data.draw(requests(analysis))
    both = set(ids(many, request))
    for name in Filters.__dataclass_fields__:
        without = replace(request, filters=replace(request.filters, **{name: type(getattr(request.filters, name))()}))
        assert both <= set(ids(many, without))


def test_words_and_filters_combine(many: SearchEngine, analysis: Analysis) -> None:
    """Filters narrow what the words find."""
    text = words(analysis, "nettoyage")
    all_ = set(ids(many, SearchRequest(text=text, order=Order.RELEVANCE, size=500, signals=SIGNALS)))
    esat = set(ids(many, SearchRequest(text=text, filters=Filters(kind=("ESAT",)), order=Order.RELEVANCE, size=500)))
    assert esat
    assert esat == all_ & set(ids(many, SearchRequest(filters=Filters(kind=("ESAT",)), size=500)))


def test_a_siret_or_a_siren_finds_a_company_by_prefix(engine_factory: EngineFactory) -> None:
    """Digits that are a SIREN or SIRET find that company by prefix."""
    engine = engine_factory(
        [
            supplier("a", siret="78467169500103", siren="784671695"),
            supplier("b", siret="78467169500111", siren="784671695"),
            supplier("c", siret="12345678900011", siren="123456789"),
        ]
    )
    assert found(engine, siret="784671695") == {"a", "b"}
    assert found(engine, siret="78467169500103") == {"a"}
    assert found(engine, siret="7846716950010") == {"a"}


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
