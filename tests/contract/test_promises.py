"""What an order promises, whatever is asked: properties, on every engine, with the default
profile's numbers.
"""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.analysis import Analysis
from discovery.engine.port import Need, Order, SearchEngine, SearchRequest, ServesBy
from discovery.engine.predicate import of_sectors
from tests.contract.asking import SIGNALS, ids, targets, words
from tests.contract.conftest import EngineFactory
from tests.contract.corpus import GROUPS, LYON, crowd, does, supplier
from tests.contract.worlds import moved
from tests.examples import some

relaxed = settings(
    deadline=None,
    max_examples=some(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def many(engine_factory: EngineFactory) -> SearchEngine:
    return engine_factory(crowd(250, seed=21))


sectors = st.sampled_from([*GROUPS, *set(GROUPS.values())])


@relaxed
@given(sector=sectors, where=targets)
def test_who_sits_in_the_place_and_does_the_trade_is_never_below_who_comes_from_elsewhere(
    sector: str, where: Any, many: SearchEngine, analysis: Analysis
) -> None:
    assert SIGNALS.distance is not None
    signals = replace(SIGNALS, distance=replace(SIGNALS.distance, inside=where))
    asked = SearchRequest(
        text=words(analysis, "nettoyage bois", required=1),
        needs=(Need((sector,)),),
        targets=where,
        signals=signals,
        order=Order.RELEVANCE,
        size=500,
    )
    hits = many.search(asked).hits
    does_it = [
        hit.serves_by
        for hit in hits
        if any(of_sectors(one, (sector,)) for one in hit.document.get("activities", ()))
    ]
    if not where:
        assert set(does_it) <= {None}
        return
    seated = [by is ServesBy.SEAT for by in does_it]
    assert seated == sorted(seated, reverse=True)


@pytest.fixture(scope="module")
def two(engine_factory: EngineFactory) -> Any:
    """Of one trade: somebody next door whose record is bare, somebody far away whose record is not."""

    def make(near_km: float, far_km: float, bearing: float, rich: dict[str, Any]) -> SearchEngine:
        there, here = moved(LYON.point, far_km, bearing), moved(LYON.point, near_km, bearing + 90)
        activity = does("menuiserie")
        return engine_factory(
            [
                supplier(
                    "a far", location=there, activities=[activity], sector_terms=["bois"], **rich
                ),
                supplier(
                    "b near",
                    location=here,
                    activities=[activity],
                    sector_terms=["bois"],
                    completeness=0,
                ),
                *crowd(40, seed=5),
            ]
        )

    return make


@settings(relaxed, max_examples=some(20))
@given(
    near_km=st.floats(0, 12),
    far_km=st.floats(100, 800),
    bearing=st.floats(0, 360),
    registered=st.booleans(),
    certifications=st.lists(st.sampled_from(["rge", "iso-9001", "iso-14001"]), unique=True),
    completeness=st.integers(0, 100),
)
def test_a_trade_next_door_is_never_below_the_same_trade_far_away(
    near_km: float,
    far_km: float,
    bearing: float,
    registered: bool,
    certifications: list[str],
    completeness: int,
    two: Any,
    analysis: Analysis,
) -> None:
    """Because of a registered code or a fuller profile."""
    rich: dict[str, Any] = {
        "completeness": completeness,
        "certifications": certifications,
        "updated_at": "2026-03-01",
        **({"naf_terms": ["bois"], "evidence_sectors": ["menuiserie"]} if registered else {}),
    }
    engine = two(near_km, far_km, bearing, rich)
    asked = SearchRequest(
        text=words(analysis, "bois"),
        needs=(Need(("menuiserie",)),),
        signals=SIGNALS,
        centre=LYON.point,
        order=Order.RELEVANCE,
        size=100,
    )
    found = ids(engine, asked)
    assert found.index("b near") < found.index("a far")
