"""A need is answered lot by lot, as its equivalent search is; one lot fails alone."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
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
from tests.api.test_errors import problem
from tests.shapes import faults
from tests.tables import read
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


def test_the_link_of_each_trade_asks_its_own_words_and_shows_as_many(client: FlaskClient) -> None:
    (lot,) = lots(
        client,
        {
            "text": "Réaménagement des concessions, nettoyage des locaux et menuiserie du CCAS de Lyon"
        },
    )
    asked = {one["text"]: urlsplit(one["url"]).query for one in lot["trades"]}
    assert {text: parse_qs(query)["q"] for text, query in asked.items()} == {
        text: [text] for text in asked
    }
    shown = {
        text: client.get(f"/api/v1/search?{query}").get_json()["total"]["value"]
        for text, query in asked.items()
    }
    assert shown == {one["text"]: one["total"] for one in lot["trades"]}


def outcome(lot: dict[str, Any]) -> dict[str, Any]:
    """Without where it was read."""
    return {name: value for name, value in lot.items() if name not in ("read", "links", "place")}


READINGS = read(Path(__file__).parents[1] / "unit/desk/readings.yaml")["notices"]
LEAST = {
    "lots": 0.97, "place": 0.97, "amount": 0.9, "wrong": 1, "length": 0.9, "kinds": 0.95, "trade": 0.9, "told": 0.9,
}  # fmt: skip


def test_notices_are_read_as_a_person_reads_them(services: Services) -> None:
    """`wrong`: lots without an amount to which none is given; `told`: trades told that are right."""
    right: dict[str, list[bool]] = {name: [] for name in LEAST}
    for notice in READINGS:
        lots = answered(
            services.search, read_text(notice["text"], services.mappings), notice.get("lang", "fr")
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
    text = "Ville de Lyon\nNettoyage, 60 000 € HT par an, durée : 4 ans\n"
    text += "Lot 1 : Bureaux, 900 h d'insertion par an\nLot 2 : Vitrerie"
    found = answered(services.search, read_text(text, services.mappings))
    assert {one.contract.euros for one in found if one.contract} == {240_000.0}
    assert {one.contract.buyer for one in found if one.contract} == {"local"}, (
        "told by a line that names no purchase"
    )
    assert [one.reckoned.hours for one in found if one.reckoned and one.reckoned.asked] == [3_600]


@pytest.mark.parametrize(
    ("lots", "outcome"),
    [((70_000, None), "applies"), ((20_000, None), "unknown"), ((20_000, 9_000), "below")],
)
def test_the_law_counts_all_lots_and_doubts_where_one_tells_no_amount(
    services: Services, lots: tuple[int | None, ...], outcome: str
) -> None:
    told = [Lot("Vitrerie à Lyon", amount=euros, months=48, per=12) for euros in lots]
    small = answered(
        services.search,
        [Lot("Nettoyage à Dzaoudzi", amount=5_000, kinds=("GEIQ",)), *told],
        buyer="local",
    )[0]
    assert small.potential is not None
    assert small.potential.market.total == 0, "it binds where nobody is known"
    assert {one.rule.name: one.outcome for one in small.potential.law}["obligation"] == outcome


@pytest.mark.parametrize(
    ("lot", "trades"),
    [
        (
            "nettoyage et débarras d'un appartement",
            {"nettoyage-de-locaux", "collecte-d-encombrants"},
        ),
        ("Nettoyage de la crèche et repassage", {"nettoyage-de-locaux", "repassage"}),
        (
            "débroussaillage et évacuation des déchets verts",
            {"creation-et-entretien-des-espaces-verts"},
        ),
        ("gardiennage et nettoyage du site", {"nettoyage-de-locaux", "poste-de-garde-accueil"}),
        ("ménage, traiteur", {"nettoyage-de-locaux", "traiteur"}),
        ("Nettoyage des classes et tonte, 4 000 € HT", {"creation-et-entretien-des-espaces-verts"}),
    ],
)
def test_two_works_tied_in_a_lot_are_two_trades(
    services: Services, lot: str, trades: set[str]
) -> None:
    (found,) = answered(services.search, [Lot(lot)])
    assert found.answer is not None
    assert trades <= {slug for one in found.answer.needs for slug in one.need.sectors}


def compare(
    found: LotFound, told: dict[str, Any], services: Services, right: dict[str, list[bool]]
) -> None:
    assert found.answer is not None
    asked, lot = found.answer.plan.reading.asked, found.lot
    named = [
        services.gazetteer.label(one)
        for one in (*asked.places, asked.centre)
        if isinstance(one, Place)
    ]
    wanted = [told["place"]] if isinstance(told["place"], str) else told["place"]
    wanted = [one for one in wanted if one]
    right["place"].append(
        all(any(one in name for name in named) for one in wanted) and len(named) == len(wanted)
    )
    if "amount" in told:
        right["amount"].append(
            lot.amount == told["amount"] and (lot.per == 12) == told.get("yearly", lot.per == 12)
        )
    else:
        right["wrong"].append(lot.amount is None)
    if "months" in told:
        right["length"].append(lot.months == told["months"])
    if "kinds" in told:
        right["kinds"].append(sorted(lot.kinds) == sorted(told["kinds"]))
    assert lot.hours == told.get("hours")
    judged = [
        any(slug in told["trades"] for slug in one.need.sectors) for one in found.answer.needs
    ]
    right["trade"].append(any(judged) or not told["trades"])
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


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"[]", "application/json", 422),
        (b"text=a", "application/x-www-form-urlencoded", 415),
        (b"", "application/xml", 422),
        (b"x" * (policy_of(PATH).max_body + 1), "application/xml", 413),
    ],
)
def test_what_cannot_be_read_is_told(
    client: FlaskClient, body: bytes, media: str, status: int
) -> None:
    problem(client.post(PATH, data=body, content_type=media), status)
    assert client.get("/healthz").status_code == 200


def test_it_has_a_limit_of_its_own(services: Services) -> None:
    strict = replace(
        services,
        settings=replace(services.settings, rate_limit_needs="1/minute", rate_limit_exempt=()),
    )
    app: Flask = application(strict)
    client = app.test_client()
    assert client.post(PATH, json={"text": "nettoyage"}).status_code == 200
    problem(client.post(PATH, json={"text": "nettoyage"}), 429)
    assert client.get("/api/v1/search?q=nettoyage").status_code == 200


def test_services_of_the_list_may_be_reserved_to_the_social_economy(
    services: Services, mappings: Mappings
) -> None:
    natures = {**mappings.law.natures, "social": frozenset({"nettoyage-de-locaux"})}
    listed = replace(mappings, law=replace(mappings.law, natures=natures))
    (social,) = (rule for rule in mappings.law.rules if rule.name == "social")
    client = application(make_services(services.settings, mappings=listed)).test_client()
    listed_lot, other = lots(
        client, {"lots": [{"title": "nettoyage de locaux"}, {"title": "espaces verts"}]}
    )
    assert listed_lot["potential"]["social"] == social.says["fr"]
    assert listed_lot["potential"]["articles"][-2:] == ["L2113-15", "L2113-16"]
    assert other["potential"]["social"] is None
