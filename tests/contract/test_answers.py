"""What an answer chooses and says for people, on every engine: circles, the nearest, filters that
nobody can meet.
"""

from collections.abc import Callable
from typing import Any

import pytest

from discovery.engine.port import Document, SearchEngine
from discovery.search.answer import MAX_UNRECOGNISED, Answer
from discovery.search.query import Query
from discovery.search.service import SearchService
from tests.contract.conftest import ServiceFactory
from tests.contract.corpus import (
    GRENOBLE,
    LYON,
    NANTES,
    PARIS,
    VILLEURBANNE,
    Town,
    at,
    does,
    nowhere,
    supplier,
    within,
)
from tests.contract.worlds import moved
from tests.tables import cases

CLEANING = "nettoyage-de-locaux"


def cleaner(id: str, town: Town = LYON, **fields: Any) -> Document:
    given = {
        "name": "Propreté",
        "description": "matinal, chaleureux",
        "sector_terms": ["Nettoyage de locaux", "nettoyage"],
        "activities": [does(CLEANING)],
    }
    return supplier(id, town=town, **{**given, **fields})


@pytest.fixture(scope="module")
def service(service_factory: ServiceFactory) -> SearchService:
    """Twelve cleaners at Villeurbanne, three at Lyon, one at Grenoble and at Nantes; a joiner in
    Paris, a laundry.
    """
    return service_factory(
        [
            *(cleaner(f"villeurbanne-{number:02}", VILLEURBANNE, kind="EI") for number in range(12)),
            *(cleaner(f"lyon-{number}", LYON, kind="ESAT", certifications=["rge"]) for number in range(3)),
            cleaner("grenoble", GRENOBLE, kind="ETTI", activities=[does(CLEANING, zone=at("region:84"))]),
            cleaner("nantes", NANTES, kind="EATT", activities=[does(CLEANING, zone=within(20))]),
            supplier("paris", town=PARIS, kind="EA", name="Atelier du Faubourg", sector_terms=["Menuiserie"],
                     activities=[does("menuiserie")]),
            supplier("linge", town=NANTES, kind="ESAT", name="Linge Blanc", description="palettes zeppelin",
                     sector_terms=["Blanchisserie"], activities=[does("blanchisserie")]),
        ]
    )  # fmt: skip


def search(service: SearchService, q: str = "", **parameters: Any) -> Answer:
    return service.search(Query(q=q, **parameters))


def ids(answer: Answer) -> set[str]:
    return {hit.id for hit in answer.page.hits}


# Hours of insertion


@pytest.fixture(scope="module")
def sizes(service_factory: ServiceFactory) -> SearchService:
    """Six cleaners of each size, equals but for it: by id."""
    found = [cleaner(f"of-{size}-{turn}") for size in (3, 400, 49, 50) for turn in range(6)]
    for one in found:
        one["public"]["employees"] = int(one["id"].split("-")[1])
    return service_factory([*found, *(cleaner(f"of-0-{turn}") for turn in range(6))])


