"""The whole use case on every engine: phrase and parameters in, answer out."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from discovery.engine.port import Box, Coverage, Document, Filters, Order, Point
from discovery.mappings.equivalences import Equivalences, Rule
from discovery.search.answer import Answer
from discovery.search.query import InvalidQuery, Query
from discovery.search.service import SearchService
from discovery.search.suggestions import apply
from discovery.texts import t
from tests.contract.conftest import PROFILE, TODAY, ServiceFactory
from tests.contract.corpus import (
    GRENOBLE,
    LYON,
    NANTES,
    PARIS,
    VILLEURBANNE,
    at,
    crowd,
    does,
    everywhere,
    supplier,
    within,
)
from tests.examples import some
from tests.tables import cases

CLEANING = "nettoyage-de-locaux"
relaxed_settings = settings(
    deadline=None, max_examples=some(40), suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def cleaner(id: str, **fields: Any) -> Document:
    return supplier(id, **{"name": "Propreté", "sector_terms": ["Nettoyage de locaux", "nettoyage"], **fields})


@pytest.fixture(scope="module")
def service(service_factory: ServiceFactory) -> SearchService:
    """Six cleaners and a few others, around Lyon and elsewhere."""
    clean = [does(CLEANING)]
    return service_factory(
        [
            cleaner("lyon-ei", kind="EI", activities=clean, completeness=90),
            cleaner("lyon-esat", kind="ESAT", activities=clean, certifications=["rge"], description="vitres"),
            cleaner("villeurbanne-ei", kind="EI", town=VILLEURBANNE, activities=[does(CLEANING, zone=within(30))]),
            cleaner("grenoble-aci", kind="ACI", town=GRENOBLE, activities=[does(CLEANING, zone=at("region:84"))]),
            cleaner("paris-ea", kind="EA", town=PARIS, activities=[does(CLEANING, zone=everywhere())]),
            cleaner("nantes-ei", kind="EI", town=NANTES, activities=clean, siret="78467169500103", siren="784671695"),
            supplier("lyon-bois", kind="EI", name="Menuiserie du Rhône", activities=[does("menuiserie")]),
            supplier("paris-linge", kind="ESAT", town=PARIS, name="Blanchisserie", description="blanchisserie et linge",
                     activities=[does("blanchisserie", zone=everywhere())]),
        ]
    )  # fmt: skip


@pytest.fixture(scope="module")
def many(service_factory: ServiceFactory) -> SearchService:
    return service_factory(crowd(250, seed=23))


def search(service: SearchService, q: str = "", **parameters: Any) -> Answer:
    return service.search(Query(q=q, **parameters))


def found(service: SearchService, q: str = "", **parameters: Any) -> set[str]:
    return {hit.id for hit in search(service, q, per_page=100, **parameters).page.hits}


def problems(service: SearchService, q: str = "", **parameters: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidQuery) as raised:
        search(service, q, **parameters)
    return [(one.parameter, one.code) for one in raised.value.problems]


# understanding


def test_a_phrase_becomes_words_places_and_filters(service: SearchService) -> None:
    """`q` is understood first; the remaining words are searched."""
    answer = search(service, "nettoyage à 30 km de Lyon, ESAT ou EI")
    assert answer.plan.request.filters == Filters(kind=("ESAT", "EI"))
    assert answer.plan.request.text is not None
    assert [word.text for word in answer.plan.request.text.words] == ["nettoyage"]
    assert (answer.plan.request.coverage, answer.plan.where.centre_label) == (Coverage.LOCATED, "Lyon (69)")
    assert {hit.id for hit in answer.page.hits} == {"lyon-ei", "lyon-esat", "villeurbanne-ei"}
    assert {piece.type for piece in answer.plan.reading.pieces} == {"kind", "place", "radius", "sector"}


def test_interpret_false_searches_the_words_as_they_are(service: SearchService) -> None:
    """`interpret=false` searches the words as they are."""
    answer = search(service, "nettoyage Lyon ESAT", interpret=False)
    assert (answer.plan.reading.pieces, answer.plan.request.filters, answer.plan.request.targets) == ((), Filters(), ())
    assert answer.plan.request.text is not None
    assert [word.text for word in answer.plan.request.text.words] == ["nettoyage", "Lyon", "ESAT"]


def test_literal_leaves_one_named_piece_as_words(service: SearchService) -> None:
    """`literal=` (repeatable) leaves one named piece as words."""
    answer = search(service, "nettoyage Lyon ESAT", literal=("Lyon",))
    assert answer.plan.request.targets == ()
    assert answer.plan.request.filters.kind == ("ESAT",)
    assert answer.plan.request.text is not None
    assert [word.text for word in answer.plan.request.text.words] == ["nettoyage", "Lyon"]


@pytest.mark.parametrize("q", ["784671695", "784 671 695", "78467169500103", "784 671 695 00103"])
def test_a_siren_or_siret_with_or_without_spaces(q: str, service: SearchService) -> None:
    """Digits that are a SIREN or SIRET, with or without spaces, find that company by prefix."""
    answer = search(service, q)
    assert [hit.id for hit in answer.page.hits] == ["nantes-ei"]
    assert answer.plan.request.text is None


def test_a_phrase_that_names_a_sector_is_offered_it_with_its_count(service: SearchService) -> None:
    """A phrase that is a sector's name is never a filter by itself: the filter is *offered* with its count."""
    answer = search(service, "nettoyage de locaux")
    assert answer.plan.request.filters.sector == ()
    (offer,) = [one for one in answer.offers if one.value == CLEANING]
    assert (offer.parameter, offer.count) == ("sector", 6)
    assert search(service, "nettoyage de locaux", sector=(CLEANING,)).page.total == offer.count
    assert search(service, "nettoyage de locaux", facets=()).offers == answer.offers


