"""The sourcing sheet says what was asked, counts what was found, and can be made again."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from discovery.pages.sourcing.view import LISTED
from tests.pages.reading import Page, Reader

NEED = "nettoyage à 30 km de Lyon, ESAT ou EI"


def counts(page: Page, name: str) -> dict[str, int]:
    table = page.root.first("table", aria_labelledby=name)
    return {row.first("th").text: int(row.first("td").text) for row in table.every("tr")}


def sheet_of(reader: Reader, q: str = "", **parameters: str) -> tuple[Page, Page]:
    """(the search, its sheet, reached by the link that the search shows)."""
    found = reader.search(q, **parameters)
    return found, reader.open(found.link("Fiche de sourcing"))


def test_it_is_one_click_from_a_search_and_back(reader: Reader) -> None:
    found, sheet = sheet_of(reader, NEED)
    assert sheet.root.first("h1").text == "Fiche de sourcing"
    again = reader.open(sheet.link("← Revenir à la recherche"))
    assert again.names == found.names


def test_it_says_the_day_and_the_criteria(reader: Reader) -> None:
    _, sheet = sheet_of(reader, NEED, certification="rge")
    text = sheet.root.first("main").text
    assert str(datetime.now(UTC).year) in text
    criteria = [
        one.text for one in sheet.root.first("section", aria_labelledby="criteria").every("li")
    ]
    assert criteria[0] == f"Demande : « {NEED} »"
    assert any("30 km" in one for one in criteria)
    assert any("aide par le travail" in one for one in criteria)
    assert any("RGE" in one for one in criteria)
    assert "Mots cherchés : nettoyage" in criteria


@pytest.mark.parametrize(
    "parameters",
    [{}, {"kind": "ESAT,EI"}, {"department": "69,38"}, {"near": "Lyon", "radius": "50"}],
)
def test_counts_add_up_to_the_total(reader: Reader, parameters: dict[str, str]) -> None:
    found, sheet = sheet_of(reader, "nettoyage", **parameters)
    assert found.total > 0
    assert sum(counts(sheet, "by-kind").values()) == found.total
    assert sum(counts(sheet, "by-department").values()) <= found.total  # some have no department


@pytest.mark.parametrize(
    ("parameters", "told"), [({}, False), ({"near": "Lyon", "radius": "50"}, True)]
)
def test_distances_have_a_column_where_a_search_has_a_place(
    reader: Reader, parameters: dict[str, str], told: bool
) -> None:
    _, sheet = sheet_of(reader, "nettoyage", **parameters)
    heads = [
        one.text for one in sheet.root.first("table", class_="list").first("thead").every("th")
    ]
    assert ("Distance" in heads) is told
    assert (
        len(sheet.root.first("table", class_="list").first("tbody").every("tr")[0].every("td"))
        == len(heads) - 1
    )


def test_it_names_the_suppliers_in_the_searchs_order_whatever_the_page(reader: Reader) -> None:
    found, _ = sheet_of(reader, "nettoyage")
    _, sheet = sheet_of(reader, "nettoyage", page="2", per_page="10")
    rows = sheet.root.first("table", class_="list").first("tbody").every("tr")
    names = [row.first("th").first("a").text for row in rows]
    assert len(names) == min(found.total, LISTED)
    assert names[: len(found.names)] == found.names


def test_the_circle_and_the_suppliers_are_on_its_map(reader: Reader) -> None:
    found, sheet = sheet_of(reader, "nettoyage", near="Lyon", radius="30")
    drawn = sheet.root.first("svg", class_="zone-map")
    assert len(drawn.every("circle", class_="covered")) == 1
    assert 0 < len(drawn.every("circle", class_="pin")) <= found.total


def test_it_can_be_made_again_from_paper(reader: Reader) -> None:
    _, sheet = sheet_of(reader, NEED)
    [written] = [one.text for one in sheet.root.every("a") if one.text.startswith("http")]
    parts = urlsplit(written)
    assert reader.open(f"{parts.path}?{parts.query}").total == reader.search(NEED).total


@pytest.mark.parametrize(
    "address",
    ["/sourcing?kind=ESATT", "/sourcing?radius=beaucoup", "/sourcing?near=Qzxwvk&radius=5"],
)
def test_a_search_that_is_not_possible_is_an_error_for_people(reader: Reader, address: str) -> None:
    page = reader.open(address)
    assert page.status in {400, 422}
    assert page.root.first("h1").text


def test_english_is_whole(reader: Reader) -> None:
    sheet = reader.open("/sourcing?q=cleaning+near+Lyon&lang=en")
    assert sheet.root.first("h1").text == "Sourcing sheet"
    assert "Request: “cleaning near Lyon”" in sheet.root.first("main").text


def test_it_says_how_to_reach_each_and_when_it_was_made_by_the_clock_of_its_readers(
    reader: Reader,
) -> None:
    _, sheet = sheet_of(reader, "nettoyage")
    links = [one.attributes["href"] for one in sheet.root.first("table", class_="list").every("a")]
    assert {one.partition(":")[0] for one in links} >= {"tel", "mailto", "https"}
    assert re.search(r" à \d\d:\d\d \((heure de Paris|UTC)\)\.", sheet.root.text)


def test_a_lot_leads_to_its_proof_with_the_law_of_its_amount(reader: Reader) -> None:
    """At an address alone: nothing of it is kept, and it can be printed again."""
    need = "La ville de Lyon cherche le nettoyage de ses bureaux, budget 300 000 € HT"
    found = reader.post("/besoin", besoin=need)
    proof = reader.open(found.link("Ce que nous avons cherché, à imprimer"))
    concluded = proof.root.first("section", aria_labelledby="concluded").text
    assert "216 000" in concluded
    assert "L2112-2-1" in concluded
    assert "Pourquoi" in concluded
    assert "300 000" in concluded
    small = reader.open(
        found.link("Ce que nous avons cherché, à imprimer").replace("300000", "30000")
    )
    assert "Pourquoi" not in small.root.first("section", aria_labelledby="concluded").text