@pytest.mark.parametrize(
    ("phrase", "months"), cases(__file__, "who_has_people_enough_for_the_hours_asked_comes_first")
)
def test_who_has_people_enough_for_the_hours_asked_comes_first(
    sizes: SearchService, phrase: str, months: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """80,000 hours are 49.8 full-time posts of a year (hours ÷ years ÷ 1,607); whose size is not
    known comes with the small.
    """
    pages = [search(sizes, phrase, per_page=10, page=page) for page in (1, 2, 3)]
    shown = [hit.id for page in pages for hit in page.page.hits]
    assert len(set(shown)) == 30
    assert {id_.split("-")[1] for id_ in shown[:12]} == ({"50", "400"} if months else {"0", "3"})
    said = [one.args for one in pages[0].plan.notices if one.code == "hours_of_insertion"]
    told = {"hours": 80_000 * months // 12, "months": months, "posts": 49.8}
    assert said == ([told] if months else [])
    assert search(sizes, phrase, sort="name").plan.posts == 0, (
        "another order stays as it is asked for"
    )
    monkeypatch.setattr("discovery.search.service.POOL", 15)  # the second page is half in it
    assert (
        len(
            {
                hit.id
                for page in (1, 2, 3)
                for hit in search(sizes, phrase, per_page=10, page=page).page.hits
            }
        )
        == 30
    )


# Minutes by car


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "nettoyage", "near": "Lyon", "minutes": 20.0},
        {"q": "nettoyage", "place": ("Lyon",), "minutes": 20.0},
        {"q": "nettoyage", "lat": LYON.lat, "lon": LYON.lon, "minutes": 20.0},
        {"q": "nettoyage à 20 minutes de Lyon"},
        {"q": "cleaning within 20 minutes of Lyon", "lang": "en"},
        {"q": "nettoyage à 20 minutes de Nantes", "near": "Lyon", "minutes": 20.0},
    ],
)
def test_minutes_by_car_are_a_boundary(service: SearchService, asked: dict[str, Any]) -> None:
    answer = search(service, **asked, facets=("kind",), per_page=5)
    assert answer.page.total == 15
    assert answer.plan.request.coverage == "located"
    assert answer.page.facets["kind"] == {"EI": 12, "ESAT": 3}
    rest = [
        hit.id
        for page in (2, 3)
        for hit in search(service, **asked, per_page=5, page=page).page.hits
    ]
    assert len({hit.id for hit in answer.page.hits} | {*rest}) == 15


def test_more_minutes_reach_farther(service: SearchService) -> None:
    found = [
        ids(search(service, "nettoyage", near="Lyon", minutes=minutes))
        for minutes in (5.0, 60.0, 100.0)
    ]
    assert found[0] == {"lyon-0", "lyon-1", "lyon-2"}
    assert "grenoble" in found[2] - found[1]
    assert "nantes" not in found[2]


def test_who_serves_the_centre_counts_where_it_is_asked(service: SearchService) -> None:
    assert "grenoble" in ids(
        search(service, "nettoyage", near="Lyon", minutes=20.0, coverage="any")
    )


def test_nobody_within_the_minutes_is_said_so(service: SearchService) -> None:
    answer = search(service, "nettoyage", near="Brest", minutes=30.0)
    assert answer.nearby is not None
    assert (answer.page.total, answer.nearby.code, answer.nearby.args) == (
        0,
        "nobody_by_car",
        {"minutes": 30.0},
    )


# "Near" without a distance


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "nettoyage", "near": "Lyon"},
        {"q": "nettoyage", "lat": LYON.lat, "lon": LYON.lon},
        {"q": "nettoyage près de Lyon"},
    ],
)
def test_near_without_a_distance_is_the_smallest_circle_with_enough(
    service: SearchService, asked: dict[str, Any]
) -> None:
    answer = search(
        service,
        **{"q": "nettoyage", **asked, **({"q": f"nettoyage {asked['q']}"} if "q" in asked else {})},
    )
    assert answer.plan.circle is not None
    assert (answer.plan.circle.radius_km, answer.page.total) == (10, 15)
    assert answer.plan.circle.counts[10] == answer.page.total
    assert answer.plan.circle.wider == ((100, 16),), (
        "the next ones that hold more, each with its count"
    )


def test_too_few_anywhere_take_the_largest(service: SearchService) -> None:
    answer = search(service, "menuiserie", near="Paris")
    assert answer.plan.circle is not None
    assert (answer.plan.circle.radius_km, ids(answer)) == (200, {"paris"})


WORDY = {
    "name": "Nettoyage nettoyage",
    "description": "nettoyage de locaux, nettoyage",
    "completeness": 100,
}


@pytest.fixture(scope="module")
def apart(service_factory: ServiceFactory) -> SearchService:
    """North of Paris, of one trade: kilometres away, what each says of where it comes; the far ones
    say more words.
    """
    told = {
        "60 bare": (60, nowhere(), {}),
        "90 wordy": (90, nowhere(), WORDY),
        "150 bare": (150, nowhere(), {}),
        "160 comes": (160, within(200), {}),
        "190 wordy": (190, nowhere(), WORDY),
    }
    return service_factory(
        [
            cleaner(
                id,
                PARIS,
                location=moved(PARIS.point, km, 0),
                activities=[does(CLEANING, zone=zone)],
                **words,
            )
            for id, (km, zone, words) in told.items()
        ]
    )