def test_a_group_of_sectors_is_offered_with_its_count(service: SearchService) -> None:
    """The same for a group, whether its facet was counted or not."""
    for facets in (None, ()):
        offers = search(service, "hygiène nettoyage", facets=facets).offers
        assert ("hygiene-et-proprete", 6) in [(one.value, one.count) for one in offers]


def test_an_offer_already_taken_is_not_made_again(service: SearchService) -> None:
    assert search(service, "nettoyage de locaux", sector=(CLEANING,)).offers == ()


# parameters


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"kind": ("OPCS",)}, [("kind", "unknown_value")]),
        ({"sort": "distance"}, [("sort", "sort_needs_centre")]),
        ({"sort": "distance", "place": ("department:69",)}, [("sort", "sort_needs_centre")]),
        (
            {"kind": ("NOPE",), "place": ("Xyzzyville",), "page": 0, "profile": "nope"},
            [
                ("profile", "unknown_value"),
                ("page", "page_range"),
                ("kind", "unknown_value"),
                ("place", "unknown_place"),
            ],
        ),
    ],
)
def test_what_cant_be_used_is_an_error_all_at_once(
    parameters: dict[str, Any], expected: list[tuple[str, str]], service: SearchService
) -> None:
    """A hidden kind is unknown; `distance` needs a centre."""
    assert sorted(problems(service, "nettoyage", **parameters)) == sorted(expected)


def test_a_phrase_may_give_the_centre_that_sorting_needs(service: SearchService) -> None:
    answer = search(service, "nettoyage Lyon", sort="distance", coverage="any")
    assert answer.plan.request.order is Order.DISTANCE
    distances = [hit.distance_km for hit in answer.page.hits]
    assert distances == sorted(distances, key=lambda km: km or 0)


def test_every_warning_has_its_words(service: SearchService) -> None:
    """Errors and warnings are for people: each code has its text."""
    for answer in (
        search(service, "nettoyage à 10 km ou 30 km de Lyon"),
        search(service, "nettoyage à 30 km du Rhône"),
        search(service, "le la", unknown=("x",)),
        search(service, near="Saint-Denis"),
        search(service, lat=45.76, lon=4.83, radius=5.0, coverage="any"),
    ):
        assert answer.plan.notices
        for notice in answer.plan.notices:
            assert "{" not in t(f"message.{notice.code}", "fr", **notice.args)


# where


# words


def test_words_without_matches_are_relaxed_and_said(service: SearchService) -> None:
    """Strict first. A lenient pass (corrections, fewer words required) follows when the words alone find too few.
    The answer says `relaxed: true` and what it searched."""
    answer = search(service, "nettoyage vitrx", interpret=False)
    assert search(service, "nettoyage", interpret=False).plan.relaxed is None
    assert answer.plan.relaxed is not None
    assert answer.page.total == 6
    assert answer.plan.request.text == answer.plan.relaxed.query


