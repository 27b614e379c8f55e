"""Exports: the same search as a file, that spreadsheets open and never compute."""

import csv
import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from discovery.context import Services
from discovery.engine.port import Order, SearchRequest
from discovery.search.listing import scan_hits
from discovery.texts import section
from tests.tables import cases


def export(client: FlaskClient, ending: str, **parameters: Any) -> TestResponse:
    response = client.get(f"/api/v1/export.{ending}", query_string=parameters)
    assert response.status_code == 200, response.text
    return response


def rows(client: FlaskClient, **parameters: Any) -> list[list[str]]:
    text = export(client, "csv", **parameters).get_data().decode("utf-8-sig")
    return list(
        csv.reader(io.StringIO(text), delimiter="," if parameters.get("lang") == "en" else ";")
    )


def cells(client: FlaskClient, **parameters: Any) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(export(client, "xlsx", **parameters).get_data()))
    assert len(book.worksheets) == 1
    return [["" if value is None else value for value in row] for row in book.worksheets[0].values]


def ids(client: FlaskClient, **parameters: Any) -> list[str]:
    answer = client.get("/api/v1/search", query_string={"per_page": 100, **parameters}).get_json()
    return [one["id"] for one in answer["results"]]


@pytest.mark.parametrize(
    "asked", cases(__file__, "a_file_holds_the_search_s_suppliers_in_its_order")
)
def test_a_file_holds_the_search_s_suppliers_in_its_order(
    client: FlaskClient, asked: dict[str, str]
) -> None:
    expected = ids(client, **asked)
    assert [row[0] for row in rows(client, **asked)[1:]] == expected
    assert [row[0] for row in cells(client, **asked)[1:]] == expected


def test_headers_are_french_or_english(client: FlaskClient) -> None:
    for lang in ("fr", "en"):
        expected = [*section("label.column", lang).values()]
        assert rows(client, lang=lang)[0] == cells(client, lang=lang)[0] == expected


def test_numbers_are_numbers_and_texts_are_texts_in_a_workbook(client: FlaskClient) -> None:
    header, row = cells(client, q="blanchisserie à Nantes")
    held = dict(zip(header, row, strict=True))
    assert (held["Longitude"], held["SIRET"]) == (-1.5538, "99900000500010")


@pytest.mark.parametrize(
    ("ending", "media"), [("csv", "text/csv"), ("xlsx", "application/vnd.openxmlformats")]
)
def test_headers_tell_the_file_and_its_limits(client: FlaskClient, ending: str, media: str) -> None:
    response = export(client, ending, q="nettoyage")
    assert response.content_type.startswith(media)
    assert response.headers["Content-Disposition"].startswith(
        'attachment; filename="fournisseurs-inclusifs-20'
    )
    assert response.headers["Content-Disposition"].endswith(f'.{ending}"')
    assert int(response.headers["X-Total-Count"]) == len(ids(client, q="nettoyage"))
    assert response.headers["X-Results-Capped"] == "10000"
    assert "inclusive-suppliers" in export(client, ending, lang="en").headers["Content-Disposition"]
    head = client.head(f"/api/v1/export.{ending}")
    assert (head.status_code, head.get_data()) == (200, b"")


@pytest.mark.parametrize("order", Order)
def test_everyone_is_given_once_up_to_the_cap(
    services: Services, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In pages of three, whether the order is walked or paged."""
    monkeypatch.setattr("discovery.engine.embedded.engine.BATCH", 3)
    monkeypatch.setattr("discovery.engine.elasticsearch.engine.WALK_PAGE", 3)
    request = SearchRequest(order=order, centre=None)
    whole = [hit.id for hit in services.engine.search(replace(request, size=100)).hits]
    for most in (1, 3, 7, 100):
        with services.engine.searcher() as index:
            total, hits = scan_hits(index, request, most)
            assert (total, [hit.id for hit in hits]) == (len(whole), whole[:most])


def test_beyond_the_cap_the_last_row_says_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discovery.search.answer.MAX_DEPTH", 3)
    *_, last = rows(client, sort="id")
    assert last[0].startswith("Seuls les 3 premiers")


# Of suppliers named one by one

CHOSEN = ["bois-grenoble", "propre-lyon", "linge-nantes"]


@pytest.mark.parametrize("read", [rows, cells])
def test_ids_give_exactly_these_in_their_order(client: FlaskClient, read: Any) -> None:
    found = read(client, id=CHOSEN)
    assert [row[0] for row in found[1:]] == CHOSEN
    whole = {row[0]: row for row in read(client)[1:]}
    assert found[1:] == [whole[one] for one in CHOSEN], "written by the same hand as a search's"
    assert [row[0] for row in read(client, id=["propre-lyon-fiche", "nu", "propre-lyon"])[1:]] == [
        "propre-lyon",
        "nu",
    ]


def test_near_gives_the_chosen_their_distances(client: FlaskClient) -> None:
    at = [*section("label.column", "fr")].index("distance_km")
    nantes = {row[0]: row[at] for row in cells(client, id=CHOSEN, near="Nantes")[1:]}
    assert nantes == {
        row[0]: row[at]
        for row in cells(client, near="Nantes", radius="none")[1:]
        if row[0] in CHOSEN
    }
    assert nantes["linge-nantes"] < 10 < nantes["propre-lyon"]
    assert {row[at] for row in cells(client, id=CHOSEN)[1:]} == {""}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_chosen_who_left_are_said_last(client: FlaskClient, ending: str) -> None:
    read = rows if ending == "csv" else cells
    _, first, *left = read(client, id=["parti", "propre-lyon", "=1+1"])
    assert first[0] == "propre-lyon"
    assert [row[:2] for row in left] == [
        ["parti", "N'est plus référencé"],
        ["'=1+1" if ending == "csv" else "=1+1", "N'est plus référencé"],
    ]
    response = export(client, ending, id=["parti", "propre-lyon"])
    assert response.headers["X-Total-Count"] == "1"
    assert response.headers["Content-Disposition"].startswith(
        'attachment; filename="selection-fournisseurs-'
    )
