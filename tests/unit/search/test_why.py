from typing import Any

import pytest

from discovery.engine.port import (
    Alternative,
    Coverage,
    Filters,
    Hit,
    MatchedBy,
    SearchRequest,
    TextQuery,
    Word,
)
from discovery.mappings.vocabulary import Vocabulary
from discovery.places import Gazetteer, Place
from discovery.search.reasons import Reasons, Terms
from discovery.search.where import GeoQuery, resolve

WORDS = TextQuery((), 1, (), 0.0)


def said(
    document: dict[str, Any],
    asked: GeoQuery,
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
    *,
    filters: Filters | None = None,
    text: TextQuery | None = None,
    lang: str = "fr",
    sectors: tuple[str, ...] = (),
    words: tuple[str, ...] = (),
    **hit: Any,
) -> list[str]:
    where = resolve(asked, gazetteer, lang)
    request = SearchRequest(
        text=text, filters=filters or Filters(), targets=where.targets, coverage=where.coverage,
        national=where.national, centre=where.centre,
    )  # fmt: skip
    reasons = Reasons(request, where, vocabulary, gazetteer, lang, sectors)
    return [reason.text for reason in reasons.of(Hit("s1", document, **hit), words)]


def activity(sector: str = "nettoyage-de-locaux", **zone: Any) -> dict[str, Any]:
    return {"sector": sector, "scope": "none", **zone}


LYON = GeoQuery(places=(Place("commune", "69123"),))
RHONE = GeoQuery(places=(Place("department", "69"),))


