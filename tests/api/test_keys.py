"""`key=`: presets narrow and never widen, other sites are refused, caches know who asks."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from flask.testing import FlaskClient

from discovery.answers.search import SearchAnswer
from discovery.app import create_app
from discovery.http.keys import Key, edited, hashed
from discovery.mappings import Mappings, Settings
from tests.api.test_errors import errors, problem
from tests.shapes import faults
from tests.tables import cases

SITE = "https://site.example"
SEARCH = "/api/v1/search"


@pytest.fixture(scope="module")
def keyed(home: Path, mappings: Mappings, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    with edited(path) as keys:
        keys += [
            Key("esat", hashed("esat"), (SITE,), {"kind": ("ESAT", "EA")}),
            Key("a site", hashed("cleaning"), ("*",), {"sector": ("hygiene-et-proprete",)}),
            Key("all", hashed("all"), ("*",)),
            Key(
                "own",
                hashed("own"),
                ("*",),
                {"kind": ("ESAT",)},
                columns=("city", "display_name", "distance_km"),
            ),
            Key("gone", hashed("gone"), ("*",), revoked="2026-01-01T00:00:00Z"),
        ]
    return create_app(Settings(home=home, keys=path), mappings=mappings).test_client()


def ask(client: FlaskClient, address: str = SEARCH, **arguments: Any) -> dict[str, Any]:
    response = client.get(address, query_string={"per_page": 100, **arguments})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    return body


def kinds(body: dict[str, Any]) -> set[str]:
    return {one["kind"] for one in body["results"]}


def test_presets_always_apply(keyed: FlaskClient) -> None:
    body = ask(keyed, key="esat")
    assert faults(SearchAnswer, body) == []
    assert kinds(body) == {"ESAT", "EA"}
    assert kinds(ask(keyed)) > {"ESAT", "EA"}
    assert ask(keyed, key="all")["total"] == ask(keyed)["total"]


@pytest.mark.parametrize(
    ("asked", "left"), cases(__file__, "what_is_asked_narrows_and_never_widens")
)
def test_what_is_asked_narrows_and_never_widens(
    keyed: FlaskClient, asked: dict[str, str], left: list[str]
) -> None:
    assert kinds(ask(keyed, key="esat", **asked)) == set(left)


def everything(body: dict[str, Any]) -> Iterator[int]:
    for values in body["facets"].values():
        yield from (one["count"] for one in values)
    yield from (one["count"] for one in body["suggestions"])
    yield from (one["count"] for one in body["query"]["offers"])


@pytest.mark.parametrize(
    "asked", [{}, {"kind": "EI"}, {"q": "nettoyage industriel"}, {"q": "netoyage", "kind": "EI"}]
)
def test_facets_offers_and_ways_out_count_within_the_presets(
    keyed: FlaskClient, asked: dict[str, str]
) -> None:
    """A facet replaces the filter, not the preset."""
    body = ask(keyed, key="esat", **asked)
    assert {one["value"] for one in body["facets"]["kind"] if one["count"]} <= {"ESAT", "EA"}
    assert max(everything(body), default=0) <= ask(keyed, key="esat")["total"]["value"]


def test_presets_and_what_is_asked_hold_on_one_activity(keyed: FlaskClient) -> None:
    """A site of cleaners shows their cleaning: the laundry of one of them is not in its lists, nor
    found by them.
    """
    cleaners = ask(keyed, sector="hygiene-et-proprete")
    shown = ask(keyed, key="cleaning")
    assert {one["id"] for one in shown["results"]} == {one["id"] for one in cleaners["results"]}
    assert "blanchisserie" in {
        sector["slug"] for one in shown["results"] for sector in one["sectors"]
    }
    assert {one["value"] for one in shown["facets"]["sector"]} == {"nettoyage-de-locaux"}
    assert ask(keyed, key="cleaning", sector="blanchisserie")["results"] == []


def test_links_of_a_keyed_answer_keep_the_key_and_the_page_shows_its_presets(
    keyed: FlaskClient,
) -> None:
    body = ask(keyed, key="esat", q="à Lyon", per_page=1)
    links = {
        name: parse_qs(urlsplit(address).query)
        for name, address in body["links"].items()
        if address
    }
    assert links["self"]["key"] == ["esat"]
    assert "key" not in links["page"]
    assert links["page"]["kind"] == ["ESAT,EA"]
    assert links["page"]["q"] == ["à Lyon"]
    assert keyed.get(body["links"]["page"]).status_code == 200
    narrowed = ask(keyed, key="esat", kind="ESAT")["links"]["page"]
    assert parse_qs(urlsplit(narrowed).query)["kind"] == ["ESAT"]


@pytest.mark.parametrize("token", ["nobody", "gone", "ESAT", "\0", "a" * 3000], ids=range(5))
@pytest.mark.parametrize("path", [SEARCH, "/api/v1/suppliers/propre-lyon", "/api/v1/vocabulary"])
def test_an_unknown_or_revoked_key_is_refused(keyed: FlaskClient, token: str, path: str) -> None:
    body = problem(keyed.get(path, query_string={"key": token}), 403)
    assert body["type"].endswith("#problem-unknown-key")


def test_another_site_is_refused_and_may_read_why(keyed: FlaskClient) -> None:
    response = keyed.get(f"{SEARCH}?key=esat&lang=en", headers={"Origin": "https://other.example"})
    body = problem(response, 403)
    assert body["type"].endswith("#problem-wrong-origin")
    assert "https://other.example" in body["detail"]
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("origin", [SITE, None])
def test_its_own_site_is_answered(keyed: FlaskClient, origin: str | None) -> None:
    response = keyed.get(f"{SEARCH}?key=esat", headers={"Origin": origin} if origin else {})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_caches_know_that_a_keyed_answer_depends_on_who_asks(keyed: FlaskClient) -> None:
    first = keyed.get(f"{SEARCH}?key=esat", headers={"Origin": SITE})
    held = {"Origin": SITE, "If-None-Match": first.headers["ETag"]}
    again = keyed.get(f"{SEARCH}?key=esat", headers=held)
    assert again.status_code == 304
    for response in (first, again):
        assert "Origin" in response.headers["Vary"]
    other = keyed.get(f"{SEARCH}?key=esat", headers={**held, "Origin": "https://other.example"})
    assert other.status_code == 403
    assert "Origin" in other.headers["Vary"]
    assert "Origin" not in keyed.get(SEARCH).headers.get("Vary", "")


@pytest.mark.parametrize("search", ["near=Lyon", "id=sample-1&near=Lyon"])
def test_exports_hold_the_columns_of_the_key(search: str, keyed: FlaskClient) -> None:
    """Of a search, and of suppliers chosen one by one; as CSV and as a workbook."""
    whole, own = (exported(keyed, f"{search}&key={key}") for key in ("esat", "own"))
    assert own[0] == ["City", "Name", "Distance (km)"]
    assert len(whole[0]) > 20
    places = [whole[0].index(name) for name in own[0]]
    rows = {tuple(row[place] for place in places) for row in whole[1:] if len(row) == len(whole[0])}
    assert {tuple(row) for row in own[1:] if len(row) == 3} <= rows
    body = keyed.get(f"/api/v1/export.xlsx?{search}&key=own&lang=en").get_data()
    sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
    assert [cell.value for cell in next(iter(sheet.rows))] == own[0]


def exported(client: FlaskClient, search: str) -> list[list[str]]:
    text = client.get(f"/api/v1/export.csv?{search}&lang=en").get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_two_keys_at_once_are_a_fault(keyed: FlaskClient) -> None:
    assert (
        errors(problem(keyed.get(f"{SEARCH}?key=esat&key=all"), 400))["key"]["code"]
        == "given_twice"
    )
    assert keyed.get(f"{SEARCH}?key=esat&key=esat").status_code == 200


def test_the_log_says_whose_key_and_never_the_token(
    keyed: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    keyed.get(f"{SEARCH}?key=cleaning")
    (line,) = capsys.readouterr().err.splitlines()
    assert '"key": "a site"' in line


def test_suggestions_name_suppliers_of_the_presets_only(keyed: FlaskClient) -> None:
    def named(**arguments: str) -> set[str]:
        body = keyed.get(
            "/api/v1/suggest", query_string={"q": "élan", "types": "supplier", **arguments}
        ).get_json()
        return {one["value"] for group in body["groups"] for one in group["suggestions"]}

    assert named() == {"interim-lyon", "interim-lyon-bis"}
    assert named(key="esat") == set()
    assert named(key="cleaning") == named()