@pytest.mark.parametrize(("typed", "right"), cases(__file__, "a_misspelt_trade_is_needed_as_if_it_were_spelt_right"))
def test_a_misspelt_trade_is_needed_as_if_it_were_spelt_right(service: SearchService, typed: str, right: str) -> None:
    wrong, meant = (service.search(Query(q=q)) for q in (typed, right))
    assert wrong.plan.did_you_mean == right
    assert [one.sectors for one in wrong.plan.request.needs] == [one.sectors for one in meant.plan.request.needs]
    assert wrong.page.total == meant.page.total


def test_a_typo_is_corrected_and_did_you_mean_says_so(service: SearchService) -> None:
    """Typos are corrected **before** the engine, from one dictionary."""
    answer = search(service, "blanchizserie ESAT")
    assert answer.plan.relaxed is not None
    assert answer.plan.relaxed.corrections == {"blanchizserie": "blanchisserie"}
    assert answer.searched == "blanchisserie"
    assert answer.plan.did_you_mean == "blanchisserie ESAT"
    assert {hit.id for hit in answer.page.hits} == {"paris-linge"}


@pytest.mark.parametrize(
    "parameters",
    [
        {"kind": ("GEIQ",)},
        {"place": ("Nantes",), "coverage": "located"},
        {"page": 400},
        {"sort": "updated", "department": ("44",)},
        {"national": "only", "kind": ("ACI",)},
    ],
)
def test_little_left_by_filters_pages_or_sorts_is_never_relaxed(
    parameters: dict[str, Any], service: SearchService
) -> None:
    """Never because filters, pages or sorts left little. (With one word less required, these would be relaxed.)"""
    answer = search(service, "propreté nettoyage", **parameters)
    assert answer.plan.relaxed is None
    assert len(answer.page.hits) < PROFILE.relax_below


def test_the_map_and_exports_ask_for_what_the_search_showed(service: SearchService) -> None:
    """One reading: `request` is what `search` asks, relaxed or not."""
    for query in (
        Query("nettoyage Lyon"),
        Query("nettoyage vitrx"),
        Query("", near="Lyon"),
        Query("x y z", kind=("EI",)),
    ):
        assert service.request(query) == service.search(query).plan.request


def test_only_stop_words_search_nothing_and_say_so(service: SearchService) -> None:
    answer = search(service, "le la")
    assert answer.page.total == 8
    assert [one.code for one in answer.plan.notices] == ["only_common_words"]


def test_equivalences_find_each_other_and_the_word_typed_wins(service_factory: ServiceFactory) -> None:
    """`synonyms/*.txt` are *word equivalences*, expanded by our own query code at search time."""
    service = service_factory([supplier("auto", name="lavage auto"), supplier("voiture", name="lavage voiture")])
    assert [hit.id for hit in search(service, "voiture").page.hits] == ["voiture", "auto"]
    assert [hit.id for hit in search(service, "auto").page.hits] == ["auto", "voiture"]


def test_equivalences_that_an_older_index_cant_read_are_left_out(
    service_factory: ServiceFactory,
) -> None:
    """An index is queried with the analysis it was built with; a newer rule must not break the search."""
    service = service_factory([supplier("auto", name="lavage auto")])
    rules = Equivalences(Path("words.txt"), (Rule(("deux mots", "auto"), ("deux mots", "auto"), 1),))
    newer = SearchService(service.engine, replace(service.mappings, equivalences=rules), service.gazetteer)
    assert [hit.id for hit in search(newer, "auto").page.hits] == ["auto"]


# suggestions


def test_little_left_gets_counted_ways_out(service: SearchService) -> None:
    """Little left by filters gets counted suggestions ("à 50 km (14)", "Sans « ESAT » (9)"), not relaxation."""
    answer = search(service, "nettoyage ESAT à 1 km de Nantes")
    assert answer.page.total == 0
    said = {t(f"answer.{one.code}", "fr", **one.args) for one in answer.suggestions}
    assert "Sans « ESAT » (1)" in said
    assert all(one.count > 0 for one in answer.suggestions)


def test_ways_out_are_counted_with_the_words_searched(service: SearchService) -> None:
    """A typo read through stays read through: the count is that of the page it leads to."""
    answer = search(service, "blanchizserie ESAT à 10 km de Nantes")
    assert answer.plan.relaxed is not None
    anywhere = [one for one in answer.suggestions if one.code == "suggest_everywhere"]
    assert [one.count for one in anywhere] == [1]
    assert search(service, **dict(anywhere[0].change)).page.total == 1


