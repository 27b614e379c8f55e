"""Order, on every engine: what distance is worth, and turns of equals."""

from dataclasses import replace
from typing import Any

from discovery.engine.analysis import Analysis
from discovery.engine.port import (
    DistanceSignal,
    Order,
    Point,
    SearchEngine,
    SearchRequest,
    Signals,
    drawn,
    lot,
)
from discovery.mappings import load_mappings
from tests.contract.asking import ids, words
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import LYON, supplier


def scored(
    engine: SearchEngine, analysis: Analysis, signals: Signals, **request: Any
) -> dict[str, float]:
    """What the signals add to each hit's score of the text."""
    asked = SearchRequest(
        text=words(analysis, "nettoyage"), order=Order.RELEVANCE, size=500, **request
    )
    text = {hit.id: hit.score or 0.0 for hit in engine.search(asked).hits}
    with_signals = {
        hit.id: hit.score for hit in engine.search(replace(asked, signals=signals)).hits
    }
    return {id: (score or 0.0) - text[id] for id, score in with_signals.items()}


# signals


def test_90_km_and_790_are_told_apart(engine_factory: EngineFactory, analysis: Analysis) -> None:
    """It must still tell 90 km from 790, by every profile of the package."""
    north = [Point(LYON.lat + km / 111.2, LYON.lon) for km in (0, 90, 790)]
    engine = engine_factory(
        [
            supplier(f"{number}", name="nettoyage", location=point)
            for number, point in enumerate(north)
        ]
    )
    for profile in load_mappings().profiles.values():
        far = profile.distance
        signal = DistanceSignal(
            far.weight, (LYON.point,), far.offset_km, far.near_km, far.far_km, far.far_share
        )
        got = scored(engine, analysis, Signals(distance=signal))
        assert got["1"] - got["2"] > far.weight / 10, profile.name


# turns


def test_equals_take_turns_and_others_keep_their_places(
    engine_factory: EngineFactory, analysis: Analysis
) -> None:
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
        assert found == [
            "better",
            *sorted(equal, key=lambda one: rotation.place(lot(one))),
            "worse",
        ]
        assert [
            id for at in range(0, 15, 4) for id in ids(engine, replace(turned, offset=at, size=4))
        ] == found
        scores = {hit.id: hit.score for hit in engine.search(turned).hits}
        plain = engine.search(replace(turned, signals=Signals(completeness=0.3)))
        assert scores == {hit.id: hit.score for hit in plain.hits}, "no score changes"
        orders.add(tuple(found))
    assert len(orders) == 6
