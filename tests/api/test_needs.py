"""A need is answered lot by lot, as its equivalent search is; one lot fails alone."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient

from discovery.answers.needs import NeedsAnswer
from discovery.app import application
from discovery.context import Services, make_services
from discovery.desk.answering import LotFound, answered
from discovery.desk.lot import Lot
from discovery.desk.request import read_text
from discovery.http.requests import policy_of
from discovery.mappings import Mappings
from discovery.places import Place
from tests.api.test_errors import errors, problem
from tests.shapes import faults
from tests.unit.desk.notices import EFORMS, JSON, TEXT

PATH = "/api/v1/needs"


def lots(client: FlaskClient, body: Any, lang: str = "fr") -> list[dict[str, Any]]:
    response = client.post(f"{PATH}?lang={lang}", json=body)
    assert response.status_code == 200, response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cache-Control"] == "no-store"
    answer: dict[str, Any] = response.get_json()
    assert faults(NeedsAnswer, answer) == []
    assert answer["with_trade"] == sum(one["recognised"] for one in answer["lots"])
    found: list[dict[str, Any]] = answer["lots"]
    return found


def test_however_it_is_told_the_lots_and_their_answers_are_the_same(client: FlaskClient) -> None:
    structured = [outcome(lot) for lot in lots(client, JSON)]
    assert [outcome(lot) for lot in lots(client, {"text": TEXT})] == structured
    answer = client.post(PATH, data=EFORMS.encode(), content_type="application/xml").get_json()
    assert [outcome(lot) for lot in answer["lots"]] == structured


def test_who_covers_a_lot_together_is_told_and_who_brings_most_leads(client: FlaskClient) -> None:
    (lot,) = lots(client, {"text": "Nettoyage de locaux, blanchisserie et menuiserie à Lyon"}, "en")
    group = lot["group"]
    assert {one["id"]: one["brings"] for one in group["members"]} == {
        "propre-lyon": ["Nettoyage de locaux, Lyon (69)", "blanchisserie, Lyon (69)"],
        "bois-grenoble": ["menuiserie, Lyon (69)"],
    }
    assert (group["uncovered"], group["people_short"]) == ([], 0)
    assert [one.split(" brings ")[0] for one in group["said"]][1:] == ["Mains Claires"]


def outcome(lot: dict[str, Any]) -> dict[str, Any]:
    """Without where it was read."""
    return {name: value for name, value in lot.items() if name not in ("read", "links", "place")}


READINGS = yaml.safe_load((Path(__file__).parents[1] / "unit/desk/readings.yaml").read_text(encoding="utf-8"))[
    "notices"
]
LEAST = {
    "lots": 0.97,
    "place": 0.97,
    "amount": 0.9,
    "wrong": 1,
    "length": 0.9,
    "kinds": 0.95,
    "trade": 0.9,
    "told": 0.9,
}


def test_notices_are_read_as_a_person_reads_them(services: Services) -> None:
    """`wrong`: lots without an amount to which none is given; `told`: trades told that are right."""
    right: dict[str, list[bool]] = {name: [] for name in LEAST}
    for notice in READINGS:
        lots = answered(
            services.search, read_text(notice["text"], services.mappings.headings), notice.get("lang", "fr")
        )
        read: dict[str, list[bool]] = {name: [] for name in LEAST}
        read["lots"] += [len(lots) == len(notice["lots"])] * len(notice["lots"])
        for found, told in zip(lots, notice["lots"], strict=False):
            compare(found, told, services, read)
        assert all(map(all, read.values())) or not notice.get("mended"), (notice["text"], read)
        right = {name: held + read[name] for name, held in right.items()}
        if "total" in notice:
            (total,) = {found.lot.whole.amount for found in lots if found.lot.whole}
            assert total == notice["total"]
    shares = {name: sum(judged) / len(judged) for name, judged in right.items()}
    assert {name: share for name, share in shares.items() if share < LEAST[name]} == {}


def test_a_total_by_the_year_counts_as_long_as_the_contract_lasts(services: Services) -> None:
    text = "Nettoyage, 60 000 € HT par an, durée : 4 ans\nLot 1 : Bureaux, 900 h d'insertion par an\nLot 2 : Vitrerie"
    found = answered(services.search, read_text(text, services.mappings.headings))
    assert {one.contract.euros for one in found if one.contract} == {240_000.0}
    assert [one.reckoned.hours for one in found if one.reckoned and one.reckoned.asked] == [3_600]


@pytest.mark.parametrize(
    ("lots", "outcome"), [((70_000, None), "applies"), ((20_000, None), "unknown"), ((20_000, 9_000), "below")]
)
def test_the_law_counts_all_lots_and_doubts_where_one_tells_no_amount(
    services: Services, lots: tuple[int | None, ...], outcome: str
) -> None:
    told = [Lot("Vitrerie à Lyon", amount=euros, months=48, per=12) for euros in lots]
    small = answered(
        services.search, [Lot("Nettoyage à Dzaoudzi", amount=5_000, kinds=("GEIQ",)), *told], buyer="local"
    )[0]
    assert small.potential is not None
    assert small.potential.market.total == 0, "it binds where nobody is known"
    assert {one.rule.name: one.outcome for one in small.potential.law}["obligation"] == outcome


def compare(found: LotFound, told: dict[str, Any], services: Services, right: dict[str, list[bool]]) -> None:
    assert found.answer is not None
    asked, lot = found.answer.plan.reading.asked, found.lot
    named = [services.gazetteer.label(one) for one in (*asked.places, asked.centre) if isinstance(one, Place)]
    wanted = [told["place"]] if isinstance(told["place"], str) else told["place"]
    wanted = [one for one in wanted if one]
    right["place"].append(all(any(one in name for name in named) for one in wanted) and len(named) == len(wanted))
    if "amount" in told:
        right["amount"].append(lot.amount == told["amount"] and (lot.per == 12) == told.get("yearly", lot.per == 12))
    else:
        right["wrong"].append(lot.amount is None)
    if "months" in told:
        right["length"].append(lot.months == told["months"])
    if "kinds" in told:
        right["kinds"].append(sorted(lot.kinds) == sorted(told["kinds"]))
    assert lot.hours == told.get("hours")
    judged = [any(slug in told["trades"] for slug in one.need.sectors) for one in found.answer.needs]
    right["trade"].append(any(judged))
    right["told"] += judged


def test_a_lot_is_answered_as_the_search_it_links_to(client: FlaskClient) -> None:
    for lot in lots(client, JSON):
        assert lot["recognised"]
        found = client.get(lot["links"]["api"]).get_json()
        assert found["total"]["value"] == lot["total"]
        ids = [one["id"] for one in found["results"]]
        assert [one["id"] for one in lot["suppliers"]] == ids[:5]
        assert client.get(lot["links"]["page"]).status_code == 200
        assert sum(one["count"] for one in lot["kinds"]) == lot["total"]
        assert lot["potential"]["suppliers"] == lot["total"]
        assert lot["potential"]["insertion"] + lot["potential"]["handicap"] == lot["total"]


def test_the_phrase_of_a_lot_with_a_place_is_read_once(services: Services) -> None:
    before = services.search.understanding.seen().misses
    answered(services.search, [Lot("Repassage des rideaux de la mairie", place="Lyon")])
    assert services.search.understanding.seen().misses == before + 1


def test_a_trade_is_told_with_its_words_or_its_code(client: FlaskClient) -> None:
    by_word, by_code = lots(client, {"lots": [{"title": "nettoyage de locaux"}, {"cpv": ["90919200"]}]})
    assert [one["known_by"] for one in by_word["trades"]] == ["label"]
    assert [one["known_by"] for one in by_code["trades"]] == ["code"]
    assert by_code["trades"][0]["text"] == "CPV 90919200"


def test_no_trade_is_said_plainly(client: FlaskClient) -> None:
    (lot,) = lots(client, {"text": "Assurance des véhicules à Lyon"})
    assert (lot["recognised"], lot["total"], lot["suppliers"], lot["potential"]) == (False, 0, [], None)
    assert lot["said"] == "Aucun métier de l'achat inclusif reconnu."
    (lot,) = lots(client, {"text": "Assurance des véhicules à Lyon"}, "en")
    assert lot["said"] == "No inclusive trade recognised."


def test_a_lot_that_tells_no_trade_is_read_with_its_notice(client: FlaskClient) -> None:
    text = """Objet : Nettoyage des locaux