@pytest.mark.parametrize("radius", ["auto", 200])
def test_in_a_circle_kilometres_are_above_words(apart: SearchService, radius: Any) -> None:
    """Within 200 km all are "there": whoever is nearer comes first, whatever else they say."""
    answer = search(apart, "nettoyage", near="Paris", radius=radius)
    assert [hit.id for hit in answer.page.hits] == [
        "60 bare",
        "90 wordy",
        "150 bare",
        "160 comes",
        "190 wordy",
    ]


def test_around_a_focus_kilometres_are_above_words(apart: SearchService) -> None:
    answer = search(apart, "nettoyage", near="Paris", radius="none")
    assert [hit.id for hit in answer.page.hits[:2]] == ["60 bare", "90 wordy"]
    assert answer.page.hits[-1].id == "190 wordy"


@pytest.fixture(scope="module")
def talkers(service_factory: ServiceFactory) -> SearchService:
    """Near Lyon a dozen whose texts speak of cleaning; twelve cleaners at Grenoble, of whom two by
    name alone.
    """
    speak: dict[str, Any] = {
        "name": "Atelier",
        "description": "clients : nettoyage",
        "activities": [does("menuiserie")],
    }
    return service_factory(
        [
            *(supplier(f"speaks-{number:02}", town=LYON, **speak) for number in range(12)),
            *(cleaner(f"cleans-{number:02}", GRENOBLE) for number in range(10)),
            *(
                supplier(f"named-{number}", town=GRENOBLE, name="Nettoyage Isérois", activities=[])
                for number in (1, 2)
            ),
            *(
                supplier(
                    f"sews-{number}",
                    town=LYON,
                    activities=[{**does("blanchisserie"), "sector": "confection-a-facon"}],
                )
                for number in (1, 2)
            ),
            supplier(
                "mends",
                town=GRENOBLE,
                activities=[{**does("blanchisserie"), "sector": "couture-reprisage-retouches"}],
            ),
            supplier("speaks of linen", town=LYON, description="couture", activities=[]),
            supplier("washes by name", town=LYON, name="Blanchisserie du Parc", activities=[]),
        ]
    )


def test_a_circle_is_chosen_by_who_does_the_trade(talkers: SearchService) -> None:
    answer = search(talkers, "nettoyage près de Lyon", per_page=50)
    assert answer.plan.circle is not None
    assert answer.plan.circle.radius_km == 100, "twelve who speak of it at Lyon fill no circle"
    assert {f"cleans-{number:02}" for number in range(10)} <= {
        hit.id for hit in answer.page.hits[:10]
    }


def test_of_a_trade_that_hardly_anybody_does_who_speaks_of_it_counts(
    talkers: SearchService,
) -> None:
    assert "speaks of linen" in ids(search(talkers, "couture à Lyon"))


def test_who_does_as_well_is_an_answer(talkers: SearchService) -> None:
    """Who asks for a seamstress is answered by who sews series, `mappings/vocabulary/close.yaml`
    says.
    """
    assert {"sews-1", "sews-2"} <= ids(search(talkers, "couture à Lyon"))
    alone = search(talkers, "confection à façon", per_page=50)
    assert "mends" not in ids(alone), "not the other way round"
    reasons = talkers.why(search(talkers, "couture à Lyon"))
    hit = next(one for one in search(talkers, "couture à Lyon").page.hits if one.id == "sews-1")
    assert any("Confection à façon" in reason.text for reason in reasons.of(hit))


def test_a_wider_circle_finds_what_it_said(service: SearchService) -> None:
    circle = search(service, "nettoyage", near="Lyon").plan.circle
    assert circle is not None
    for radius, count in circle.counts.items():
        assert search(service, "nettoyage", near="Lyon", radius=float(radius)).page.total == count
    assert list(circle.counts.values()) == sorted(circle.counts.values()), "widening only adds"


