from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from discovery.config import Mappings
from discovery.config.profiles import MOST_PINNED, ORIGINS, Named
from discovery.engine.port import (
    FACETS,
    Coverage,
    Filters,
    National,
    Order,
    Point,
    SameActivitySignal,
    SearchRequest,
    Signals,
    TextQuery,
    Word,
)
from discovery.engine.port import Alternative as Alt
from discovery.search import plan
from discovery.search.parameters import Query
from discovery.search.reading import Reading
from discovery.search.where import Asked, Where

TODAY = date(2026, 3, 1)
TEXT = TextQuery((Word("vitres", (Alt("vitr"),)),), 1, (("name", 1.0),), 0.1)
NOWHERE = Where((), Coverage.ANY, National.INCLUDE)
SOMEWHERE = replace(NOWHERE, centre=Point(45.0, 5.0), origin="focus")
PLAIN = Reading("vitres", Filters(), Asked(), (), (), ())


def made(
    mappings: Mappings,
    query: Query = Query(),  # noqa: B008 - frozen
    reading: Reading = PLAIN,
    where: Where = NOWHERE,
    text: TextQuery | None = TEXT,
) -> SearchRequest:
    return plan.request(query, reading, where, text, mappings.profile(), TODAY)


@pytest.mark.parametrize(
    ("sort", "has_words", "where", "order"),
    [
        ("relevance", True, NOWHERE, Order.RELEVANCE),
        ("relevance", True, SOMEWHERE, Order.RELEVANCE),
        ("relevance", False, SOMEWHERE, Order.DISTANCE),
        ("relevance", False, NOWHERE, Order.COMPLETENESS),
        ("distance", True, SOMEWHERE, Order.DISTANCE),
        ("name", True, SOMEWHERE, Order.NAME),
        ("updated", False, SOMEWHERE, Order.UPDATED),
        ("listed", True, SOMEWHERE, Order.LISTED),
    ],
)
def test_the_order_rules(sort: str, has_words: bool, where: Where, order: Order) -> None:
    assert plan.order(sort, has_words, where) is order


def test_the_profiles_numbers_become_signals(mappings: Mappings) -> None:
    profile = mappings.profile()
    signals = made(mappings, where=SOMEWHERE, reading=replace(PLAIN, sectors=("menuiserie",))).signals
    assert signals.distance is not None
    assert (signals.distance.centre, signals.distance.weight) == (SOMEWHERE.centre, profile.distance.weight)
    assert (signals.distance.offset_km, signals.distance.scale_km, signals.distance.decay) == (
        profile.distance.offset_km,
        profile.distance.scale_km,
        profile.distance.decay,
    )
    assert signals.freshness is not None
    assert (signals.freshness.as_of, signals.freshness.scale_days) == (TODAY, profile.freshness.scale_days)
    assert (signals.completeness, signals.certifications) == (profile.completeness, profile.certifications)
    assert signals.same_activity == SameActivitySignal(profile.same_activity, ("menuiserie",))


def test_without_a_centre_or_a_sector_those_signals_are_absent(mappings: Mappings) -> None:
    signals = made(mappings).signals
    assert signals.distance is None
    assert signals.same_activity is None


@pytest.mark.parametrize("origin", ORIGINS)
def test_distance_is_measured_from_the_origins_that_the_profile_names(mappings: Mappings, origin: str) -> None:
    profile = mappings.profile()
    only = replace(profile, distance=replace(profile.distance, origins=frozenset({"circle"})))
    where = replace(SOMEWHERE, origin=origin)
    ranking = plan.request(Query(), PLAIN, where, TEXT, only, TODAY).signals
    assert (ranking.distance is not None) == (origin == "circle")


def test_suppliers_are_pinned_and_buried_for_the_words_they_are_named_for(mappings: Mappings) -> None:
    profile = replace(
        mappings.profile(),
        pins=(Named(("Vitrés", "VITRES"), ("b", "a")), Named(("vitres",), ("c", "a"))),
        buries=(Named(("vitres",), ("z", "b")),),
    )
    ranking = plan.request(Query(), PLAIN, NOWHERE, TEXT, profile, TODAY).signals
    assert ranking.pinned == ("b", "a", "c")
    assert ranking.buried == ("z",)
    other = replace(PLAIN, text="nettoyage de vitres")
    assert plan.request(Query(), other, NOWHERE, TEXT, profile, TODAY).signals.pinned == ()
    by_name = plan.request(Query(sort="name"), PLAIN, NOWHERE, TEXT, profile, TODAY).signals
    assert by_name == Signals()


def test_no_more_are_pinned_than_a_score_can_hold(mappings: Mappings) -> None:
    rules = tuple(Named(("vitres",), (f"s{number}",)) for number in range(MOST_PINNED + 3))
    ranking = plan.request(Query(), PLAIN, NOWHERE, TEXT, replace(mappings.profile(), pins=rules), TODAY).signals
    assert len(ranking.pinned) == MOST_PINNED
    assert max(ranking.factors().values()) * 1000 < 3.4e38, "more than Elasticsearch's floats hold"


def test_as_of_fixes_the_day(mappings: Mappings) -> None:
    freshness = made(mappings, Query(as_of=date(2025, 1, 1))).signals.freshness
    assert freshness is not None
    assert freshness.as_of == date(2025, 1, 1)


def test_explicit_orders_need_no_signals(mappings: Mappings) -> None:
    assert made(mappings, Query(sort="name")).signals == Signals()


def test_filters_have_no_part_in_the_signals(mappings: Mappings) -> None:
    filtered = replace(PLAIN, filters=Filters(kind=("ESAT",), sector=("menuiserie",)))
    one, other = made(mappings), made(mappings, reading=filtered)
    assert (one.signals, one.order, one.text) == (other.signals, other.order, other.text)


def test_paging_and_facets(mappings: Mappings) -> None:
    request = made(mappings, Query(page=3, per_page=25, facets=("kind",)))
    assert (request.offset, request.size, request.facets) == (50, 25, ("kind",))
    assert made(mappings).facets == FACETS
    assert made(mappings, Query(facets=())).facets == ()
