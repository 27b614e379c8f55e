"""What `/stats` tells of searches where the log keeps words, and that nothing is counted where it
does not.
"""

import csv
import io
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from discovery.answers.figures import MIN_TIMES, NAME, SearchCounts
from discovery.app import application
from discovery.context import Services
from discovery.http import requests
from discovery.http.api import document
from discovery.search.service import today
from tests.pages.reading import Reader


@pytest.fixture
def counting(services: Services, tmp_path: Path) -> Reader:
    """The service with its query log on, its counts in a folder of their own."""
    settings = replace(services.settings, query_log=True, home=tmp_path)
    return Reader(application(replace(services, settings=settings)).test_client())


@pytest.fixture
def counted(tmp_path: Path) -> Callable[[str], dict[str, int]]:
    """What was counted of a sort: value → times."""

    def found(what: str) -> dict[str, int]:
        rows = sqlite3.connect(tmp_path / NAME).execute(
            "SELECT value, times FROM searched WHERE what = ?", (what,)
        )
        return dict(rows.fetchall())

    return found


def asked_often(folder: Path, *rows: tuple[str, str]) -> None:
    """As if asked today and yesterday."""
    for back in (0, 1):
        counts = SearchCounts(folder, 30, lambda back=back: today() - timedelta(days=back))
        for visitor in range(MIN_TIMES):
            counts.add([("search", ""), *rows], str(visitor))


def test_searches_are_counted_from_page_and_api_with_what_they_ask(
    counting: Reader, counted: Callable[[str], dict[str, int]]
) -> None:
    counting.search("Nettoyage  de locaux à Lyon, ESAT")
    counting.client.get("/api/v1/search?q=nettoyage+de+locaux+%C3%A0+Lyon,+ESAT")
    counting.search("", sector="blanchisserie", place="department:69", kind="EA,ESAT")
    counting.search("zzyzx")
    assert counted("search") == {"": 4}
    assert counted("zero") == {"": 1}
    assert counted("phrase") == {"nettoyage de locaux à lyon, esat": 1}, "by one visitor"
    assert counted("sector") == {"nettoyage-de-locaux": 2, "blanchisserie": 1}
    assert counted("kind") == {"ESAT": 3, "EA": 1}
    assert counted("place") == {"commune:69123": 2, "department:69": 1}


@pytest.mark.parametrize(
    "address", ["/", "/?lang=en", "/?page=2", "/?q=nettoyage&page=2", "/?kind=x", "/stats"]
)
def test_what_is_no_search_of_its_own_is_not_counted(
    counting: Reader, counted: Callable[[str], dict[str, int]], address: str
) -> None:
    counting.search("nettoyage")
    counting.open(address)
    assert counted("search") == {"": 1}


@pytest.mark.parametrize(
    ("q", "more"),
    [
        ("nettoyage", {"kind": "ESAT"}),  # the same person refines
        ("nettoyage jean.martin@exemple.fr", {}),
        ("nettoyage 06 12 34 56 78", {}),
        (
            "menuiserie chez Zzyzx Dupontel",
            {},
        ),  # a word that the index does not hold: a name, perhaps
        ("nettoyage " * 12, {}),
    ],
)
def test_a_phrase_that_might_tell_of_somebody_is_never_written(
    counting: Reader, counted: Callable[[str], dict[str, int]], q: str, more: dict[str, str]
) -> None:
    assert counting.search(q, **more).status == 200
    assert counted("phrase") == {}
    assert counted("search") == {"": 1}


def test_the_page_tells_numbers_and_what_is_asked_most(counting: Reader, tmp_path: Path) -> None:
    phrase = "nettoyage de locaux"
    asked_often(
        tmp_path,
        ("phrase", phrase),
        ("place", "commune:69123"),
        ("kind", "ESAT"),
        ("sector", "traiteur"),
    )
    counting.search("zzyzx")
    counting.search("une seule fois nettoyage")
    page = counting.open("/stats")
    section = page.root.first("section", aria_labelledby="searches")
    assert "12 recherches" in section.text
    assert "8,3 %" in section.text
    lists = {
        one.attributes["aria-labelledby"]: one.first("tbody").first("tr")
        for one in page.root.every("section")
        if one.attributes.get("aria-labelledby", "").startswith("searches-")
    }
    first = {
        name: (row.first("th").text, row.first("td", class_="count").text)
        for name, row in lists.items()
    }
    assert first == {
        "searches-phrase": (phrase, "10"),
        "searches-sector": ("Traiteur", "10"),
        "searches-kind": ("ESAT – Établissement et service d'aide par le travail", "10"),
        "searches-place": ("Lyon (69)", "10"),
    }
    assert "une seule fois" not in page.root.text
    for row in lists.values():
        assert counting.open(row.first("a").attributes["href"]).total > 0


def test_the_same_in_json_and_csv_in_both_languages(counting: Reader, tmp_path: Path) -> None:
    asked_often(
        tmp_path,
        ("phrase", "=nettoyage"),
        ("sector", "traiteur"),
        ("sector", "gone-from-the-vocabulary"),
    )
    body = counting.client.get("/stats/searches.json?lang=en").get_json()
    assert (body["days"], body["total"], body["zero"], body["zero_rate"]) == (30, 10, 0, 0)
    assert body["sector"] == [{"value": "traiteur", "label": "Caterer", "count": 10}]
    answer = counting.client.get("/stats/searches.csv?lang=en")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[:3] == [
        ["what", "value", "label", "searches"],
        ["total", "", "", "10"],
        ["zero", "", "", "0"],
    ]
    assert ["phrase", "'=nettoyage", "'=nettoyage", "10"] in rows  # no formula for a spreadsheet
    assert "quoi;valeur" in counting.client.get("/stats/searches.csv").data.decode("utf-8-sig")


def test_nothing_is_counted_nor_told_where_the_log_keeps_no_words(
    services: Services, tmp_path: Path
) -> None:
    settings = replace(services.settings, query_log=False, home=tmp_path)
    reader = Reader(application(replace(services, settings=settings)).test_client())
    reader.search("nettoyage")
    page = reader.open("/stats")
    assert not page.root.every("section", aria_labelledby="searches")
    for ending in ("json", "csv"):
        assert reader.client.get(f"/stats/searches.{ending}").status_code == 404
    assert not list(tmp_path.iterdir())


def test_searches_do_not_hang_on_the_page_that_shows_what_is_counted(services: Services) -> None:
    app = Flask(__name__)
    app.extensions["discovery"] = services
    requests.install(app)
    document.install(app)
    assert app.test_client().get("/api/v1/search?q=nettoyage").status_code == 200
