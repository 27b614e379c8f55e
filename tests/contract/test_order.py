"""Order: signals, explicit sorts, ties and pages, on every engine."""

from dataclasses import replace

import pytest

from discovery.engine.analysis import Analysis
from discovery.engine.port import (
    DistanceSignal,
    Hit,
    Order,
    Point,
    SearchEngine,
    SearchRequest,
    Signals,
    drawn,
    lot,
)
from discovery.mappings import load_mappings
from discovery.places import haversine_km
from tests.contract.asking import SIGNALS, ids, words
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import GRENOBLE, LYON, VILLEURBANNE, crowd, supplier


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


# orders


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