@pytest.mark.parametrize("sort", ["relevance", "distance"])
def test_of_a_trade_that_plenty_do_all_of_france_is_a_way_out(service: SearchService, sort: str) -> None:
    """At a place words of such a trade mean less than they do everywhere: the way out counts what it leads to. Nothing
    is sorted by its distance from nowhere."""
    answer = search(service, "nettoyage à 1 km de Mende", sort=sort)
    (anywhere,) = [one for one in answer.suggestions if one.code == "suggest_everywhere"]
    assert anywhere.count == search(service, **dict(anywhere.change)).page.total > 4


def test_a_filter_that_uncovers_another_is_no_way_out(service: SearchService) -> None:
    """Taking `kind=GEIQ` away brings the phrase's ESAT back: "sans GEIQ" would not say so."""
    answer = search(service, "nettoyage ESAT", kind=("GEIQ",))
    assert answer.page.total == 0
    assert [one.change for one in answer.suggestions if "kind" in one.change] == []
    assert search(service, "nettoyage", kind=("GEIQ",)).suggestions[0].change == {"kind": ()}


def test_plenty_needs_no_way_out(service: SearchService) -> None:
    assert search(service, "nettoyage Lyon").suggestions == ()


_PARAMETERS = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(
            ["nettoyage", "bois ESAT", "linge à 10 km de Lyon", "ESAT ou EI Grenoble", "papier toute la France",
             "traiteur dans le Rhône, RGE", "vitres près de Paris", "handicap jardins Nantes"]
        ),
        "kind": st.sampled_from([("ESAT",), ("EI", "AI")]),
        "certification": st.just(("rge", "iso-9001")),
        "sector": st.sampled_from([("menuiserie",), ("hygiene-et-proprete", "blanchisserie")]),
        "place": st.sampled_from([("Vienne",), ("department:38",), ("69003", "Grenoble")]),
        "near": st.sampled_from(["Lyon", "Paris"]),
        "coverage": st.sampled_from(["located", "serves", "any"]),
        "national": st.sampled_from(["include", "exclude", "only"]),
        "employees": st.just(("500+",)),
        "region": st.just(("84",)),
    },
)  # fmt: skip


@relaxed_settings
@given(parameters=_PARAMETERS)
@example(parameters={"q": "vitres près de Paris", "near": "Paris", "region": ("84",)})  # said twice, to be left twice
@example(parameters={"q": "menuierie à 1 km de Metz"})  # mended, and a trade that plenty do
@example(parameters={"q": "menuiserie à 1 km de Metz", "sort": "distance"})  # which nothing is near to without a place
def test_following_a_suggestion_gives_its_count(parameters: dict[str, Any], many: SearchService) -> None:
    """A suggestion's count is the total of the search it leads to."""
    answer = many.search(Query(**parameters))
    for suggestion in answer.suggestions:
        assert suggestion.count > answer.page.total
        assert many.search(apply(answer.plan.query, suggestion.change)).page.total == suggestion.count


@relaxed_settings
@given(parameters=_PARAMETERS)
def test_taking_an_offer_gives_its_count(parameters: dict[str, Any], many: SearchService) -> None:
    """The filter is offered with its count: the total once it is chosen, in the circle that the answer shows."""
    answer = many.search(Query(**parameters))
    for offer in answer.offers:
        chosen: dict[str, Any] = {offer.parameter: (offer.value,)}
        assert many.search(replace(answer.plan.pinned, **chosen)).page.total == offer.count


@relaxed_settings
@given(parameters=_PARAMETERS, chosen=st.sampled_from([("sector", "menuiserie"), ("kind", "ESAT"), ("region", "84")]))
@example(parameters={"q": "nettoyage", "near": "Lyon", "coverage": "any"}, chosen=("sector", "menuiserie"))
def test_a_filter_keeps_the_order_of_what_it_keeps(
    parameters: dict[str, Any], chosen: tuple[str, str], many: SearchService
) -> None:
    """For the same words, profile and circle, two hits keep their order with and without any filter that keeps both,
    even when the filter is the sector that the phrase names."""
    filters = ("kind", "sector", "region", "certification", "employees")
    bare = {name: value for name, value in parameters.items() if name not in filters}
    answer = many.search(Query(**bare, per_page=100))
    whole = [hit.id for hit in answer.page.hits]
    narrowed: dict[str, Any] = {chosen[0]: (chosen[1],)}  # in the same circle: of fewer another would be chosen
    kept = [hit.id for hit in many.search(replace(answer.plan.pinned, **narrowed)).page.hits]
    both = [id for id in kept if id in whole]
    assert both == [id for id in whole if id in both]


# order


