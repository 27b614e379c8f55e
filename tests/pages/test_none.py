"""Where four suppliers of five tell no trade, as on public lists, nothing that people read says
"none".
"""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from discovery.app import application
from discovery.context import make_services
from discovery.desk.notices import FILE, write_lots
from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import Settings, load_mappings
from indexer.record import Supplier, Zone
from tests.api.corpus import build_index
from tests.pages.reading import read
from tests.pages.test_programme import fields, sent
from tests.pages.world import crowd
from tests.spreadsheets import Rows, xlsx

NONE = re.compile(
    r"(?i)\b(aucune?(?! (fichier|colonne|ligne))|personne (ne|ici|encore|à)|nul|mince"
    r"|non couverts?|pas de fournisseur|ne propose|ne fait pas|nobody|no one|none|no \w*"
    r" ?suppliers?|no members?|not covered|does not do|too few)\b"
)
"""Words that say that there is nobody."""
KNOWN = re.compile(r"(?i)\b(connus?|known|décrites?|described|preuve|prouve pas|not prove)\b")
"""What makes them true: a sentence that says of what is known that it is none."""
OF_TRADES = re.compile(r"(?i)métiers? [^.]*reconnu|trades? [^.]*recognised")
BLOCKS = ("title", "p", "li", "h1", "h2", "h3", "td", "th", "dt", "dd", "summary", "option", "text")
OF_ALL = ("/stats", "/stats.json", "/stats.csv", "/types", "/open-data", "/")
NEED = "traiteur"
PLACE = "Lille"