Lot 1 : Secteur centre
Lot 2 : Entretien des espaces verts
Lot 3 : Assurance de la flotte automobile
Lot 4 : Nettoyage des locaux"""
    told = lots(client, {"text": text})
    assert [one["read_with"] for one in told] == ["Nettoyage des locaux", None, None, None]
    assert [one["recognised"] for one in told] == [True, True, False, True]
    assert told[0]["title"] == "Secteur centre"
    found = client.get(told[0]["links"]["api"]).get_json()
    assert found["total"]["value"] == told[0]["total"] == told[3]["total"]
    given = [{"number": one["number"], "title": one["title"]} for one in told]
    assert lots(client, {"title": "Nettoyage des locaux", "lots": given}) == told


def test_every_need_of_a_letter_is_told_and_not_who_signs_it(client: FlaskClient) -> None:
    text = """Bonjour, je suis gestionnaire d'un lycée à Reims et je prépare mes achats de l'année prochaine,
que nous voulons plus inclusifs. Il nous faudrait d'abord quelqu'un pour repasser environ 300 rideaux par trimestre.
Par ailleurs, nous cherchons une équipe pour l'entretien des espaces verts. Enfin, la direction souhaite un buffet
pour 150 personnes.
Cordialement,
La conciergerie"""
    (lot,) = lots(client, {"text": text})
    told = {sector["slug"] for trade in lot["trades"] for sector in trade["sectors"]}
    assert told == {"repassage", "creation-et-entretien-des-espaces-verts", "traiteur"}


def test_a_notice_that_tells_no_trade_either_changes_nothing(client: FlaskClient) -> None:
    alone, beside = (lots(client, {"lots": [{"title": "Secteur centre"}], **whole})[0]
                     for whole in ({}, {"title": "Avis 2026-17"}))  # fmt: skip
    assert alone == beside
    assert alone["recognised"] is False


def test_one_lot_fails_alone(client: FlaskClient) -> None:
    bad, good = lots(client, {"lots": [{"title": "nettoyage", "kinds": ["ESATT"]}, {"title": "nettoyage"}]})
    assert bad["problems"][0]["parameter"] == "kind"
    assert "ESAT" in bad["problems"][0]["choices"]
    assert bad["links"] is None
    assert good["total"] > 0
    assert good["problems"] == []


def test_a_place_nobody_knows_is_told_and_left_out(client: FlaskClient) -> None:
    told, without = lots(client, {"lots": [{"title": "nettoyage", "place": "Zzqqville"}, {"title": "nettoyage"}]})
    assert told["problems"][0]["code"] == "unknown_place"
    assert told["total"] == without["total"]
    assert told["potential"]["located"] == 0


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"[]", "application/json", 422),
        (b"text=a", "application/x-www-form-urlencoded", 415),
        (b"", "application/xml", 422),
        (b"x" * (policy_of(PATH).max_body + 1), "application/xml", 413),
        (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "application/xml", 422),
    ],
)
def test_what_cannot_be_read_is_told(client: FlaskClient, body: bytes, media: str, status: int) -> None:
    problem(client.post(PATH, data=body, content_type=media), status)
    assert client.get("/healthz").status_code == 200


def test_problems_name_the_lot_and_member(client: FlaskClient) -> None:
    body = problem(client.post(PATH, json={"lots": [{"title": "a"}, {"cpv": "90"}]}), 422)
    assert set(errors(body)) == {"lots[1].cpv"}


def test_it_has_a_limit_of_its_own(services: Services) -> None:
    strict = replace(services, settings=replace(services.settings, rate_limit_needs="1/minute", rate_limit_exempt=()))
    app: Flask = application(strict)
    client = app.test_client()
    assert client.post(PATH, json={"text": "nettoyage"}).status_code == 200
    problem(client.post(PATH, json={"text": "nettoyage"}), 429)
    assert client.get("/api/v1/search?q=nettoyage").status_code == 200


def test_services_of_the_list_may_be_reserved_to_the_social_economy(services: Services, mappings: Mappings) -> None:
    natures = {**mappings.law.natures, "social": frozenset({"nettoyage-de-locaux"})}
    listed = replace(mappings, law=replace(mappings.law, natures=natures))
    (social,) = (rule for rule in mappings.law.rules if rule.name == "social")
    client = application(make_services(services.settings, mappings=listed)).test_client()
    listed_lot, other = lots(client, {"lots": [{"title": "nettoyage de locaux"}, {"title": "espaces verts"}]})
    assert listed_lot["potential"]["social"] == social.says["fr"]
    assert listed_lot["potential"]["articles"][-2:] == ["L2113-15", "L2113-16"]
    assert other["potential"]["social"] is None


def test_a_link_leads_to_our_own_address(client: FlaskClient) -> None:
    (lot,) = lots(client, {"text": "nettoyage à Lyon"})
    assert urlsplit(lot["links"]["page"]).path == "/"
    assert lot["places"][0]["label"].startswith("Lyon")
