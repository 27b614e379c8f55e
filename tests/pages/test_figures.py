"""`/stats` as a person and as a program read it."""

import csv
import io
import math
import re

import pytest

from discovery.context import Services
from discovery.pages.maps import outline_map
from tests.pages.reading import Reader


def test_the_page_tells_totals_and_links_to_what_they_count(reader: Reader) -> None:
    assert not reader.open("/stats").root.every(
        "section", aria_labelledby="departments"
    )  # they are one click away
    page = reader.open(reader.open("/stats").root.first("a", class_="whole").attributes["href"])
    assert page.status == 200
    assert page.root.first("h1").text == "Chiffres publics"
    tables = {
        one.attributes["aria-labelledby"]: one
        for one in page.root.every("section")
        if one.every("table")
    }
    assert set(tables) == {"kinds", "groups", "regions", "departments"}
    for table in tables.values():
        row = table.first("tbody").every("tr")[0]
        found = reader.open(row.first("a").attributes["href"])
        assert found.total == int(row.first("td", class_="count").text)


def test_the_map_shows_every_department_that_has_an_outline_and_says_its_number(
    reader: Reader,
) -> None:
    page = reader.open("/stats")
    drawn = page.root.first("svg", class_="outlines")
    titles = [one.text for one in drawn.every("title")]
    assert len(titles) == len(outline_map.shapes())
    assert "Rhône (69)" in " ".join(titles)
    [link] = [one for one in drawn.every("a") if one.text.startswith("Rhône")]
    count = int(link.text.rpartition(":")[2])
    assert reader.open(link.attributes["href"]).total == count > 0


def test_white_spots_name_departments_and_their_trade_leads_to_suppliers(reader: Reader) -> None:
    page = reader.open("/stats?whole=1")
    rows = [
        one for one in page.root.every("details", class_="gap") if one.attributes["class"] == "gap"
    ]
    assert rows
    assert not [one for one in rows if one.first("a").text.startswith("0 ")]
    [nowhere] = page.root.every("details", class_="nowhere")
    assert len(nowhere.every("a")) == int(nowhere.first("small").text.split()[0]) > 0
    counts = [int(re.findall(r"\d+", one.first("small").text)[0]) for one in rows]
    assert counts == sorted(counts, reverse=True)
    missing, of = map(int, re.findall(r"\d+", rows[0].first("small").text))
    known = rows[0].text.partition("Connus seulement dans :")[
        2
    ]  # the shorter list: these, rather than the others
    assert "Rhône (69)" in known
    assert len(re.findall(r"\(\w+\)", known)) == of - missing
    trades = [
        one.first("span").text
        for one in page.root.every("details", class_="gap")
        if one.every("span")
    ]
    assert not [
        trade for trade in trades if trade.startswith("Autre (")
    ]  # nobody for something else is no lack
    assert of == 107  # neither Clipperton nor the southern lands, where nobody lives


def test_english_is_whole(reader: Reader) -> None:
    page = reader.open("/stats?lang=en")
    assert page.root.first("h1").text == "Public figures"
    assert page.root.first("html").attributes["lang"] == "en"
    assert all("lang=en" in one.attributes["href"] for one in page.root.first("main").every("a"))


def test_the_same_in_json(reader: Reader) -> None:
    answer = reader.client.get("/stats.json")
    body = answer.get_json()
    assert body["total"] == reader.search().total
    assert {one["value"] for one in body["kind"]} >= {"ESAT", "EI"}
    for slug, codes in body["gaps"].items():
        assert not any(slug in body["reach"][code] for code in codes)
    assert (
        reader.client.get(
            "/stats.json", headers={"If-None-Match": answer.headers["ETag"]}
        ).status_code
        == 304
    )


@pytest.mark.parametrize(
    ("lang", "delimiter", "first"), [("fr", ";", "secteur"), ("en", ",", "sector")]
)
def test_the_same_in_csv(
    reader: Reader, services: Services, lang: str, delimiter: str, first: str
) -> None:
    answer = reader.client.get(f"/stats.csv?lang={lang}")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=delimiter)
    assert head[0] == first
    body = reader.client.get("/stats.json").get_json()
    assert len(rows) == len(services.mappings.vocabulary.sectors) * len(body["reach"])
    held = {(row[0], row[2]): int(row[4]) for row in rows}
    assert all(
        held[slug, code] == n
        for code, counts in body["reach"].items()
        for slug, n in counts.items()
    )


SQUARE = {"type": "Polygon", "coordinates": [[[0, 45], [1, 45], [1, 46], [0, 46], [0, 45]]]}


def test_a_shape_stays_in_its_frame_and_its_number_in_the_shape() -> None:
    frame = outline_map.Frame(0, 45, 1, 46, 10, 20, 100, 100)
    found = outline_map.shape("x", SQUARE, frame)
    assert found.x == pytest.approx(60, abs=0.1)
    assert found.y == pytest.approx(70, abs=0.1)
    left = 60 - 50 * math.cos(math.radians(45.5))
    assert found.path.startswith(f"m{round(left * 2) / 2:g} 120 ")
    assert found.path.endswith("z")


def test_every_outline_is_drawn_within_the_view() -> None:
    codes = [one.code for one in outline_map.shapes()]
    assert len(set(codes)) == 101
    assert sorted(code for code in codes if codes.count(code) == 2) == sorted(
        [*outline_map.INNER_RING] * 2
    )
    for one in outline_map.shapes():
        assert 0 < one.x < outline_map.WIDTH, one.code
        assert 0 < one.y < outline_map.HEIGHT, one.code