def real(number: int, supplier: Supplier) -> Supplier:
    """One in five tells its trades, where it is; of those in Lille, nobody."""
    if number % 5 or supplier.city == PLACE:
        return replace(supplier, activities=(), offers=(), description="")
    return replace(
        supplier, activities=tuple(replace(one, zone=Zone()) for one in supplier.activities)
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    home: Path = tmp_path_factory.mktemp("none")
    suppliers = tuple(real(number, one) for number, one in enumerate(crowd(200)))
    build_index(IndexFolder(home / "index", "suppliers"), load_mappings(), suppliers)
    lot = {
        "id": "1",
        "sector": NEED,
        "places": [],
        "deadline": "2099-12-31",
        "published": "2026-01-01",
    }
    assert write_lots(home / FILE, [lot]) == 1
    return application(
        make_services(Settings(home=home, sample=True, alerts=home / "alerts"))
    ).test_client()


@pytest.fixture(scope="module", params=["fr", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def answers(client: FlaskClient, lang: str) -> list[tuple[str, TestResponse]]:
    return list(asked(client, lang))


def asked(client: FlaskClient, lang: str) -> Iterator[tuple[str, TestResponse]]:
    """Each page, file and answer of the interface about a need at a place; the need that nobody is
    known for first.
    """
    need, place = (
        {"q": f"{NEED} à {PLACE}", "lang": lang},
        {"q": f"{NEED} à {PLACE}, Nantes et Rennes", "lang": lang},
    )
    for path in ("/", "/sourcing", "/lieux", "/api/v1/search", "/api/v1/export.csv", "/feed.atom"):
        yield f"{path}?q=", client.get(path, query_string=place if path == "/lieux" else need)
    yield "/?view=map", client.get("/", query_string={**need, "view": "map"})
    for path in OF_ALL:
        yield path, client.get(path, query_string={"lang": lang})
    text = (
        f"Lieu : {PLACE}\nLot 1 : {NEED}\nLot 2 : nettoyage de locaux et menuiserie, 30 personnes"
    )
    yield "/besoin", client.post(f"/besoin?lang={lang}", data={"besoin": text})
    yield "/api/v1/needs", client.post(f"/api/v1/needs?lang={lang}", json={"text": text})
    rows: Rows = [
        ["Intitulé", "Lieu", "Montant"],
        [NEED, PLACE, 45_000],
        ["nettoyage de locaux", PLACE, 300_000],
    ]
    preview = fields(sent(client, xlsx(rows), lang))
    for step in ("answer", "xlsx"):
        yield (
            f"/programme {step}",
            client.post(f"/programme?lang={lang}", data={**preview, "step": step}),
        )


def records(client: FlaskClient, lang: str) -> Iterator[tuple[str, TestResponse]]:
    """Pages of single suppliers, and the proof of each lot: of a place too, though not as a list."""
    lot = client.post(
        f"/besoin?lang={lang}",
        data={"besoin": f"Lieu : {PLACE}\nLot 1 : {NEED}\nLot 2 : nettoyage"},
    )
    for proof in re.findall(r'href="(/sourcing[^"]*)"', lot.text):
        yield "/sourcing of a lot", client.get(unescape(proof))
    silent = client.get(
        "/api/v1/search", query_string={"place": "commune:59350", "trades": "unknown"}
    ).json
    assert silent
    first, second = silent["results"][:2]
    yield "/fournisseurs", client.get(f"{urlsplit(first['url']).path}?lang={lang}&q={NEED}+{PLACE}")
    kept = {"id": [first["id"], second["id"]], "near": PLACE, "lang": lang}
    yield "/selection", client.get("/selection", query_string=kept)
    spent = f"{first['name']}\t12500\nNuit et Jour SARL\t4000"
    yield (
        "/verifier",
        client.post(f"/verifier?lang={lang}", data={"fournisseurs": spent, "taux": "3,5"}),
    )
    yield from followed(client, {"q": f"{NEED} à {PLACE}", "lang": lang}, first["id"])


def followed(
    client: FlaskClient, need: dict[str, str], id_: str
) -> Iterator[tuple[str, TestResponse]]:
    """Feeds, their pages and the form of alerts: who is new for a need, open lots for them and for
    one.
    """
    for asked in ({**need, "notices": "true"}, {**need, "notices": "true", "supplier": id_}, need):
        yield f"/suivre {asked}", client.get("/suivre", query_string=asked)
        for path in (
            ("/marches.atom", "/api/v1/notices")
            if "notices" in asked
            else ("/feed.atom", "/feed.json")
        ):
            query = {name: value for name, value in asked.items() if name != "notices"}
            yield f"{path} {query}", client.get(path, query_string=query)
            if path.endswith(".atom"):
                yield (
                    f"{path} as a page",
                    client.get(path, query_string=query, headers={"Accept": "text/html"}),
                )


def sentences(response: TestResponse) -> Iterator[str]:
    if "spreadsheet" in (response.mimetype or ""):
        book = openpyxl.load_workbook(io.BytesIO(response.data))
        cells = [
            str(cell)
            for sheet in book
            for row in sheet.iter_rows(values_only=True)
            for cell in row
            if cell
        ]
    elif response.mimetype == "text/html":
        blocks = (each for each in read(response).root.every() if each.tag in BLOCKS)
        cells = [
            each.text for each in blocks if not any(inner.tag in BLOCKS for inner in each.every())
        ]
    else:
        cells = [
            json.dumps(response.json, ensure_ascii=False) if response.is_json else response.text
        ]
    for cell in cells:
        yield from re.split(r"(?<=[.?!])\s|[\n\"|]", cell)


def test_none_is_said_of_what_is_known_alone(
    client: FlaskClient, lang: str, answers: list[tuple[str, TestResponse]]
) -> None:
    said = dict[str, str]()
    for path, response in (*answers, *records(client, lang)):
        assert response.status_code == 200, (path, response.text)
        said |= {
            text: path
            for text in sentences(response)
            if NONE.search(text) and not KNOWN.search(text) and not OF_TRADES.search(text)
        }
    assert said == {}


def test_who_sits_there_and_told_no_trade_is_counted_beside(
    lang: str, answers: list[tuple[str, TestResponse]]
) -> None:
    heading = "n'ont pas dit ce qu'elles font" if lang == "fr" else "have not said what they do"
    silent = {
        path for path, found in answers if not any(heading in text for text in sentences(found))
    }
    assert silent == {"/api/v1/export.csv?q=", "/feed.atom?q=", *OF_ALL} - {"/stats"}, (
        "lists, and pages of no place, are silent"
    )
