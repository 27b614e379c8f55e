"""Pages of a service that has opened a part of the country and of the trades."""

from pathlib import Path

import pytest

from discovery.app import create_app
from discovery.mappings import Settings
from tests.pages.reading import Page, Reader

SCOPE = "region=84 sector=hygiene-et-proprete"
LABEL = "Hygiène et propreté · Auvergne-Rhône-Alpes"


@pytest.fixture(scope="module")
def opened(home: Path) -> Reader:
    return Reader(create_app(Settings(home=home, scope=SCOPE)).test_client())


def told(page: Page) -> str:
    return page.root.first("header").first("p", id="scope").text


@pytest.mark.parametrize(
    "address",
    ["/", "/?q=nettoyage", "/?kind=ESATT", "/fournisseurs/propre-lyon-fiche", "/stats", "/sourcing",
     "/mentions-legales", "/types", "/besoin", "/widget", "/nowhere"],
)  # fmt: skip
def test_every_page_says_what_is_open(opened: Reader, address: str) -> None:
    and_ = "&" if "?" in address else "?"
    assert LABEL in told(opened.open(address))
    assert "Hygiene and cleaning · Auvergne-Rhône-Alpes" in told(
        opened.open(f"{address}{and_}lang=en")
    )


def test_what_the_first_page_proposes_is_open(opened: Reader) -> None:
    page = opened.open("/")
    lists = [
        page.root.first("ul", class_=name).every("a") for name in ("trades", "examples", "pills")
    ]
    assert [len(one) > 0 for one in lists] == [True, True, True]
    assert (
        "placeholder" not in page.root.first("input", name="q").attributes
    )  # it names a town and a trade
    for door in (door for one in lists for door in one):
        assert opened.open(door.attributes["href"]).names


def test_a_closed_value_is_told_with_open_ones_a_click_away(opened: Reader) -> None:
    page = opened.open("/?region=52&q=nettoyage")
    assert page.status == 422
    assert (
        f"« Pays de la Loire » est hors du périmètre ouvert à ce jour : {LABEL}."
        in page.root.first("main").text
    )
    assert opened.open(page.link("Auvergne-Rhône-Alpes")).names


def test_a_supplier_that_is_not_open_has_no_page(opened: Reader, reader: Reader) -> None:
    address = "/fournisseurs/linge-nantes-fiche"
    assert reader.open(address).status == 200
    page = opened.open(address)
    assert page.status == 404
    assert page.root.first("h1").text == "Fournisseur hors du périmètre"
    assert LABEL in page.root.first("main").text


def test_similar_suppliers_are_of_the_trades_that_are_open(opened: Reader) -> None:
    """This one launders too: the search of its like asks for its cleaning alone."""
    page = opened.open("/fournisseurs/propre-lyon-fiche")
    assert "Blanchisserie" in page.root.first("main").text
    found = opened.open(page.root.first("p", class_="similar").first("a").attributes["href"])
    assert found.status == 200
    shown = page.root.first("main").every("a")
    others = [
        one.attributes["href"]
        for one in shown
        if one.attributes["href"].startswith("/fournisseurs/")
    ]
    assert others
    assert all(opened.open(one).status == 200 for one in others)


def test_figures_are_of_what_is_open(opened: Reader, reader: Reader) -> None:
    body, whole = (one.client.get("/stats.json").get_json() for one in (opened, reader))
    assert body["scope"]["label"] == LABEL
    assert whole["scope"] is None
    assert body["total"] == opened.search().total < whole["total"]
    assert [one["value"] for one in body["region"]] == ["84"]
    assert {one["value"] for one in body["sector"]} == {
        "nettoyage-de-locaux",
        "nettoyage-de-vehicules",
    }
    assert set(body["reach"]) == {
        "01",
        "03",
        "07",
        "15",
        "26",
        "38",
        "42",
        "43",
        "63",
        "69",
        "73",
        "74",
    }
    assert {one for counts in body["reach"].values() for one in counts} <= {
        one["value"] for one in body["sector"]
    }
    assert set(body["gaps"]) < set(whole["gaps"])
    assert opened.client.get("/stats.csv").text.count("\n") < reader.client.get(
        "/stats.csv"
    ).text.count("\n")


def test_a_shortlist_made_elsewhere_keeps_to_it(opened: Reader) -> None:
    page = opened.open("/selection?id=propre-lyon&id=linge-nantes")
    assert "Mains Claires" in page.root.first("main").text
    assert "Les Draps" not in page.root.first("main").text
    answer = opened.client.get("/api/v1/export.csv?id=propre-lyon&id=linge-nantes")
    assert "Mains Claires" in answer.text
    assert "Les Draps" not in answer.text


def test_the_sitemap_keeps_to_it(opened: Reader) -> None:
    total = opened.search().total
    assert opened.client.get("/sitemap/suppliers-1.xml").text.count("<loc>") == total
    groups = [
        one
        for one in opened.client.get("/sitemap/pages.xml").text.split("<loc>")
        if "sector=" in one
    ]
    assert groups
    assert all("sector=hygiene-et-proprete" in one for one in groups)


def test_a_widget_is_made_of_what_is_open(opened: Reader) -> None:
    page = opened.open("/widget")
    values = {name: [one.attributes["value"] for one in page.root.first("select", name=name).every("option")]
              for name in ("region", "department", "sector")}  # fmt: skip
    assert values["region"] == ["", "84"]
    assert "69" in values["department"]
    assert "44" not in values["department"]
    assert "hygiene-et-proprete" in values["sector"]
    assert "traiteur" not in values["sector"]