def test_a_distance_of_any_kind_is_not_chosen(service: SearchService) -> None:
    assert search(service, "nettoyage à 30 km de Lyon").plan.circle is None
    assert search(service, "nettoyage", near="Lyon", radius=30.0).plan.circle is None
    focus = search(service, "nettoyage", near="Lyon", radius="none")
    assert (focus.plan.circle, focus.page.total) == (None, 17)
    assert search(service, "nettoyage Isère", near="Lyon").plan.circle is None, (
        "a boundary says how far"
    )
    chosen = search(service, "nettoyage à 30 km de Lyon", radius="auto")
    assert chosen.plan.circle is not None


def test_the_pinned_search_is_the_same(service: SearchService) -> None:
    """A feed or an export keeps the circle that it was made with."""
    answer = search(service, "nettoyage près de Lyon", per_page=100)
    again = service.search(answer.plan.pinned)
    assert again.plan.circle is None
    assert [hit.id for hit in again.page.hits] == [hit.id for hit in answer.page.hits]
    assert service.settled(answer.plan.query).request == answer.plan.request, (
        "for the map and exports too"
    )


# Nobody at the place asked


@pytest.mark.parametrize(
    ("q", "code"),
    [("menuiserie Nantes", "nobody_in"), ("menuiserie à 10 km de Nantes", "nobody_within"),
     ("menuiserie près de Nantes", "nobody_within"), ("menuiserie Nantes Métropole", "nobody_in"),
     ("menuiserie Loire-Atlantique", "nobody_in"), ("menuiserie en Bretagne", "nobody_in")],
)  # fmt: skip
def test_nobody_there_shows_the_nearest_apart(service: SearchService, q: str, code: str) -> None:
    answer = search(service, q)
    assert (answer.page.total, answer.page.hits) == (0, ())
    assert answer.nearby is not None
    assert answer.nearby.code == code
    assert [hit.id for hit in answer.nearby.hits] == ["paris"]
    assert all(hit.distance_km for hit in answer.nearby.hits)
    assert service.engine.search(service.settled(answer.plan.query).request).total == 0, (
        "exports hold real matches only"
    )


@pytest.mark.parametrize("buyer", ["CHU de Lyon", "mairie de Lyon", "université de Grenoble"])
def test_who_buys_only_ranks(service: SearchService, buyer: str) -> None:
    """An authority's name takes nobody out; who is near its town comes first."""
    plain, more = (
        search(service, "nettoyage", per_page=100),
        search(service, f"{buyer} : nettoyage", per_page=100),
    )
    assert {hit.id for hit in more.page.hits} == {hit.id for hit in plain.page.hits}
    assert (more.plan.circle, more.plan.where.targets) == (None, ())
    assert more.page.hits[0].distance_km == min(
        hit.distance_km for hit in more.page.hits if hit.distance_km is not None
    )


def test_the_nearest_do_what_is_needed_and_pass_the_filters(service: SearchService) -> None:
    answer = search(service, "nettoyage Rennes", kind=("ESAT", "EATT"), coverage="located")
    assert answer.nearby is not None
    assert [hit.id for hit in answer.nearby.hits] == ["nantes", "lyon-0", "lyon-1", "lyon-2"]


@pytest.mark.parametrize("q", ["nettoyage Lyon", "menuiserie", "zzyzx Nantes"])
def test_without_that_nobody_is_shown_besides(service: SearchService, q: str) -> None:
    """Somebody is there, no place was asked, or nothing was recognised."""
    assert search(service, q).nearby is None


# Filters that no record of the index can meet


def test_a_filter_that_nobody_meets_becomes_the_kinds_that_mean_it(service: SearchService) -> None:
    answer = search(service, "intérim nettoyage")
    assert answer.plan.request.filters.service_type == ()
    assert answer.plan.request.filters.kind == ("ETTI", "EATT")
    assert ids(answer) == {"grenoble", "nantes"}
    assert [notice.code for notice in answer.plan.notices] == ["unmet_as_kinds"]


