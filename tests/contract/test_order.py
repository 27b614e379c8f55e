"""Order: signals, explicit sorts, ties and pages, on every engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.analysis import Analysis
from discovery.engine.port import (
    Coverage,
    DistanceSignal,
    FreshnessSignal,
    Hit,
    Need,
    Order,
    Point,
    SearchEngine,
    SearchRequest,
    Signals,
    TextSignal,
)
from discovery.engine.rotation import drawn, lot
from discovery.mappings import load_mappings
from discovery.places import haversine_km
from tests.contract.asking import SIGNALS, commune, department, ids, requests, words
from tests.contract.conftest import TODAY, EngineFactory
from tests.contract.corpus import GRENOBLE, LYON, PARIS, VILLEURBANNE, crowd, supplier

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def many(engine_factory: EngineFactory) -> SearchEngine:
    return engine_factory(crowd(250, seed=13))


def scored(engine: SearchEngine, analysis: Analysis, signals: Signals, **request: object) -> dict[str, float]:
    """What the signals add to each hit's score of the text."""
    asked = SearchRequest(text=words(analysis, "nettoyage"), order=Order.RELEVANCE, size=500, **request)  # type: ignore[arg-type]
    text = {hit.id: hit.score or 0.0 for hit in engine.search(asked).hits}
    with_signals = {hit.id: hit.score for hit in engine.search(replace(asked, signals=signals)).hits}
    return {id: (score or 0.0) - text[id] for id, score in with_signals.items()}


def near(value: float) -> object:
    return pytest.approx(value, abs=1e-5)


# signals


def test_pins_come_first_and_buries_last_and_neither_adds_a_supplier(many: SearchEngine, analysis: Analysis) -> None:
    """Pins reorder matches, never add one; facets, totals and pages don't know of them."""
    asked = SearchRequest(text=words(analysis, "nettoyage"), order=Order.RELEVANCE, size=500)
    plain = many.search(asked)
    order = [hit.id for hit in plain.hits]
    pinned, buried = (order[-1], "nobody", order[-2]), (order[0], "nobody either")
    named = replace(asked, signals=Signals(pinned=pinned, buried=buried))
    page = many.search(named)
    moved = {*pinned, *buried}
    expected = [order[-1], order[-2], *(one for one in order if one not in moved), order[0]]
    assert [hit.id for hit in page.hits] == expected
    assert (page.total, page.facets) == (plain.total, plain.facets)
    paged = [hit.id for offset in range(0, 500, 7) for hit in many.search(replace(named, offset=offset, size=7)).hits]
    assert paged == expected