def test_the_order_rules(service: SearchService) -> None:
    """`relevance` (default). Without words and with a centre: distance first. With neither: completeness."""
    assert search(service, "nettoyage").plan.request.order is Order.RELEVANCE
    assert search(service, "Lyon").plan.request.order is Order.DISTANCE
    assert search(service).plan.request.order is Order.COMPLETENESS
    assert search(service, kind=("EI",)).page.hits[0].id == "lyon-ei"


@pytest.mark.parametrize(
    ("parameters", "centre"),
    [
        ({"near": "Lyon"}, True),
        ({"near": "Lyon", "radius": 10.0}, True),
        ({"place": ("Lyon",)}, True),
        ({"lat": 45.0, "lon": 4.0}, True),
        ({"place": ("Lyon", "Grenoble")}, True),
        ({"place": ("Rhône",)}, True),
        ({"place": ("Bretagne",)}, True),
        ({"place": ("France",)}, False),
        ({"bbox": Box(4, 45, 5, 46)}, False),
        ({}, False),
    ],
)
def test_what_gives_a_distance_decay(parameters: dict[str, Any], centre: bool, service: SearchService) -> None:
    """Distance decay from the centre of a circle, of a single commune, or of a focus (departments, regions, boxes
    and several places give none)."""
    assert (search(service, "nettoyage", **parameters).plan.request.signals.distance is not None) is centre


def test_as_of_is_today_unless_fixed(service: SearchService) -> None:
    """Freshness relative to `as_of`, a UTC day (today, fixed in evaluation)."""
    for as_of, day in ((None, TODAY), (date(2020, 1, 1), date(2020, 1, 1))):
        freshness = search(service, "nettoyage", as_of=as_of).plan.request.signals.freshness
        assert freshness is not None
        assert freshness.as_of == day


def test_a_recognised_sector_ranks_who_does_it_there_first(service: SearchService) -> None:
    """What the phrase names as a trade is a need: who does it there comes first."""
    request = search(service, "nettoyage de locaux Lyon").plan.request
    assert [need.sectors for need in request.needs] == [(CLEANING,)]
    assert request.signals.trade == PROFILE.trade


# the answer


def test_a_chosen_value_is_always_listed_even_at_zero(service: SearchService) -> None:
    """A chosen value is always listed, even at zero, whether typed or ticked."""
    for answer in (search(service, "nettoyage GEIQ"), search(service, "nettoyage", kind=("GEIQ",))):
        (geiq,) = [one for one in answer.facets["kind"] if one["value"] == "GEIQ"]
        assert (geiq["count"], geiq["selected"]) == (0, True)


def test_the_answer_says_who_answered(service: SearchService) -> None:
    began = perf_counter()
    answer = search(service, "nettoyage", lang="en")
    assert (answer.plan.profile.name, answer.plan.query.lang, answer.status.documents) == ("balanced", "en", 8)
    assert answer.status.ready
    assert 0 < answer.took_ms < (perf_counter() - began) * 1000
    assert answer.facets["kind"][0]["label"].isascii()


def test_facets_can_be_chosen_or_left_out(service: SearchService) -> None:
    assert set(search(service, facets=("kind", "region")).facets) == {"kind", "region"}
    assert search(service, facets=()).facets == {}


@settings(deadline=None, max_examples=some(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    q=st.text(max_size=300),
    place=st.lists(st.text(max_size=20), max_size=2).map(tuple),
    near=st.text(max_size=20),
    radius=st.none() | st.floats(),
    lat=st.none() | st.floats(),
    lon=st.none() | st.floats(),
)
def test_any_input_is_answered_or_refused_politely(
    q: str, place: tuple[str, ...], near: str, radius: float | None, lat: float | None, lon: float | None,
    service: SearchService,
) -> None:  # fmt: skip
    """Any input: an answer, or an error that can be said in words; never anything else."""
    try:
        answer = search(service, q, place=place, near=near, radius=radius, lat=lat, lon=lon)
    except InvalidQuery as error:
        for problem in error.problems:
            assert t(f"message.{problem.code}", "fr", **problem.args)
    else:
        assert answer.page.total >= len(answer.page.hits)


def test_a_point_stands_for_itself(service: SearchService) -> None:
    """A centre as a point: distances are measured from it."""
    answer = search(service, "nettoyage", lat=LYON.lat, lon=LYON.lon)
    assert answer.plan.request.centre == Point(LYON.lat, LYON.lon)
    assert answer.plan.where.centre_label == ""