def test_a_filter_that_nobody_meets_becomes_words(service: SearchService) -> None:
    answer = search(service, "nettoyage Unapei")
    assert answer.plan.request.filters.network == ()
    assert "Unapei" in answer.plan.intent.text
    assert [notice.code for notice in answer.plan.notices] == ["unmet_as_words"]


def test_a_filter_that_somebody_meets_and_a_parameter_filter_as_asked(
    service: SearchService,
) -> None:
    assert ids(search(service, "nettoyage RGE")) == {"lyon-0", "lyon-1", "lyon-2"}
    answer = search(service, "nettoyage Unapei", network=("unapei",))
    assert (answer.plan.request.filters.network, answer.page.total) == (("unapei",), 0)


# Honest nothing


def test_an_unknown_trade_is_said_first_and_little_is_shown(service: SearchService) -> None:
    q = "zeppelin matinal chaleureux"
    answer = search(service, q, per_page=100)
    assert not answer.plan.recognised
    assert answer.page.total > len(answer.page.hits) == answer.reach == MAX_UNRECOGNISED
    assert len(search(service, q, per_page=6, page=2).page.hits) == MAX_UNRECOGNISED - 6
    assert search(service, q, page=2).page.hits == ()


@pytest.mark.parametrize(
    ("q", "widened"), [("blanc zeppelin", True), ("zeppelin matinal", False), ("zepelin", False)]
)
def test_it_is_said_where_a_word_may_lack_of_those_that_somebody_has(
    service: SearchService, q: str, widened: bool
) -> None:
    answer = search(service, q)
    assert answer.plan.relaxed is not None
    assert answer.page.total > 0
    assert answer.widened is widened


@pytest.mark.parametrize(
    "q", ["", "Lyon", "ESAT", "nettoyage", "netoyage", "Linge Blanc", "palettes zeppelin"]
)
def test_a_trade_a_filter_or_all_the_words_are_recognised(service: SearchService, q: str) -> None:
    assert search(service, q).plan.recognised


# The house: at most six calls to the engine for an answer


class Counted:
    """A real engine whose calls are counted."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        found: Callable[..., Any] = getattr(self._engine, name)

        def called(*given: Any, **named: Any) -> Any:
            self.calls.append(name)
            return found(*given, **named)

        return called


def test_an_answer_asks_the_engine_seven_times_at_most(service: SearchService) -> None:
    engine: Any = Counted(service.engine)
    counted = SearchService(engine, service.mappings, service.gazetteer)
    counted.search(
        Query(q="RGE")
    )  # what is looked up once for an index: its analysis, the filters that it can meet
    for asked in (
        Query(q="nettoyage"),
        Query(q="nettoyage à 30 km de Lyon, ESAT ou EI"),
        Query(q="netoyage de bureaus Lyon"),
        Query(q="nettoyage et menuiserie", near="Lyon"),
        Query(q="zeppelin dirigeable près de Lyon"),
        Query(q="menuiserie près de Nantes", kind=("ESAT",)),
        Query(q="menuiserie Nantes"),
        Query(q="intérim RGE nettoyage Unapei Lyon"),
    ):
        engine.calls.clear()
        counted.search(asked)
        assert len(engine.calls) <= 7, (asked.q, engine.calls)
        assert engine.calls.count("status") == 1, asked.q


@pytest.mark.parametrize(
    "q", ["assurance des bâtiments", "maîtrise d'œuvre pour la peinture d'une école"]
)
def test_what_no_inclusive_supplier_does_is_not_recognised(service: SearchService, q: str) -> None:
    """Whoever holds its words: nothing is answered as if it were what was asked for."""
    answer = search(service, q)
    assert not answer.plan.recognised
    assert not answer.plan.request.needs
    assert answer.page.total == 0, "who holds one of its words is no answer"
    assert any(notice.code == "phrase_outside_trade" for notice in answer.plan.notices)
