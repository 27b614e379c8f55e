"""A need in several places: who serves which, who serves all, as the searches of each place have
it.
"""

import pytest

from tests.pages.reading import Element, Page, Reader

PHRASE = "nettoyage à Lyon, Villeurbanne et Grenoble"


def table(page: Page) -> dict[str, list[str]]:
    """Name → its cells."""
    rows = page.root.first("tbody").every("tr")
    return {one.first("a").text: [cell.text for cell in one.every("td")] for one in rows}


def columns(page: Page) -> list[Element]:
    return page.root.first("thead").every("a")


def served(cells: list[str]) -> int:
    """Places where it is known to work."""
    return sum("✓" in one for one in cells)


def test_a_search_in_several_places_offers_the_table(reader: Reader) -> None:
    page = reader.open(reader.search(PHRASE).link("Lieu par lieu"))
    assert page.status == 200
    assert [one.text for one in columns(page)] == [
        "Lyon (69)",
        "Villeurbanne (69)",
        "Grenoble (38)",
    ]
    assert page.heading == "Fournisseurs lieu par lieu : 3 lieux"
    assert page.root.every("meta", name="robots", content="noindex")
    back = reader.open(page.link("← Revenir à la recherche"))
    assert back.total == reader.search(PHRASE).total


def test_each_column_is_the_search_of_its_place(reader: Reader) -> None:
    page = reader.open("/lieux?q=nettoyage&place=commune:69123&place=commune:38185")
    found = table(page)
    for at, one in enumerate(columns(page)):
        there = reader.open(one.attributes["href"] + "&per_page=100")
        assert there.root.first("title").text
        assert {name for name, cells in found.items() if "–" not in cells[at]} <= set(there.names)
        assert there.total >= 1


def test_who_serves_most_places_comes_first_and_is_counted(reader: Reader) -> None:
    page = reader.open(
        "/lieux?q=nettoyage&place=commune:69123&place=commune:38185&place=commune:69266"
    )
    counts = [served(cells) for cells in table(page).values()]
    assert counts == sorted(counts, reverse=True)
    said = page.root.first("article").first("header").text
    assert f"{counts.count(3)} fournisseur" in said


@pytest.mark.parametrize(
    ("address", "said"),
    [("/lieux?q=nettoyage", "au moins deux lieux"), ("/lieux", "au moins deux lieux"),
     ("/lieux?q=cleaning&place=Lyon&lang=en", "at least two places")],
)  # fmt: skip
def test_fewer_than_two_places_say_what_to_do(reader: Reader, address: str, said: str) -> None:
    page = reader.open(address)
    assert page.status == 200
    assert said in page.root.first("article").text


def test_what_cannot_be_searched_is_told_and_both_languages_are_there(reader: Reader) -> None:
    assert reader.open("/lieux?place=Zzqqxborough&place=Lyon").status == 422
    page = reader.open("/lieux?q=nettoyage&place=Lyon&place=Grenoble&lang=en")
    assert page.heading == "Suppliers place by place: 2 places"
    assert "lang=en" in page.root.first("tbody").first("a").attributes["href"]
