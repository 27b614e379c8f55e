"""Open notices (boamp): lots read once, kept for the service, told to the suppliers of their trade
and place.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from discovery.app import create_app
from discovery.desk.alerts import Every, Signer
from discovery.desk.notices import FILE
from discovery.mappings import Settings
from indexer.alerts.message import Letterhead, message, of_lots
from indexer.alerts.outbox import DIGEST, Mail
from indexer.alerts.run import open_lot
from indexer.alerts.servers import SearchRefused, Service
from tests.unit.sources.conftest import Given, Run, ledger
from tests.unit.sources.double import PRIVATE, Boamp, national, notice, serving, status
from tools.sample.supplier import siret

GARDENS, CLEANING = (
    ("Tonte et taille des espaces verts", "77310000"),
    ("Nettoyage des locaux de la mairie", "90911200"),
)
ROOT = Path(__file__).parents[3]
SOFTWARE = ("Fourniture d'un logiciel de paie", "48450000")


@pytest.fixture
def boamp() -> Iterator[Boamp]:
    with serving(Boamp(notices=[notice(1, GARDENS, CLEANING, SOFTWARE)])) as it:
        yield it


@pytest.fixture
def pull(boamp: Boamp, indexer: Run) -> Run:
    return partial(indexer, "pull", "boamp", "--url", boamp.url, "--per-minute", "1000000")


@pytest.fixture
def ids(given: Given) -> list[str]:
    """A gardener of Rennes, a cleaner of Rennes who lends people, a cleaner of Lyon, a gardener of
    Nantes who serves all of Ille-et-Vilaine; indexed.
    """
    lyon, rennes, nantes = ("69003", "Lyon"), ("35000", "Rennes"), ("44000", "Nantes")
    rows = [
        ("EI", "entretien-des-jardins", rennes, []),
        ("ETTI", "nettoyage-de-locaux", rennes, []),
        ("EA", "nettoyage-de-locaux", lyon, []),
        ("ESAT", "creation-et-entretien-des-espaces-verts", nantes, ["department:35"]),
    ]
    lines = [
        {
            "siret": siret(at, 42),
            "name": f"Atelier {at} (exemple)",
            "kind": kind,
            "address": {"post_code": post_code, "city": city},
            "activities": [
                {
                    "sector": sector,
                    **({"zone": {"scope": "places", "places": zone}} if zone else {}),
                }
            ],
        }
        for at, (kind, sector, (post_code, city), zone) in enumerate(rows)
    ]
    given("own.jsonl", "\n".join(json.dumps(one) for one in lines), "rebuild")
    return [f"{siret(at, 42)}-{kind}" for at, (kind, *_) in enumerate(rows)]


def lots() -> dict[str, dict[str, Any]]:
    file = Settings.from_env().home / FILE
    return {
        one["id"]: one
        for (told,) in sqlite3.connect(file).execute("SELECT told FROM lot")
        if (one := json.loads(told))
    }


def service() -> FlaskClient:
    return create_app(Settings.from_env()).test_client()


def asked(client: FlaskClient, query: str) -> dict[str, list[str]]:
    answer = client.get(f"/api/v1/notices?{query}")
    assert answer.status_code == 200, answer.text
    return {one["id"]: one["suppliers"] for one in json.loads(answer.text)["results"]}


def test_lots_whose_trade_is_sure_are_kept_and_nobody_s_name(pull: Run, tmp_path: Path) -> None:
    assert pull().exit_code == 0
    found = lots()
    assert {one["title"]: one["sector"] for one in found.values()} == {
        GARDENS[0]: "creation-et-entretien-des-espaces-verts",
        CLEANING[0]: "nettoyage-de-locaux",
    }
    assert found["26-1-1"] | {"deadline": ""} == {
        "id": "26-1-1",
        "title": GARDENS[0],
        "object": "Entretien des espaces verts, secteur 1",
        "buyer": "COMMUNE DE RENNES",
        "cpv": "77310000",
        "sector": "creation-et-entretien-des-espaces-verts",
        "places": ["department:35"],
        "deadline": "",
        "published": "2026-11-02",
        "url": "https://www.boamp.fr/pages/avis/?q=idweb:26-1",
    }
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert not [one for one in PRIVATE if one.encode() in kept]


@pytest.mark.parametrize("form", ["FNSimple", "MAPA"])
def test_national_forms_are_read_too(form: str, pull: Run, boamp: Boamp) -> None:
    boamp.notices = [
        national(1, CLEANING, SOFTWARE, cpv="45000000", form=form),
        national(2, cpv="77310000", form=form),
    ]
    pull()
    assert {one["id"]: one["cpv"] for one in lots().values()} == {
        "26-1-1": "90911200",
        "26-2-1": "77310000",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"objet": "Concession d'entretien des espaces verts"},
        {"objet": "Étude d'entretien des espaces verts"},
        {"objet": "Prestations diverses"},
        {"donnees": "{}"},
        {"donnees": notice(1, ("Espaces verts", "45233140"))["donnees"]},
        {"datelimitereponse": "2020-01-01T11:00:00+00:00"},
        {"nature": "ATTRIBUTION"},
        {"url_avis": "javascript:alert(1)"},
        {"code_departement": []},
    ],
)  # fmt: skip
def test_what_is_doubtful_closed_or_nowhere_is_told_to_nobody(
    changes: dict[str, Any], pull: Run, boamp: Boamp
) -> None:
    boamp.notices = [notice(1, GARDENS, **changes)]
    assert pull().exit_code == 0
    assert lots() == {}


def test_a_lot_is_for_who_does_the_trade_and_works_there(
    pull: Run, boamp: Boamp, ids: list[str], indexer: Run
) -> None:
    boamp.notices = [
        notice(1, GARDENS, CLEANING),
        notice(2, CLEANING, code_departement=["69"], objet=CLEANING[0]),
    ]
    assert pull().exit_code == 0
    client = service()
    assert [list(asked(client, f"supplier={id_}")) for id_ in ids] == [
        [],
        [],
        ["26-2-1"],
        ["26-1-1"],
    ]
    assert asked(client, "") == {"26-2-1": [ids[2]], "26-1-1": [ids[3]]}
    assert list(asked(client, "kind=EA")) == ["26-2-1"]
    assert list(asked(client, "place=department:35&coverage=located")) == [], (
        "who lends people answers no lot"
    )
    assert indexer("check").exit_code == 0


def test_a_post_code_of_a_lot_is_nearer_than_a_department(
    pull: Run, boamp: Boamp, ids: list[str]
) -> None:
    boamp.notices = [notice(1, GARDENS, post_code="44000", code_departement=["35"])]
    pull()
    assert asked(service(), "") == {"26-1-1": [ids[3]]}


def test_the_feed_the_record_and_a_page_tell_of_them(pull: Run, ids: list[str]) -> None:
    client = service()
    address = f"/marches.atom?supplier={ids[3]}"
    assert b"<entry>" not in client.get(address).data, "nothing was pulled yet"
    pull()
    feed = ElementTree.fromstring(client.get(address).data)
    atom = "{http://www.w3.org/2005/Atom}"
    [entry] = feed.findall(f"{atom}entry")
    assert entry.findtext(f"{atom}title") == f"{GARDENS[0]} – COMMUNE DE RENNES"
    assert entry.find(f"{atom}link").get("href") == "https://www.boamp.fr/pages/avis/?q=idweb:26-1"  # type: ignore[union-attr]
    assert "1er décembre 2999" in (entry.findtext(f"{atom}summary") or "")
    for lang in ("fr", "en"):
        page = client.get(f"{address}&lang={lang}", headers={"Accept": "text/html"})
        assert GARDENS[0] in page.text
        record = client.get(f"/fournisseurs/{ids[3]}?lang={lang}", follow_redirects=True).text
        assert GARDENS[0] in record
        assert "/marches.atom?supplier=" in record
    assert "/marches.atom" not in client.get(f"/fournisseurs/{ids[0]}", follow_redirects=True).text
    assert GARDENS[0] in client.get("/marches.atom?kind=ESAT").text
    assert client.get("/marches.atom?supplier=nobody").status_code == 404
    assert client.get("/api/v1/notices?kind=XX").status_code == 422


def test_an_interrupted_pull_goes_on_and_what_was_kept_stays(pull: Run, boamp: Boamp) -> None:
    pull()
    boamp.notices = [notice(number, GARDENS, CLEANING) for number in range(150)]
    boamp.faults = [None, *[status(500)] * 100]
    assert pull().exit_code == 2
    assert len(lots()) == 2, "those of the pull before"
    boamp.faults, boamp.asked = [], []
    assert pull().exit_code == 0
    assert [asked["offset"] for asked in boamp.asked] == ["100"], "what came is not asked again"
    assert len(lots()) == 300


@pytest.mark.parametrize(
    "fault", ["idweb", "objet", "nomacheteur", "dateparution", "datelimitereponse", "no JSON"]
)
def test_a_record_that_is_not_as_agreed_is_told_and_changes_nothing(
    fault: str, pull: Run, boamp: Boamp
) -> None:
    pull()
    before = ledger(), lots()
    row = notice(1, GARDENS, donnees="{") if fault == "no JSON" else notice(1, GARDENS)
    row.pop(fault, None)
    boamp.body = lambda _asked: {"total_count": 1, "results": [row]}  # type: ignore[assignment, method-assign]
    failed = pull()
    assert (failed.exit_code, "the contract changed" in failed.stderr) == (2, True)
    assert (ledger(), lots()) == before


@pytest.mark.parametrize(
    "answer", [[], {}, {"results": [], "total_count": None}, {"results": {}, "total_count": 1}]
)
def test_an_answer_that_is_no_page_is_told(answer: Any, pull: Run, boamp: Boamp) -> None:
    boamp.body = lambda _asked: answer  # type: ignore[assignment, method-assign]
    assert "the contract changed" in pull().stderr


def test_hostile_notices_cost_little_and_are_cut(pull: Run, boamp: Boamp) -> None:
    long = "Tonte des espaces verts " * 400_000
    boamp.notices = [
        notice(1, (long, "77310000"), objet=long, nomacheteur=long),
        notice(2, *[GARDENS] * 5_000),
        notice(3, donnees=json.dumps([[[]]])),
        notice(
            4,
            donnees=json.dumps(
                {"EFORMS": {"ContractNotice": {"cac:ProcurementProjectLot": "lot"}}}
            ),
        ),
    ]
    assert pull().exit_code == 0
    found = lots()
    assert max(len(value) for one in found.values() for value in one.values()) <= 500
    assert len(found) == 201


def test_the_how_to_can_be_followed(boamp: Boamp, indexer: Run, ids: list[str]) -> None:
    page = (
        (ROOT / "docs" / "howto" / "alerts.md")
        .read_text(encoding="utf-8")
        .partition("## Open contracts")[2]
    )
    [command] = re.findall(r"^indexer (.+)$", page, re.MULTILINE)
    one, network, mail = re.findall(r"https://search\.example(/[^\"`]+)", page)
    sources = {"sources": {"boamp": {"url": boamp.url, "per_minute": 1000000}}}
    (Settings.from_env().home / "sources.yaml").write_text(json.dumps(sources), encoding="utf-8")
    assert indexer(*command.split()).exit_code == 0
    client = service()
    assert GARDENS[0] in client.get(one.replace("ID", ids[3])).text
    assert client.get(network).status_code == 200
    assert client.get(mail).status_code == 404, "no alerts are offered here"


def test_a_digest_of_lots_leads_to_them_and_a_lapsed_one_is_put_off(
    pull: Run, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the alerts program asks the service and writes; the service's answers are its own."""
    pull()
    client = service()

    def get(_self: Service, address: str) -> tuple[int, bytes]:
        answer = client.get(address)
        return answer.status_code, answer.data

    monkeypatch.setattr(Service, "_get", get)
    asking, search = Service("https://search.example"), f"notices=true&supplier={ids[3]}"
    found = asking.matches(search, lots=of_lots(search))
    assert list(found) == ["26-1-1"]
    told = open_lot(found["26-1-1"] or {}, "fr")
    assert told["lines"] == [
        "COMMUNE DE RENNES · Ille-et-Vilaine (35)",
        "Réponse au plus tard le 1er décembre 2999",
    ]
    now = datetime(2026, 11, 30, tzinfo=UTC)
    mail = Mail(
        "1",
        "",
        DIGEST,
        {"suppliers": [told], "more": 0},
        now,
        1,
        "a",
        "x@y.example",
        "fr",
        Every.WEEK,
        search,
    )
    head = Letterhead("https://search.example", "a@b.example", Signer(lambda: "secret" * 4))
    sent = message_from_bytes(message(mail, head))
    assert str(make_header(decode_header(sent["Subject"]))) == "1 nouveau marché ouvert"
    text = next(
        part for part in sent.walk() if part.get_content_type() == "text/plain"
    ).get_payload(decode=True)
    assert f"https://search.example/marches.atom?notices=true&supplier={ids[3]}".encode() in text  # type: ignore[operator]
    with pytest.raises(SearchRefused):
        asking.matches("notices=true&supplier=nobody", lots=True)