def test_a_distance_names_the_town(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    assert said({}, LYON, vocabulary, gazetteer, distance_km=12.4) == ["à 12 km de Lyon"]
    assert said({}, LYON, vocabulary, gazetteer, distance_km=3.44) == ["à 3,4 km de Lyon"]
    assert said({}, LYON, vocabulary, gazetteer, distance_km=12.4, lang="en") == ["12 km from Lyon"]


def test_no_distance_is_the_town_itself(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    assert said({}, LYON, vocabulary, gazetteer, distance_km=0.04) == ["à Lyon"]
    assert said({}, LYON, vocabulary, gazetteer, distance_km=0.04, lang="en") == ["in Lyon"]
    le_mans = GeoQuery(places=(Place("commune", "72181"),))
    assert said({}, le_mans, vocabulary, gazetteer, distance_km=0.0) == ["au Mans"]


def test_a_seat_in_a_department_is_said_in_french(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    found = said({"department": "69"}, RHONE, vocabulary, gazetteer, coverage=Coverage.LOCATED)
    assert found == ["situé dans le Rhône"]


def test_a_zone_that_names_the_place(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    document = {"activities": [activity(scope="places", places=["department:69"])]}
    found = said(document, LYON, vocabulary, gazetteer, coverage=Coverage.SERVES, distance_km=80.2)
    assert found == ["à 80 km de Lyon", "intervient dans le Rhône"]


def test_a_zone_inside_the_department_asked(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    document = {"activities": [activity(scope="places", places=["commune:38185", "commune:69266"])]}
    assert said(document, RHONE, vocabulary, gazetteer, coverage=Coverage.SERVES) == [
        "intervient à Villeurbanne"
    ]


def test_a_circle_that_reaches(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    document = {
        "activities": [activity(scope="radius", radius_km=30, location={"lat": 45.7, "lon": 4.9})]
    }
    assert said(document, LYON, vocabulary, gazetteer, coverage=Coverage.SERVES) == [
        "se déplace jusqu'à 30 km"
    ]


def test_a_country_zone(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    document = {"activities": [activity(scope="country")]}
    found = said(document, LYON, vocabulary, gazetteer, coverage=Coverage.SERVES)
    assert found == ["intervient dans toute la France"]


def test_only_an_activity_that_matched_explains_the_zone(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    document = {
        "activities": [
            activity("menuiserie", scope="places", places=["department:69"]),
            activity(scope="country"),
        ]
    }
    found = said(
        document,
        LYON,
        vocabulary,
        gazetteer,
        coverage=Coverage.SERVES,
        matched_sectors=("nettoyage-de-locaux",),
    )
    assert "intervient dans le Rhône" not in found


def test_a_sector_chosen_or_named_is_said(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    document = {"activities": [activity()]}
    label = vocabulary.sectors["nettoyage-de-locaux"].label("fr")
    chosen = said(
        document, GeoQuery(), vocabulary, gazetteer, filters=Filters(sector=("nettoyage-de-locaux",)),
        matched_sectors=("nettoyage-de-locaux",),
    )  # fmt: skip
    named = said(
        document, GeoQuery(), vocabulary, gazetteer, text=WORDS, sectors=("nettoyage-de-locaux",)
    )
    assert chosen == named == [f"propose : {label}"]


def test_words_are_said_when_no_sector_tells(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    document = {"activities": [activity()]}
    found = said(
        document,
        GeoQuery(),
        vocabulary,
        gazetteer,
        text=WORDS,
        words=("vitres", "vitres", "bureaux"),
    )
    assert found == ["mentionne : vitres, bureaux"]


def test_certifications_and_networks(vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
    document = {"certifications": ["iso-9001", "rge"], "networks": ["coorace"]}
    filters = Filters(certification=("rge",), network=("coorace",))
    found = said(document, GeoQuery(), vocabulary, gazetteer, filters=filters)
    assert found[0].startswith(f"certifié {vocabulary.certifications['rge'].label('fr')}")
    assert found[1] == f"réseau : {vocabulary.networks['coorace'].label('fr')}"


def asked_for(word: str, vocabulary: Vocabulary) -> tuple[TextQuery, Terms]:
    """A search of one word, and the vocabulary's tokens under a plain analysis."""

    def analyse(text: str) -> list[str]:
        return text.lower().split()

    return TextQuery((Word(word, (Alternative(word),)),), 1, (), 0.0), Terms.compile(
        vocabulary, analyse
    )


def through(
    document: dict[str, Any], word: str, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> list[str]:
    text, terms = asked_for(word, vocabulary)
    where = resolve(GeoQuery(), gazetteer, "fr")
    reasons = Reasons(SearchRequest(text=text), where, vocabulary, gazetteer, terms=terms)
    return [reason.text for reason in reasons.of(Hit("s1", document))]


def test_a_word_met_in_the_names_of_a_sector_says_which(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    document = {"activities": [activity("menuiserie"), activity("nettoyage-urbain")]}
    assert through(document, "nettoyage", vocabulary, gazetteer) == ["propose : Nettoyage urbain"]
    assert through(document, "traiteur", vocabulary, gazetteer) == []


def test_a_word_met_in_the_registered_code_says_so(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    document = {"public": {"naf": "81.21Z"}}
    assert through(document, "nettoyage", vocabulary, gazetteer) == [
        "d'après son code APE : nettoyage courant des bâtiments"
    ]
    assert through(document, "traiteur", vocabulary, gazetteer) == []
    assert through({"public": {"naf": ""}}, "nettoyage", vocabulary, gazetteer) == []


GREEN = "creation-et-entretien-des-espaces-verts"
JOB = {
    "sector": GREEN,
    "type": "job",
    "words": "Jardinier",
    "source": "les-emplois",
    "date": "2026-11-12",
}
CONTRACT = {
    "sector": GREEN,
    "type": "contract",
    "words": "Tonte du stade",
    "source": "decp",
    "date": None,
}


@pytest.mark.parametrize(
    ("fact", "lang", "reason"),
    [
        (
            JOB,
            "fr",
            "recrute pour ce métier : Jardinier (d'après les emplois de l'inclusion, 12 novembre 2026)",
        ),
        (
            JOB,
            "en",
            "hires for this trade: Jardinier (from Les emplois de l'inclusion, 12 November 2026)",
        ),
        ({**JOB, "source": ""}, "fr", "recrute pour ce métier : Jardinier (12 novembre 2026)"),
        ({**JOB, "source": "unheard-of", "date": None}, "fr", "recrute pour ce métier : Jardinier"),
        ({"sector": GREEN, "type": "name", "words": "paysages"}, "fr", "d'après son nom"),
        (
            {"sector": GREEN, "type": "description", "words": "tonte"},
            "en",
            "says it does this trade: “tonte”",
        ),
        (CONTRACT, "en", "contract won: Tonte du stade (from the public procurement register)"),
        (
            {**JOB, "words": "", "date": None},
            "fr",
            "recrute pour ce métier : Création et entretien des espaces verts (d'après les emplois de l'inclusion)",
        ),
    ],
)
def test_evidence_says_who_says_so_and_when(
    fact: dict[str, Any], lang: str, reason: str, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    document = {"public": {"naf": "81.30Z", "evidence": [{**CONTRACT, "sector": "traiteur"}, fact]}}
    hit: dict[str, Any] = {"sectors": (GREEN,), "matched_by": MatchedBy.EVIDENCE, "lang": lang}
    assert said(document, GeoQuery(), vocabulary, gazetteer, **hit) == [reason]
    group = vocabulary.sectors[GREEN].group
    assert said(document, GeoQuery(), vocabulary, gazetteer, **{**hit, "sectors": (group,)}) == [
        reason
    ]


def test_the_registered_code_is_said_where_nothing_surer_is(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    naf = {"sector": GREEN, "type": "naf", "words": "", "source": "", "date": None}
    for facts in ([naf], [{**JOB, "sector": "traiteur"}], []):
        document = {"public": {"naf": "81.30Z", "evidence": facts}}
        [reason] = said(
            document,
            GeoQuery(),
            vocabulary,
            gazetteer,
            sectors=(GREEN,),
            matched_by=MatchedBy.EVIDENCE,
        )
        assert reason.startswith("d'après son code APE : ")
    document = {"public": {"naf": "99.99X"}}
    assert not said(
        document, GeoQuery(), vocabulary, gazetteer, sectors=(GREEN,), matched_by=MatchedBy.EVIDENCE
    )


def test_a_name_of_one_word_is_of_its_trade_alone_but_what_stands_in_brackets(
    vocabulary: Vocabulary,
) -> None:
    _, terms = asked_for("x", vocabulary)
    assert not [alone for alone in terms.alone.values() if any("(" in word for word in alone)]
    everyone = [*vocabulary.sectors.values(), *vocabulary.sector_groups.values()]
    named = {one.value: one.label("fr").lower() for one in everyone if one.label("fr").isalpha()}
    assert named
    assert all(label in terms.alone[value] for value, label in named.items())
