"""Requests as tests write them."""

from typing import Any

from hypothesis import strategies as st

from discovery.engine.analysis import Analysis
from discovery.engine.port import (
    Alternative,
    Circle,
    DistanceSignal,
    FreshnessSignal,
    SearchEngine,
    SearchRequest,
    Signals,
    Target,
    TextQuery,
    TextSignal,
    Word,
)
from tests.contract.conftest import PROFILE, TODAY
from tests.contract.corpus import LYON, TOWNS, Town


def ids(engine: SearchEngine, request: SearchRequest) -> list[str]:
    return [hit.id for hit in engine.search(request).hits]


def words(
    analysis: Analysis, text: str, *, required: int | None = None, **changes: Any
) -> TextQuery:
    """Every word of a text, all required by default, over the profile's fields."""
    found = tuple(
        Word(text[token.start : token.end], (Alternative(token.term),))
        for token in analysis.tokens("french", text)
    )
    given = {"fields": PROFILE.fields, "tie_breaker": PROFILE.tie_breaker, **changes}
    return TextQuery(found, len(found) if required is None else required, **given)


def commune(town: Town, radius_km: float | None = None) -> Target:
    return Target(
        communes=frozenset({town.code}),
        circle=None if radius_km is None else Circle(town.point, radius_km),
        zone_places=holding(town),
        zone_points=(town.point,),
    )


def holding(town: Town) -> frozenset[str]:
    return frozenset({town.place, f"department:{town.department}", f"region:{town.region}"})


def department(code: str, region: str) -> Target:
    return Target(
        departments=frozenset({code}),
        zone_places=frozenset({f"department:{code}", f"region:{region}"}),
        zone_within=frozenset({f"department:{code}"}),
    )


def region(code: str) -> Target:
    held = frozenset({f"region:{code}"})
    return Target(regions=frozenset({code}), zone_places=held, zone_within=held)


COUNTRY = Target(everywhere=True)

SIGNALS = Signals(
    base=1.0,
    trade=PROFILE.trade,
    promise=PROFILE.promise,
    text=TextSignal(0.1, 30),
    distance=DistanceSignal(3, (LYON.point,), 3, 10, 150, 0.5),
    completeness=0.08,
    certifications=0.04,
    freshness=FreshnessSignal(0.05, TODAY, 180, 720, 0.5),
)

targets = st.lists(
    st.one_of(
        st.sampled_from(TOWNS).map(commune),
        st.builds(commune, st.sampled_from(TOWNS), st.sampled_from([1.0, 10.0, 50.0, 500.0])),
        st.sampled_from(
            [department("69", "84"), department("38", "84"), region("84"), region("11"), COUNTRY]
        ),
    ),
    max_size=2,
).map(tuple)
