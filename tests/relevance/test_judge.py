"""Grades: each rule on a supplier made for it, then all of them against the generator's own truth."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.engine.port import Document
from discovery.mappings import packaged_mappings
from discovery.places import Gazetteer
from tests.examples import some
from tests.relevance.conftest import Corpus
from tools.judge import grading
from tools.judge.judge import Judge, fold, typed
from tools.judge.judgments import JudgedQuery, Named
from tools.judge.needs import Circle, Need, Refused

LYON, VILLEURBANNE, GRENOBLE, PARIS = "69123", "69266", "38185", "75056"
VIENNE, BOURGOIN, SAINT_DENIS_974, FORT_DE_FRANCE = "38544", "38053", "97411", "97209"
CLEANING = Need(sectors={"nettoyage-de-locaux": 3, "nettoyage-urbain": 2})


@pytest.fixture(scope="module")
def judge(places: Gazetteer) -> Judge:
    return Judge(places, grading.load(packaged_mappings()))


@pytest.fixture(scope="module")
def make(places: Gazetteer) -> Any:
    """A supplier seated in a commune; activities as (sector, zone)."""

    def document(commune: str, *activities: tuple[str, dict[str, Any]], **public: Any) -> Document:
        known = places.commune(commune)
        assert known is not None
        assert known.point is not None
        return {
            "id": public.get("id", "one"),
            "public": {
                "name": "L'Étoile",
                "brand": "",
                "description": "",
                "kind": "EI",
                "naf": "",
                "siret": "",
                "offers": [],
                "certifications": [],
                "networks": [],
                "address": {"commune": commune},
                "location": {"lat": known.point[0], "lon": known.point[1]},
                "activities": [{"sector": sector, "zone": zone} for sector, zone in activities],
            }
            | public,
        }

    return document


def zone(scope: str = "none", km: int | None = None, *places: str) -> dict[str, Any]:
    return {"scope": scope, "radius_km": km, "places": list(places)}


def in_(*places: str, sectors: dict[str, int] | None = None) -> Need:
    return Need(sectors=CLEANING.sectors if sectors is None else sectors, places=places)


def test_the_trade_gives_the_grade(judge: Judge, make: Any) -> None:
    assert judge.meets(CLEANING, make(LYON, ("nettoyage-de-locaux", zone()))) == 3
    assert judge.meets(CLEANING, make(LYON, ("nettoyage-urbain", zone()))) == 2
    assert (
        judge.meets(
            CLEANING, make(LYON, ("nettoyage-urbain", zone()), ("nettoyage-de-locaux", zone()))
        )
        == 3
    )
    assert (
        judge.meets(
            CLEANING, make(LYON, ("traiteur", zone()), description="Nous nettoyons vos locaux.")
        )
        == 0
    )


def test_own_words_and_registered_code_grade_where_asked(judge: Judge, make: Any) -> None:
    need = Need(text=((re.compile("peint"), 3),), naf={"4334Z": 2})
    assert judge.meets(need, make(LYON, description="Peinture et décoration")) == 3
    assert (
        judge.meets(need, make(LYON, offers=[{"name": "Dépose", "description": "et PEINTURES"}]))
        == 3
    )
    assert judge.meets(need, make(LYON, naf="43.34Z")) == 2
    assert judge.meets(need, make(LYON)) == 0


@pytest.mark.parametrize(
    ("need", "public", "grade"),
    [
        (Need(kinds=frozenset({"EI", "ACI"})), {}, 3),
        (Need(kinds=frozenset({"ESAT"})), {}, 0),
        (Need(certifications=frozenset({"rge"})), {"certifications": ["rge", "bio"]}, 3),
        (Need(certifications=frozenset({"rge", "haccp"})), {"certifications": ["rge"]}, 0),
        (Need(networks=frozenset({"coorace"})), {"networks": []}, 0),
        (Need(networks=frozenset({"coorace"})), {"networks": ["coorace"]}, 3),
    ],
)
def test_what_must_hold(
    need: Need, public: dict[str, Any], grade: int, judge: Judge, make: Any
) -> None:
    assert judge.meets(need, make(LYON, **public)) == grade


@pytest.mark.parametrize(
    ("seat", "trade_zone", "asked", "grade"),
    [
        (LYON, zone(), f"commune:{LYON}", 3),
        (LYON, zone(), "department:69", 3),
        ("69381", zone(), f"commune:{LYON}", 3),  # an arrondissement is its city
        (VILLEURBANNE, zone("radius", 1), f"commune:{LYON}", 3),  # half an hour away at most
        (VIENNE, zone(), f"commune:{LYON}", 3),
        (VIENNE, zone(), "department:69", 1),  # of another department, next door
        (BOURGOIN, zone(), f"commune:{LYON}", 2),  # presumed: 40 km
        (VIENNE, zone("country"), "department:69", 2),
        (VIENNE, zone("radius", 50), "department:69", 0),  # a circle serves points, not departments
        (VIENNE, zone("places", None, "department:69"), "department:69", 3),
        (PARIS, zone(), f"commune:{LYON}", 0),
        (PARIS, zone("country"), f"commune:{LYON}", 1),
        (PARIS, zone("places", None, "department:69"), f"commune:{LYON}", 2),
        (PARIS, zone("places", None, "region:84"), f"commune:{LYON}", 2),
        (PARIS, zone("places", None, "commune:69383"), f"commune:{LYON}", 2),
        (PARIS, zone("places", None, f"commune:{LYON}"), "region:84", 2),
        (PARIS, zone("places", None, "department:38"), "department:69", 0),
        (GRENOBLE, zone("radius", 100), f"commune:{LYON}", 2),
        (GRENOBLE, zone("radius", 10), f"commune:{LYON}", 0),
        (GRENOBLE, zone("country"), f"commune:{LYON}", 2),  # 94 km
        (GRENOBLE, zone(), f"commune:{LYON}", 0),
        (SAINT_DENIS_974, zone("country"), f"commune:{LYON}", 0),
        (SAINT_DENIS_974, zone("country"), "region:84", 0),
        (LYON, zone("country"), "region:04", 0),
        (SAINT_DENIS_974, zone("country"), "region:04", 3),
        (FORT_DE_FRANCE, zone("country"), "department:974", 0),
    ],
)
def test_in_a_place(
    seat: str, trade_zone: dict[str, Any], asked: str, grade: int, judge: Judge, make: Any
) -> None:
    assert judge.meets(in_(asked), make(seat, ("nettoyage-de-locaux", trade_zone))) == grade


def test_of_several_places_the_best_counts(judge: Judge, make: Any) -> None:
    assert (
        judge.meets(
            in_("department:59", f"commune:{LYON}"), make(LYON, ("nettoyage-urbain", zone()))
        )
        == 2
    )
    assert (
        judge.meets(
            in_("department:59", f"commune:{LYON}"), make(LYON, ("nettoyage-de-locaux", zone()))
        )
        == 3
    )


def test_serving_a_place_with_another_trade_is_no_answer(judge: Judge, make: Any) -> None:
    both = (("nettoyage-de-locaux", zone()), ("traiteur", zone("places", None, "department:69")))
    assert judge.meets(in_(f"commune:{LYON}"), make(PARIS, *both)) == 0
    assert judge.meets(in_(f"commune:{LYON}"), make(LYON, *both)) == 3


def test_a_seat_without_a_point_is_known_by_its_commune_only(judge: Judge, make: Any) -> None:
    assert (
        judge.meets(
            in_("department:69"), make(LYON, ("nettoyage-de-locaux", zone()), location=None)
        )
        == 3
    )
    assert (
        judge.meets(
            in_("department:69"), make(VIENNE, ("nettoyage-de-locaux", zone()), location=None)
        )
        == 0
    )


def test_with_no_trade_asked_those_seated_there_are_better(judge: Judge, make: Any) -> None:
    asked = in_("region:84", sectors={})
    assert judge.meets(asked, make(LYON)) == 3
    assert judge.meets(asked, make(PARIS, ("traiteur", zone("places", None, "region:84")))) == 2
    assert judge.meets(asked, make(PARIS, ("traiteur", zone("country")))) == 1
    assert judge.meets(asked, make(PARIS, ("traiteur", zone()))) == 0


def test_within_a_circle_only_seats_count(judge: Judge, make: Any) -> None:
    need = Need(within=Circle(30, f"commune:{LYON}"))
    assert judge.meets(need, make(VILLEURBANNE)) == 3
    assert judge.meets(need, make(GRENOBLE, ("traiteur", zone("country")))) == 0
    assert judge.meets(need, make(LYON, location=None)) == 3
    assert judge.meets(need, make(VILLEURBANNE, location=None)) == 0


def test_near_is_the_nearer_the_better(judge: Judge, make: Any) -> None:
    need = Need(sectors=CLEANING.sectors, near=f"commune:{LYON}")
    assert judge.meets(need, make(VILLEURBANNE, ("nettoyage-de-locaux", zone()))) == 3
    assert judge.meets(need, make(BOURGOIN, ("nettoyage-de-locaux", zone()))) == 2  # 40 km
    assert judge.meets(need, make(GRENOBLE, ("nettoyage-de-locaux", zone()))) == 1  # 94 km
    assert judge.meets(need, make(PARIS, ("nettoyage-de-locaux", zone("country")))) == 1
    assert judge.meets(need, make(PARIS, ("nettoyage-de-locaux", zone()))) == 0
    assert judge.meets(need, make(VILLEURBANNE, ("traiteur", zone()))) == 0


def test_what_is_refused_is_no_answer(judge: Judge, make: Any) -> None:
    need = Need(
        sectors=CLEANING.sectors, refused=Refused(frozenset({"ESAT"}), (f"commune:{LYON}",))
    )
    trade = ("nettoyage-de-locaux", zone())
    assert judge.meets(need, make(GRENOBLE, trade)) == 3
    for refused in (make(GRENOBLE, trade, kind="ESAT"), make("69381", trade)):
        assert judge.meets(need, refused) == 0
        assert judge.refused(need, refused)
        assert judge.trade(need, refused) == 3
    assert not judge.refused(Need(), make(LYON, trade))


@settings(max_examples=some(60), deadline=None)
@given(
    st.sampled_from([LYON, VILLEURBANNE, VIENNE, BOURGOIN, GRENOBLE, PARIS, SAINT_DENIS_974]),
    st.sampled_from(["none", "country", "department:69", "region:84"]),
    st.sampled_from([f"commune:{LYON}", "department:69", "region:84"]),
)
def test_a_place_never_lifts_a_grade_and_a_seat_there_never_loses_it(
    judge: Judge, make: Any, seat: str, served: str, asked: str
) -> None:
    trade_zone = zone(served) if served in ("none", "country") else zone("places", None, served)
    document = make(seat, ("nettoyage-urbain", trade_zone))
    need = in_(asked)
    assert judge.meets(need, document) <= judge.trade(need, document) == 2
    if judge.seated(need, document):
        assert judge.meets(need, document) == 2


def test_all_of_france_is_asked_of_the_trade_itself(judge: Judge, make: Any) -> None:
    need = Need(sectors=CLEANING.sectors, national=True)
    assert judge.meets(need, make(LYON, ("nettoyage-de-locaux", zone("country")))) == 3
    assert (
        judge.meets(
            need, make(LYON, ("nettoyage-de-locaux", zone()), ("traiteur", zone("country")))
        )
        == 0
    )


def query(**parts: Any) -> JudgedQuery:
    whole: dict[str, Any] = {"needs": None, "named": None, "grades": {}}
    return JudgedQuery("x", "", "name", "tune", "fr", **whole | parts)


def test_a_company_is_found_by_its_name_and_so_is_its_namesake(judge: Judge, make: Any) -> None:
    documents = {
        "a": make(LYON, id="a", siret="1"),
        "b": make(PARIS, id="b", name="Autre", brand="l’etoile", siret="1"),
        "c": make(PARIS, id="c", name="Autre", siret="2"),
    }
    named = query(named=Named("name", "a"))
    assert typed(named, documents) == "L'Étoile"
    assert judge.grades(named, documents) == {"a": 3, "b": 3}
    assert judge.grades(query(named=Named("siret", "c")), documents) == {"c": 3}
    assert typed(query(named=Named("brand", "c")), documents) == "Autre"
    assert typed(query(named=Named("name", "nobody")), documents) is None
    assert judge.grades(query(named=Named("name", "nobody")), documents) == {}


def test_grades_by_reading_overrule(judge: Judge, make: Any) -> None:
    documents = {"a": make(LYON, id="a"), "b": make(LYON, id="b")}
    assert judge.grades(query(needs=Need(), grades={"a": 0, "b": 1}), documents) == {"b": 1}


def test_a_title_is_read_by_its_row_where_the_list_is_there() -> None:
    titled = query(title=1)
    assert typed(titled, {}, ["a", "b" * 400]) == "b" * 300
    assert typed(titled, {}, ["a"]) is None
    assert typed(titled, {}) is None


def test_fold() -> None:
    assert fold("  L’ÉTOILE\n d'Œuvre ") == "l'etoile d'œuvre"


@pytest.mark.xdist_group("judged")
def test_the_invented_suppliers_are_graded_by_what_they_truly_do(
    sample: Corpus, records: dict[str, dict[str, Any]], judge: Judge
) -> None:
    """Trades alone, straight from the generator: neither the store nor the document builder changed
    the truth.
    """
    plain = [
        one
        for one in sample.judgments.queries
        if one.needs and one.needs == Need(sectors=one.needs.sectors)
    ]
    assert len(plain) > 60
    for one in plain:
        assert one.needs is not None
        expected = {}
        for id_, record in records.items():
            grade = max(
                (one.needs.sectors.get(each["sector"], 0) for each in record.get("activities", ())),
                default=0,
            )
            if grade:
                expected[id_] = grade
        assert judge.grades(one, sample.documents) == expected, one.id
