"""Requests as tests write them, and random ones for properties."""

from typing import Any

from hypothesis import strategies as st

from discovery.engine.analysis import Analysis
from discovery.engine.port import (
    Alternative,
    Box,
    Circle,
    Coverage,
    DistanceSignal,
    Filters,
    FreshnessSignal,
    National,
    Need,
    Order,
    Point,
    SearchEngine,
    SearchRequest,
    Signals,
    Target,
    TextQuery,
    TextSignal,
    Word,
)
from tests.contract.conftest import PROFILE, TODAY
from tests.contract.corpus import GROUPS, LYON, TOWNS, WORDS, Town


def ids(engine: SearchEngine, request: SearchRequest) -> list[str]:
    return [hit.id for hit in engine.search(request).hits]


def words(analysis: Analysis, text: str, *, required: int | None = None, **changes: Any) -> TextQuery:
    """Every word of a text, all required by default, over the profile's fields."""
    found = tuple(
        Word(text[token.start : token.end], (Alternative(token.term),)) for token in analysis.tokens("french", text)
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


def circle(point: Point, radius_km: float, inside: Town | None = None) -> Target:
    """Around a bare point, which lies `inside` a town."""
    return Target(
        circle=Circle(point, radius_km), zone_places=holding(inside) if inside else frozenset(), zone_points=(point,)
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


def _some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


filters = st.builds(
    Filters,
    kind=_some("EI", "AI", "ESAT", "EA"),
    kind_group=_some("insertion", "handicap"),
    sector=_some(*GROUPS, *set(GROUPS.values())),
    service_type=_some("DISP", "PREST", "BUILD"),
    certification=_some("rge", "iso-9001"),
    network=_some("coorace", "unapei"),
    territory=_some("qpv", "zrr"),
    evidence=_some("contract", "job"),
    legal_form=_some("SAS", "ASSO"),
    employees=_some("1-9", "10-49"),
    department=_some("69", "38", "75"),
    region=_some("84", "11"),
)

exclusions = st.builds(
    Filters,
    kind=_some("EI", "ESAT"),
    sector=_some(*GROUPS, *set(GROUPS.values())),
    service_type=_some("DISP", "PREST", "BUILD"),
)

targets = st.lists(
    st.one_of(
        st.sampled_from(TOWNS).map(commune),
        st.builds(commune, st.sampled_from(TOWNS), st.sampled_from([1.0, 10.0, 50.0, 500.0])),
        st.sampled_from([department("69", "84"), department("38", "84"), region("84"), region("11"), COUNTRY]),
    ),
    max_size=2,
).map(tuple)

boxes = st.sampled_from([None, None, None, Box(4.0, 45.0, 5.0, 46.0), Box(-5.0, 42.0, 8.0, 49.5)])


@st.composite
def requests(draw: st.DrawFn, analysis: Analysis, *, order: Order | None = None) -> SearchRequest:
    """Any request that a service may make."""
    typed = draw(st.lists(st.sampled_from(WORDS), unique=True, max_size=3))
    text = words(analysis, " ".join(typed)) if typed else None
    if text is not None:
        text = TextQuery(text.words, draw(st.integers(1, len(text.words))), text.fields, text.tie_breaker)
    needed = st.builds(
        Need,
        _some(*GROUPS, *set(GROUPS.values())),
        st.just(text.words[:1] if text else ()),
    )
    return SearchRequest(
        text=text,
        needs=draw(st.one_of(st.just(()), st.lists(needed, min_size=1, max_size=2).map(tuple))),
        exclude=draw(st.one_of(st.just(Filters()), st.just(Filters()), exclusions)),
        presumed=draw(st.booleans()),
        # Few filters at once: most random conjunctions find nothing, and prove nothing.
        filters=draw(st.one_of(st.just(Filters()), _one_or_two_filters())),
        targets=draw(targets),
        coverage=draw(st.sampled_from(Coverage)),
        national=draw(st.sampled_from(National)),
        box=draw(boxes),
        centre=LYON.point,
        signals=SIGNALS,
        order=order or draw(st.sampled_from(Order)),
        size=500,
    )


@st.composite
def _one_or_two_filters(draw: st.DrawFn) -> Filters:
    drawn = draw(filters)
    kept = draw(st.lists(st.sampled_from([*Filters.__dataclass_fields__]), unique=True, min_size=1, max_size=2))
    return Filters(**{name: getattr(drawn, name) for name in kept})