def test_distance_decays_in_two_halves(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """One part is halved every `near_km`, the other every `far_km`, beyond the offset; 0 without a location."""
    engine = engine_factory(
        [
            supplier("centre", name="nettoyage"),
            supplier("inside the offset", name="nettoyage", town=VILLEURBANNE),
            supplier("far", name="nettoyage", town=GRENOBLE),
            supplier("nowhere", name="nettoyage", location=None),
        ]
    )
    signal = DistanceSignal(0.6, (LYON.point,), offset_km=5, near_km=20, far_km=200, far_share=0.25)
    km = haversine_km(LYON.lat, LYON.lon, GRENOBLE.lat, GRENOBLE.lon) - 5
    assert scored(engine, analysis, Signals(distance=signal)) == {
        "centre": near(0.6),
        "inside the offset": near(0.6),
        "far": near(0.6 * (0.75 * 0.5 ** (km / 20) + 0.25 * 0.5 ** (km / 200))),
        "nowhere": near(0),
    }


def test_distance_counts_from_the_nearest_centre_and_is_none_inside(
    engine_factory: EngineFactory, analysis: Analysis
) -> None:
    """From the nearest point asked for where several communes are; from an area's own: 0 inside."""
    engine = engine_factory(
        [
            supplier("at the second", name="nettoyage", town=GRENOBLE),
            supplier("inside, point or not", name="nettoyage", town=PARIS, location=None),
            supplier("nowhere", name="nettoyage", location=None),
        ]
    )
    signal = DistanceSignal(0.5, (LYON.point, GRENOBLE.point), 0, 20, 200, 0.5, (department("75", "11"),))
    assert scored(engine, analysis, Signals(distance=signal)) == {
        "at the second": near(0.5),
        "inside, point or not": near(0.5),
        "nowhere": near(0),
    }


def test_90_km_and_790_are_told_apart(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """It must still tell 90 km from 790, by every profile of the package."""
    north = [Point(LYON.lat + km / 111.2, LYON.lon) for km in (0, 90, 790)]
    engine = engine_factory(
        [supplier(f"{number}", name="nettoyage", location=point) for number, point in enumerate(north)]
    )
    for profile in load_mappings().profiles.values():
        far = profile.distance
        signal = DistanceSignal(far.weight, (LYON.point,), far.offset_km, far.near_km, far.far_km, far.far_share)
        got = scored(engine, analysis, Signals(distance=signal))
        assert got["1"] - got["2"] > far.weight / 10, profile.name


def test_completeness_and_certifications(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """Signals: completeness; certifications."""
    engine = engine_factory(
        [
            supplier("full", name="nettoyage", completeness=100),
            supplier("empty", name="nettoyage", completeness=0),
            supplier("certified", name="nettoyage", completeness=0, certifications=["rge", "iso-9001"]),
        ]
    )
    got = scored(engine, analysis, Signals(completeness=0.25, certifications=0.3))
    assert got == {"full": near(0.25), "empty": near(0), "certified": near(0.2)}


def test_words_add_so_much_and_no_more(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """weight x min(1, text / (full x words))."""
    engine = engine_factory([supplier("a", name="nettoyage"), supplier("b", name="bois", description="nettoyage")])
    text = words(analysis, "nettoyage bois", required=1)
    asked = SearchRequest(text=text, order=Order.RELEVANCE)
    plain = {hit.id: hit.score or 0.0 for hit in engine.search(asked).hits}
    assert plain["b"] > plain["a"] > 0
    between = (plain["a"] + plain["b"]) / 2 / 2
    bounded = engine.search(replace(asked, signals=Signals(text=TextSignal(0.3, between)))).hits
    assert {hit.id: hit.score for hit in bounded} == {
        "a": near(0.3 * plain["a"] / (between * 2)),
        "b": near(0.3),
    }


def test_freshness_is_relative_to_as_of(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """Signals: freshness relative to `as_of`, a UTC day; nothing without a date, nothing lost in the future."""

    def dated(id: str, day: date | None) -> dict[str, object]:
        return supplier(id, name="nettoyage", **({"updated_at": day.isoformat()} if day else {}))  # type: ignore[arg-type]

    engine = engine_factory(
        [
            dated("today", TODAY),
            dated("at the offset", TODAY - timedelta(days=180)),
            dated("one scale later", TODAY - timedelta(days=180 + 720)),
            dated("never", None),
        ]
    )
    signal = FreshnessSignal(0.2, TODAY, offset_days=180, scale_days=720, decay=0.5)
    assert scored(engine, analysis, Signals(freshness=signal)) == {
        "today": near(0.2),
        "at the offset": near(0.2),
        "one scale later": near(0.1),
        "never": near(0),
    }


def test_signals_add_up(many: SearchEngine, analysis: Analysis) -> None:
    """score = the sum of all signals."""
    asked = {"targets": (commune(LYON, 500),), "coverage": Coverage.ANY, "needs": (Need(("menuiserie",)),)}
    bare = replace(SIGNALS, text=None)
    whole = scored(many, analysis, bare, **asked)
    parts = [
        scored(many, analysis, one, **asked)
        for one in (
            Signals(base=1.0),
            Signals(trade=SIGNALS.trade),
            Signals(promise=SIGNALS.promise, distance=SIGNALS.distance),
            Signals(completeness=SIGNALS.completeness),
            Signals(certifications=SIGNALS.certifications),
            Signals(freshness=SIGNALS.freshness),
        )
    ]
    assert whole
    for id, added in whole.items():
        assert added == pytest.approx(sum(one[id] for one in parts), abs=1e-4)


# orders


def test_distance_order_nearest_first_unknown_last(engine_factory: EngineFactory) -> None:
    """`distance`: ascending, unknown last."""
    engine = engine_factory(
        [
            supplier("1 none", location=None),
            supplier("2 far", town=PARIS),
            supplier("3 near", town=VILLEURBANNE),
            supplier("4 here"),
        ]
    )
    assert ids(engine, SearchRequest(centre=LYON.point, order=Order.DISTANCE)) == [
        "4 here",
        "3 near",
        "2 far",
        "1 none",
    ]


def test_name_order_is_that_of_the_key(engine_factory: EngineFactory) -> None:
    """`name`: a folded key made by the document builder."""
    engine = engine_factory(
        [supplier("1", name_key="zeta"), supplier("2", name_key="atelier 9"), supplier("3", name_key="atelier")]
    )
    assert ids(engine, SearchRequest(order=Order.NAME)) == ["3", "2", "1"]


def test_updated_order_newest_first_unknown_last(engine_factory: EngineFactory) -> None:
    """`updated`: newest first, unknown last."""
    engine = engine_factory(
        [supplier("1"), supplier("2", updated_at="2020-02-29"), supplier("3", updated_at="2026-01-01")]
    )
    assert ids(engine, SearchRequest(order=Order.UPDATED)) == ["3", "2", "1"]


def test_listed_order_newest_first_to_the_second_unknown_last(engine_factory: EngineFactory) -> None:
    """`listed`: newest first, unknown last; who was updated since is no newer."""
    engine = engine_factory(
        [
            supplier("1"),
            supplier("2", first_listed_at="2026-02-28T23:59:59Z", updated_at="2026-03-02"),
            supplier("3", first_listed_at="2026-03-01T00:00:00Z"),
            supplier("4", first_listed_at="2026-03-01T00:00:01Z"),
            supplier("5", first_listed_at="2026-03-01T00:00:01Z"),
        ]
    )
    assert ids(engine, SearchRequest(order=Order.LISTED)) == ["4", "5", "3", "2", "1"]


def test_browsing_is_by_completeness_then_freshness(engine_factory: EngineFactory) -> None:
    """With neither words nor centre: completeness, then freshness."""
    engine = engine_factory(
        [
            supplier("1", completeness=10, updated_at="2026-01-01"),
            supplier("2", completeness=90),
            supplier("3", completeness=90, updated_at="2020-01-01"),
            supplier("4", completeness=90, updated_at="2026-01-01"),
        ]
    )
    assert ids(engine, SearchRequest(order=Order.COMPLETENESS)) == ["4", "3", "2", "1"]


@pytest.mark.parametrize("order", [*Order])
def test_ties_end_on_id(order: Order, engine_factory: EngineFactory, analysis: Analysis) -> None:
    """Ties end on `id`, ascending, whatever the order of arrival."""
    engine = engine_factory([supplier(id, name="nettoyage", name_key="same") for id in ("c", "a", "d", "b")])
    text = words(analysis, "nettoyage") if order is Order.RELEVANCE else None
    request = SearchRequest(text=text, order=order, centre=LYON.point, signals=SIGNALS)
    assert ids(engine, request) == ["a", "b", "c", "d"]


# turns


def test_equals_take_turns_and_others_keep_their_places(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """Who has the same score is ordered by the lots, in any pages; who has another is not touched."""
    equal = [f"equal-{number:02}" for number in range(12)]
    engine = engine_factory(
        [
            *(supplier(id, name="nettoyage") for id in equal),
            supplier("better", name="nettoyage", completeness=90),
            supplier("worse", name="nettoyage", completeness=10),
        ]
    )
    asked = SearchRequest(text=words(analysis, "nettoyage"), order=Order.RELEVANCE, size=50)
    orders = set()
    for day in range(6):
        rotation = drawn(f"day {day}")
        turned = replace(asked, signals=Signals(completeness=0.3, rotation=rotation))
        found = ids(engine, turned)
        assert found == ["better", *sorted(equal, key=lambda one: rotation.place(lot(one))), "worse"]
        assert [id for at in range(0, 15, 4) for id in ids(engine, replace(turned, offset=at, size=4))] == found
        scores = {hit.id: hit.score for hit in engine.search(turned).hits}
        plain = engine.search(replace(turned, signals=Signals(completeness=0.3)))
        assert scores == {hit.id: hit.score for hit in plain.hits}, "no score changes"
        orders.add(tuple(found))
    assert len(orders) == 6


# pages


def key(hit: Hit) -> tuple[str, float | None]:
    return hit.id, hit.score


@relaxed
@given(data=st.data(), size=st.integers(1, 60))
def test_pages_repeat_nothing_and_lose_nothing(
    data: st.DataObject, size: int, many: SearchEngine, analysis: Analysis
) -> None:
    """Pages cut one list: put together they are it, each hit once, whatever the order."""
    whole = data.draw(requests(analysis))
    page = many.search(whole)
    pages = [
        many.search(replace(whole, offset=offset, size=size, facets=())) for offset in range(0, page.total + size, size)
    ]
    assert [key(hit) for one in pages for hit in one.hits] == [key(hit) for hit in page.hits]
    assert {one.total for one in pages} == {page.total}
    assert len({hit.id for hit in page.hits}) == page.total


@relaxed
@given(data=st.data())
def test_the_same_page_twice_is_the_same_page(data: st.DataObject, many: SearchEngine, analysis: Analysis) -> None:
    """The same page twice is the same page."""
    request = replace(data.draw(requests(analysis)), size=20)
    assert many.search(request) == many.search(request)


@relaxed
@given(data=st.data())
def test_the_order_never_changes_what_is_found(data: st.DataObject, many: SearchEngine, analysis: Analysis) -> None:
    """Sorting is not filtering."""
    request = data.draw(requests(analysis))
    found = {order: set(ids(many, replace(request, order=order))) for order in Order}
    assert len(set(map(frozenset, found.values()))) == 1


def test_beyond_the_last_page_there_is_nothing(many: SearchEngine) -> None:
    """A page too far is empty, its total right; a size of zero counts only."""
    total = many.search(SearchRequest()).total
    far = many.search(SearchRequest(offset=total))
    assert (far.total, far.hits) == (total, ())
    assert many.search(SearchRequest(size=0)).total == total
