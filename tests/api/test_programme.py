"""`POST /api/v1/programme`: lines of a spreadsheet answered as lots are, or the sheet completed."""

import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from discovery.answers.programme import ProgrammeAnswer, line
from discovery.app import application
from discovery.context import Services
from discovery.desk.programme import answered_lines, choose_columns, lines, sheets
from discovery.http.requests import policy_of
from tests.api.test_errors import problem
from tests.shapes import faults
from tests.spreadsheets import PROGRAMME, ods, xlsx

PATH = "/api/v1/programme"
FILE = "application/octet-stream"


def told(client: FlaskClient, content: bytes, **parameters: str) -> dict[str, Any]:
    response = client.post(PATH, data=content, content_type=FILE, query_string=parameters)
    assert response.status_code == 200, response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cache-Control"] == "no-store"
    answer: dict[str, Any] = response.get_json()
    assert faults(ProgrammeAnswer, answer) == []
    return answer


def test_however_it_is_sent_and_written_the_lines_are_the_same(client: FlaskClient) -> None:
    answer = told(client, xlsx(PROGRAMME))
    assert told(client, ods(PROGRAMME)) == answer
    form = {"file": (io.BytesIO(xlsx(PROGRAMME)), "a.csv")}
    assert client.post(PATH, data=form, content_type="multipart/form-data").get_json() == answer


def test_lines_are_answered_as_lots_are(client: FlaskClient) -> None:
    first = told(client, xlsx(PROGRAMME))["lines"][0]
    lot = {"title": "Nettoyage de bureaux", "cpv": ["90919200"], "place": "Lyon", "amount": 45_000}
    (same,) = client.post("/api/v1/needs", json={"lots": [lot]}).get_json()["lots"]
    assert first["row"] == 4
    assert {name: first[name] for name in ("trades", "total", "potential", "said")} == {
        name: same[name] for name in ("trades", "total", "potential", "said")
    }
    found = client.get(first["links"]["api"]).get_json()
    assert found["total"]["value"] == first["total"]
    assert client.get(first["links"]["sheet"]).status_code == 200


def test_the_summary_is_the_sum_of_the_lines(client: FlaskClient) -> None:
    answer = told(client, xlsx(PROGRAMME))
    known = [one for one in answer["lines"] if one["recognised"]]
    summary = answer["summary"]
    assert summary["lines"] == len(answer["lines"])
    assert answer["with_trade"] == len(known) == sum(one["lines"] for one in summary["suggestions"])
    assert summary["amount_with_trade"] == sum(one["amount"] or 0 for one in known)
    figures = [one["figures"] for one in known if one["figures"]]
    assert summary["oeth_deduction"] == sum(one["oeth_deduction"] or 0 for one in figures) > 0
    assert summary["insertion_hours"] == sum(one["insertion_hours"] or 0 for one in figures)
    assert sum(one["suppliers"] for one in summary["families"]) == sum(
        one["total"] for one in known
    )
    assert sum(one["suppliers"] for one in summary["regions"]) == sum(one["total"] for one in known)


def test_columns_and_language_are_as_asked(client: FlaskClient) -> None:
    answer = told(client, xlsx(PROGRAMME), lang="en", amount="", head="5")
    assert (answer["head"], answer["columns"]["amount"]) == (5, None)
    assert answer["lines"][0]["said"] == "No inclusive trade recognised."


def test_the_sheet_comes_back_completed(client: FlaskClient) -> None:
    response = client.post(f"{PATH}?format=xlsx&lang=en", data=xlsx(PROGRAMME), content_type=FILE)
    book = openpyxl.load_workbook(io.BytesIO(response.get_data()))
    assert book.sheetnames == ["Programme", "Summary"]
    head, *rows = book["Programme"].iter_rows(values_only=True)
    assert head[-3:] == ("Supplier 1", "Supplier 2", "Supplier 3")
    found, printed = (
        [bool(row[head.index(name)]) for row in rows] for name in ("Search", "Sourcing sheet")
    )
    assert found == [True, True, True, True, False], "a search for each line that could be searched"
    assert printed == [True, True, False, True, False], "a sheet to print for each trade recognised"
    charts = book["Summary"]._charts
    drawn = [
        ((own := one.series[0]).cat.strRef or own.cat.numRef, own.val.numRef, one.legend)
        for one in charts
    ]
    assert [
        (of.f.removeprefix("Summary!"), told.f.removeprefix("Summary!"), legend)
        for of, told, legend in drawn
    ] == [
        ("$A$6:$A$9", "$B$6:$B$9", None),
        ("$A$6:$A$9", "$C$6:$C$9", None),
        ("$A$12:$A$13", "$D$12:$D$13", None),
        ("$A$12:$A$13", "$C$12:$C$13", None),
        ("$A$16", "$D$16", None),
        ("$A$16", "$C$16", None),
    ]


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"", FILE, 422), (b"%PDF-1.7", FILE, 422), (b"{}", "application/json", 415),
        (b"file=a", "application/x-www-form-urlencoded", 415), (b"", "multipart/form-data; boundary=a", 422),
        (b"x" * (policy_of(PATH).max_body + 1), FILE, 413), (b"a;b\n" * 1_300_000, FILE, 422),
    ],
    ids=["nothing", "pdf", "json", "form", "no file", "large", "beyond 5 MB"],
)  # fmt: skip
def test_what_cannot_be_read_is_told(
    client: FlaskClient, content: bytes, media: str, status: int
) -> None:
    problem(client.post(PATH, data=content, content_type=media), status)
    assert client.get("/healthz").status_code == 200


def test_it_has_a_limit_of_its_own(services: Services) -> None:
    settings = replace(services.settings, rate_limit_programme="1/minute", rate_limit_exempt=())
    client = application(replace(services, settings=settings)).test_client()
    assert client.post(PATH, data=xlsx(PROGRAMME), content_type=FILE).status_code == 200
    problem(client.post(PATH, data=xlsx(PROGRAMME), content_type=FILE), 429)
    assert client.post("/api/v1/needs", json={"text": "nettoyage"}).status_code == 200


def test_lines_that_come_too_late_are_told_so_and_the_others_answered(services: Services) -> None:
    read = sheets(xlsx([*PROGRAMME, [6, "Nettoyage de bureaux", "90919200-4", "Lyon", 45000]]))
    asked = lines(*choose_columns(read, services.search.mappings.headings, {}))
    turns = iter([True, False, False, False, False])
    found = list(answered_lines(services.search, asked, in_time=lambda: next(turns)))
    shown = [line(one, services.presenter, "fr") for one in found]
    assert [one.late for one in found] == [False, True, True, True, True, False]
    assert shown[1]["problems"][-1]["code"] == "line_late"
    assert shown[5]["total"] == shown[0]["total"] > 0
