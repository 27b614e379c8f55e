"""What a federation is told of the searches on its site: as many as the log has lines, and nothing
small.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from discovery.answers.figures import SearchCounts
from discovery.app import application
from discovery.context import Services
from discovery.http.keys import Key, edited, hashed
from discovery.search.service import today
from tests.pages.reading import Reader

SITE = Key("Fédération", hashed("wk_site"), ("https://federation.example",), {"kind": ("ESAT",)})
OTHER = Key("Autre", hashed("wk_other"), ("*",))
FIGURES = "/widget/figures?key=wk_site"
ASKED = (
    *("nettoyage à Lyon",) * 7,
    *("couture à Lyon",) * 6,
    *("blanchisserie à Nantes",) * 8,
    *("zzyzx",) * 5,
    *("nettoyage",) * 5,
)


@pytest.fixture
def service(services: Services, tmp_path: Path) -> FlaskClient:
    with edited(tmp_path / "keys.json") as keys:
        keys += [SITE, OTHER]
    settings = replace(
        services.settings, query_log=True, home=tmp_path, keys=tmp_path / "keys.json"
    )
    return application(replace(services, settings=settings)).test_client()


@pytest.fixture
def asked(service: FlaskClient, tmp_path: Path) -> list[dict[str, Any]]:
    """The lines of the log of a day's searches; the day is over."""
    with capture_logs() as lines:
        for phrase in ASKED:
            service.get("/api/v1/search", query_string={"q": phrase, "key": "wk_site"})
        service.get("/api/v1/search?q=nettoyage&key=wk_other")
        service.get("/api/v1/search?q=nettoyage")
    SearchCounts(tmp_path, 30, lambda: today() + timedelta(days=1)).of_key("")
    return [line for line in lines if line.get("key") == SITE.name]


def rows(text: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")


def test_the_figures_are_those_of_the_log(
    service: FlaskClient, asked: list[dict[str, Any]]
) -> None:
    assert len(asked) == len(ASKED)
    found = {
        (row["Département"], row["Métier"]): row
        for row in rows(service.get(FIGURES.replace("?", ".csv?")).text)
    }
    whole = found.pop(("", ""))
    assert whole["Recherches"] == str(len(asked))
    assert whole["Sans résultat"] == str(sum(line["zero"] for line in asked))
    by_department = Counter(line["department"] for line in asked)
    assert {code: int(row["Recherches"]) for (code, trade), row in found.items() if not trade} == {
        code: times for code, times in by_department.items() if code and times >= 5
    }
    lacking = Counter(
        (line["department"], trade) for line in asked if line["zero"] for trade in line["trades"]
    )
    told = {row["Métier"]: int(row["Sans résultat"]) for (_, trade), row in found.items() if trade}
    assert sorted(told.values()) == sorted(times for times in lacking.values() if times >= 5)
    assert set(told.values()) == {6}


def test_the_page_says_the_same_in_both_languages(
    service: FlaskClient, asked: list[dict[str, Any]]
) -> None:
    french = Reader(service).open(FIGURES).root
    assert "Recherches faites sur Fédération" in french.text
    table = french.first("table").first("tbody")
    lines = [(row.first("th").text, row.first("td").text) for row in table.every("tr")]
    assert lines == [("Rhône (69)", "13"), ("Loire-Atlantique (44)", "8")]
    assert "Couture, reprisage, retouches – Rhône (69)" in french.text
    english = service.get(f"{FIGURES}&lang=en").text
    assert "Searches made on Fédération" in english
    assert "fewer than 5" in english or "without a result: " in english


def test_only_the_keys_sites_may_frame_it_and_no_cookie_is_set(service: FlaskClient) -> None:
    page = service.get(FIGURES)
    assert (
        "frame-ancestors 'self' https://federation.example"
        in page.headers["Content-Security-Policy"]
    )
    assert "Set-Cookie" not in page.headers
    assert "Aucune recherche comptée" in page.text


@pytest.mark.parametrize("key", ["", "wk_unknown"])
def test_a_key_is_needed(service: FlaskClient, key: str) -> None:
    assert service.get(f"/widget/figures?key={key}").status_code == 403
    assert service.get(f"/widget/figures.csv?key={key}").status_code == 403


def test_another_sites_searches_are_not_its(
    service: FlaskClient, asked: list[dict[str, Any]]
) -> None:
    assert "fewer than 5" in service.get("/widget/figures?key=wk_other&lang=en").text


def test_requests_are_limited_as_pages_are(services: Services, tmp_path: Path) -> None:
    with edited(tmp_path / "keys.json") as keys:
        keys.append(SITE)
    settings = replace(
        services.settings,
        query_log=True,
        home=tmp_path,
        keys=tmp_path / "keys.json",
        rate_limit_pages="2/minute",
        rate_limit_exempt=(),
    )
    client = application(replace(services, settings=settings)).test_client()
    assert [client.get(FIGURES).status_code for _ in range(3)] == [200, 200, 429]
