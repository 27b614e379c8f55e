"""The whole use case on every engine: phrase and parameters in, answer out."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from discovery.engine.port import Document
from discovery.mappings.equivalences import Equivalences, Rule
from discovery.search.answer import Answer
from discovery.search.query import InvalidQuery, Query
from discovery.search.service import SearchService
from discovery.search.suggestions import apply
from discovery.texts import t
from tests.contract.conftest import PROFILE, TODAY, ServiceFactory
from tests.contract.corpus import (
    GRENOBLE,
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
    deadline=None,
    max_examples=some(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def cleaner(id: str, **fields: Any) -> Document:
    return supplier(
        id, **{"name": "Propreté", "sector_terms": ["Nettoyage de locaux", "nettoyage"], **fields}
    )


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


@pytest.mark.parametrize("q", ["784671695", "784 671 695", "78467169500103", "784 671 695 00103"])
def test_a_siren_or_siret_with_or_without_spaces(q: str, service: SearchService) -> None:
    """Digits that are a SIREN or SIRET, with or without spaces, find that company by prefix."""
    answer = search(service, q)
    assert [hit.id for hit in answer.page.hits] == ["nantes-ei"]
    assert answer.plan.request.text is None


def test_a_phrase_that_names_a_sector_is_offered_it_with_its_count(service: SearchService) -> None:
    """A phrase that is a sector's name is never a filter by itself: the filter is *offered* with
    its count.
    """
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


# parameters


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
    """Strict first. A lenient pass (corrections, fewer words required) follows when the words alone
    find too few. The answer says `relaxed: true` and what it searched.
    """
    answer = search(service, "nettoyage vitrx", interpret=False)
    assert search(service, "nettoyage", interpret=False).plan.relaxed is None
    assert answer.plan.relaxed is not None
    assert answer.page.total == 6
    assert answer.plan.request.text == answer.plan.relaxed.query


@pytest.mark.parametrize(
    ("typed", "right"), cases(__file__, "a_misspelt_trade_is_needed_as_if_it_were_spelt_right")
)
def test_a_misspelt_trade_is_needed_as_if_it_were_spelt_right(
    service: SearchService, typed: str, right: str
) -> None:
    wrong, meant = (service.search(Query(q=q)) for q in (typed, right))
    assert wrong.plan.did_you_mean == right
    assert [one.sectors for one in wrong.plan.request.needs] == [
        one.sectors for one in meant.plan.request.needs
    ]
    assert wrong.page.total == meant.page.total


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
    """Never because filters, pages or sorts left little. (With one word less required, these would
    be relaxed.)
    """
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


def test_equivalences_find_each_other_and_the_word_typed_wins(
    service_factory: ServiceFactory,
) -> None:
    """`synonyms/*.txt` are *word equivalences*, expanded by our own query code at search time."""
    service = service_factory(
        [supplier("auto", name="lavage auto"), supplier("voiture", name="lavage voiture")]
    )
    assert [hit.id for hit in search(service, "voiture").page.hits] == ["voiture", "auto"]
    assert [hit.id for hit in search(service, "auto").page.hits] == ["auto", "voiture"]


def test_equivalences_that_an_older_index_cant_read_are_left_out(
    service_factory: ServiceFactory,
) -> None:
    """An index is queried with the analysis it was built with; a newer rule must not break the
    search.
    """
    service = service_factory([supplier("auto", name="lavage auto")])
    rules = Equivalences(
        Path("words.txt"), (Rule(("deux mots", "auto"), ("deux mots", "auto"), 1),)
    )
    newer = SearchService(
        service.engine, replace(service.mappings, equivalences=rules), service.gazetteer
    )
    assert [hit.id for hit in search(newer, "auto").page.hits] == ["auto"]


# suggestions


def test_a_filter_that_uncovers_another_is_no_way_out(service: SearchService) -> None:
    """Taking `kind=GEIQ` away brings the phrase's ESAT back: "sans GEIQ" would not say so."""
    answer = search(service, "nettoyage ESAT", kind=("GEIQ",))
    assert answer.page.total == 0
    assert [one.change for one in answer.suggestions if "kind" in one.change] == []
    assert search(service, "nettoyage", kind=("GEIQ",)).suggestions[0].change == {"kind": ()}


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
@example(
    parameters={"q": "vitres près de Paris", "near": "Paris", "region": ("84",)}
)  # said twice, to be left twice
@example(parameters={"q": "menuierie à 1 km de Metz"})  # mended, and a trade that plenty do
@example(
    parameters={"q": "menuiserie à 1 km de Metz", "sort": "distance"}
)  # which nothing is near to without a place
def test_following_a_suggestion_gives_its_count(
    parameters: dict[str, Any], many: SearchService
) -> None:
    """A suggestion's count is the total of the search it leads to."""
    answer = many.search(Query(**parameters))
    for suggestion in answer.suggestions:
        assert suggestion.count > answer.page.total
        assert (
            many.search(apply(answer.plan.query, suggestion.change)).page.total == suggestion.count
        )


@relaxed_settings
@given(parameters=_PARAMETERS)
def test_taking_an_offer_gives_its_count(parameters: dict[str, Any], many: SearchService) -> None:
    """The filter is offered with its count: the total once it is chosen, in the circle that the
    answer shows.
    """
    answer = many.search(Query(**parameters))
    for offer in answer.offers:
        chosen: dict[str, Any] = {offer.parameter: (offer.value,)}
        assert many.search(replace(answer.plan.pinned, **chosen)).page.total == offer.count


@relaxed_settings
@given(
    parameters=_PARAMETERS,
    chosen=st.sampled_from([("sector", "menuiserie"), ("kind", "ESAT"), ("region", "84")]),
)
@example(
    parameters={"q": "nettoyage", "near": "Lyon", "coverage": "any"},
    chosen=("sector", "menuiserie"),
)
def test_a_filter_keeps_the_order_of_what_it_keeps(
    parameters: dict[str, Any], chosen: tuple[str, str], many: SearchService
) -> None:
    """For the same words, profile and circle, two hits keep their order with and without any filter
    that keeps both, even when the filter is the sector that the phrase names.
    """
    filters = ("kind", "sector", "region", "certification", "employees")
    bare = {name: value for name, value in parameters.items() if name not in filters}
    answer = many.search(Query(**bare, per_page=100))
    whole = [hit.id for hit in answer.page.hits]
    narrowed: dict[str, Any] = {
        chosen[0]: (chosen[1],)
    }  # in the same circle: of fewer another would be chosen
    kept = [hit.id for hit in many.search(replace(answer.plan.pinned, **narrowed)).page.hits]
    both = [id for id in kept if id in whole]
    assert both == [id for id in whole if id in both]


# order


def test_as_of_is_today_unless_fixed(service: SearchService) -> None:
    """Freshness relative to `as_of`, a UTC day (today, fixed in evaluation)."""
    for as_of, day in ((None, TODAY), (date(2020, 1, 1), date(2020, 1, 1))):
        freshness = search(service, "nettoyage", as_of=as_of).plan.request.signals.freshness
        assert freshness is not None
        assert freshness.as_of == day


# the answer


def test_the_answer_says_who_answered(service: SearchService) -> None:
    began = perf_counter()
    answer = search(service, "nettoyage", lang="en")
    assert (answer.plan.profile.name, answer.plan.query.lang, answer.status.documents) == (
        "balanced",
        "en",
        8,
    )
    assert answer.status.ready
    assert 0 < answer.took_ms < (perf_counter() - began) * 1000
    assert answer.facets["kind"][0]["label"].isascii()


@settings(
    deadline=None,
    max_examples=some(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
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
