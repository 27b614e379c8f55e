from dataclasses import replace
from datetime import date

import pytest

from discovery.engine.port import Alternative as Alt
from discovery.engine.port import (
    Coverage,
    DistanceSignal,
    Filters,
    National,
    Need,
    Point,
    SearchRequest,
    SeaSignal,
    Signals,
    Target,
    TextQuery,
    TextSignal,
    Word,
)
from discovery.mappings import Mappings
from discovery.mappings.profiles import MAX_PINNED, Named
from discovery.places import Gazetteer
from discovery.search.interpret import Interpretation
from discovery.search.plan import BASE, make_request, make_signals
from discovery.search.query import Query
from discovery.search.where import GeoFilter, GeoQuery, Measured

TODAY = date(2026, 3, 1)
TEXT = TextQuery((Word("vitres", (Alt("vitr"),)),), 1, (("name", 1.0),), 0.1)
NOWHERE = GeoFilter((), Coverage.ANY, National.INCLUDE)
CENTRE = Point(45.0, 5.0)
SOMEWHERE = replace(NOWHERE, centre=CENTRE)
PLAIN = Interpretation("vitres", Filters(), GeoQuery(), (), (), ())
THERE = replace(PLAIN, asked=GeoQuery(centre=CENTRE))
NEED = Need(("menuiserie",))
GAZETTEER = Gazetteer.load()


def made(
    mappings: Mappings,
    query: Query = Query(),  # noqa: B008 - frozen
    reading: Interpretation = PLAIN,
    where: GeoFilter = NOWHERE,
    text: TextQuery | None = TEXT,
    needs: tuple[Need, ...] = (),
) -> SearchRequest:
    return make_request(
        query, reading, where, text, mappings.profile(), TODAY, (), needs, GAZETTEER
    )


def test_the_profiles_numbers_become_signals(mappings: Mappings) -> None:
    profile = mappings.profile()
    where = replace(SOMEWHERE, targets=(Target(departments=frozenset({"69"})),))
    signals = made(mappings, where=where, reading=THERE, needs=(NEED,)).signals
    far = profile.distance
    assert signals.distance == DistanceSignal(
        far.weight, (CENTRE,), far.offset_km, far.near_km, far.far_km, far.far_share
    )
    assert signals.text == TextSignal(profile.text.weight, profile.text.full)
    assert (signals.base, signals.trade, signals.promise) == (BASE, profile.trade, profile.promise)
    assert signals.freshness is not None
    assert (signals.freshness.as_of, signals.freshness.scale_days) == (
        TODAY,
        profile.freshness.scale_days,
    )
    assert (signals.completeness, signals.certifications) == (
        profile.completeness,
        profile.certifications,
    )


def test_a_place_without_a_point_still_has_promises(mappings: Mappings) -> None:
    there = Measured((), (Target(communes=frozenset({"69123"})),))
    signals = make_signals(mappings.profile(), there, TODAY, needed=True, overseas=frozenset())
    assert signals.distance is not None
    assert signals.distance.inside == there.inside


def test_words_alone_weigh_more_and_distance_less(mappings: Mappings) -> None:
    profile = mappings.profile()
    signals = made(mappings, where=SOMEWHERE, reading=THERE).signals
    assert signals.distance is not None
    assert signals.text is not None
    assert (signals.text.weight, signals.distance.weight) == (
        profile.text.alone,
        profile.distance.alone,
    )


def test_without_a_centre_there_is_no_distance(mappings: Mappings) -> None:
    assert made(mappings).signals.distance is None


@pytest.mark.parametrize(
    ("place", "sea"), [("commune:69123", "overseas"), ("department:974", "974"), ("country", "")]
)
def test_the_sea_lies_between_what_is_asked_and_the_other_side(
    mappings: Mappings, place: str, sea: str
) -> None:
    known = GAZETTEER.parse_place(place)
    assert known is not None
    signal = made(mappings, reading=replace(PLAIN, asked=GeoQuery(places=(known,)))).signals.sea
    if not sea:
        assert signal is None
    elif sea == "overseas":
        assert signal == SeaSignal(mappings.profile().sea, GAZETTEER.overseas)
    else:
        assert signal == SeaSignal(mappings.profile().sea, frozenset({sea}), among=False)


def test_suppliers_are_pinned_and_buried_for_the_words_they_are_named_for(
    mappings: Mappings,
) -> None:
    profile = replace(
        mappings.profile(),
        pins=(Named(("Vitrés", "VITRES"), ("b", "a")), Named(("vitres",), ("c", "a"))),
        buries=(Named(("vitres",), ("z", "b")),),
    )
    ranking = make_request(Query(), PLAIN, NOWHERE, TEXT, profile, TODAY).signals
    assert ranking.pinned == ("b", "a", "c")
    assert ranking.buried == ("z",)
    other = replace(PLAIN, text="nettoyage de vitres")
    assert make_request(Query(), other, NOWHERE, TEXT, profile, TODAY).signals.pinned == ()
    by_name = make_request(Query(sort="name"), PLAIN, NOWHERE, TEXT, profile, TODAY).signals
    assert by_name == Signals()


def test_no_more_are_pinned_than_a_score_can_hold(mappings: Mappings) -> None:
    rules = tuple(Named(("vitres",), (f"s{number}",)) for number in range(MAX_PINNED + 3))
    ranking = make_request(
        Query(), PLAIN, NOWHERE, TEXT, replace(mappings.profile(), pins=rules), TODAY
    ).signals
    assert len(ranking.pinned) == MAX_PINNED
    assert max(ranking.factors().values()) * 1000 < 3.4e38, "more than Elasticsearch's floats hold"


def test_words_that_tell_no_trade_may_make_a_name(mappings: Mappings) -> None:
    words = tuple(Word(text, (Alt(text),)) for text in ("maison", "tisserands"))
    text = replace(TEXT, words=words)
    need = Need(("textiles",), words[1:])

    def named(needs: tuple[Need, ...]) -> tuple[Word, ...]:
        return make_request(
            Query(), PLAIN, NOWHERE, text, mappings.profile(), TODAY, (), needs
        ).signals.named

    assert named((need,)) == words
    assert named((replace(need, words=words),)) == ()
    assert named(()) == words
