"""The map of a search page as the server gives it: open or not, what the scripts draw it from, and
a still one.
"""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from discovery.app import application
from discovery.context import make_services
from discovery.mappings import Settings
from discovery.pages.files import bundles as page_files
from discovery.pages.frame.urls import PageUrls
from discovery.pages.maps import outline_map, zone_map
from discovery.pages.search import view
from discovery.places import gazetteer
from tests.pages.reading import Element, Page, Reader, parameters

CIRCLE = "nettoyage à 30 km de Lyon"


def section(page: Page) -> Element:
    return page.root.first("section", id="map")


def data(page: Page, name: str) -> str:
    return section(page).attributes[f"data-{name}"]


def followed(reader: Reader, page: Page, text: str) -> Page:
    return reader.open(page.link(text))


# Open or not


def test_the_list_alone_comes_first_and_weighs_no_map(reader: Reader) -> None:
    page = reader.search("nettoyage")
    assert not page.root.every("section", id="map")
    assert "map.css" not in page.response.text
    assert page.root.first("a", id="view-list").attributes["aria-current"] == "true"
    assert "aria-current" not in page.root.first("a", id="view-map").attributes


def test_the_map_opens_beside_the_same_list_and_closes(reader: Reader) -> None:
    page = reader.search("nettoyage", page="2")
    opened = followed(reader, page, "Carte")
    assert section(opened)
    assert (opened.names, opened.total) == (page.names, page.total)
    assert opened.root.first("a", id="view-map").attributes["aria-current"] == "true"
    closed = followed(reader, opened, "Liste")
    assert not closed.root.every("section", id="map")
    assert closed.names == page.names


def test_every_change_keeps_the_map_open(reader: Reader) -> None:
    page = reader.search(CIRCLE, view="map", kind="ESAT,EI", sort="name")
    changes = [one for one in page.root.every("a") if "data-swap" in one.attributes]
    changes += page.root.first("div", class_="facets").every("a")
    kept = [
        one
        for one in changes
        if one.attributes["id" if "id" in one.attributes else "href"] != "view-list"
    ]
    assert len(kept) > 20
    assert all(parameters(one.attributes["href"]).get("view") == ["map"] for one in kept)
    assert section(reader.send(page, q="traiteur"))


def test_nothing_found_leaves_the_map_where_it_was_moved(reader: Reader) -> None:
    page = reader.search("nettoyage", bbox="0,0,1,1", view="map")
    assert page.total == 0
    assert data(page, "frame") == "0,0,1,1"
    assert not reader.search("zzyzx", certification="rge").root.every("a", id="view-map")


@pytest.mark.parametrize(
    ("region", "held"), [("Corse", True), ("Guadeloupe", False), ("Pays de la Loire", True)]
)
def test_the_first_view_holds_the_region_and_who_is_listed(
    reader: Reader, region: str, held: bool
) -> None:
    """The nearest too, where nobody is found there, unless an ocean lies between."""
    page = reader.search(f"blanchisserie en {region}", view="map", national="exclude")
    west, south, east, north = map(float, data(page, "fit").split(","))
    first = page.root.first("li", class_="card").attributes["data-point"]
    lat, lon = map(float, first.split(","))
    assert (west <= lon <= east and south <= lat <= north) == held
    shape = zone_map.outline_box(
        {"Corse": "2A", "Guadeloupe": "971", "Pays de la Loire": "44"}[region]
    )
    assert west <= shape[0] < shape[2] <= east


# What the scripts draw it from


def test_its_points_are_those_of_the_whole_search(reader: Reader, client: FlaskClient) -> None:
    page = reader.search(
        "nettoyage", kind="ESAT,EI", sort="name", per_page="5", page="2", view="map"
    )
    asked = parse_qs(urlsplit(data(page, "points")).query)
    assert asked == {"q": ["nettoyage"], "kind": ["ESAT,EI"]}
    answer = client.get(data(page, "points")).get_json()
    assert answer["total"]["value"] == page.total
    assert answer["warnings"] == []
    assert answer["shown"] + answer["outside"] + answer["unlocated"] == page.total


def test_what_it_shows_of_a_frame_is_the_search_without_it(reader: Reader) -> None:
    page = reader.search("nettoyage", bbox="4,45,6,46.5", view="map")
    assert data(page, "frame") == "4,45,6,46.5"
    assert "bbox" not in data(page, "points")
    assert page.total < reader.search("nettoyage").total


def test_searching_where_it_stands_is_one_value_away(reader: Reader) -> None:
    page = reader.search("nettoyage", kind="ESAT,EI", page="2", view="map")
    there = reader.open(data(page, "here") + "4,45,6,46.5")
    assert there.chips("active").keys() == {"zone de la carte", "ESAT", "EI"}
    assert section(there)
    assert "page" not in parameters(data(page, "here"))
    # Another move replaces the frame, and its chip takes it away.
    again = reader.open(data(there, "here") + "-2,46,0,48")
    assert data(again, "frame") == "-2,46,0,48"
    without = reader.open(again.chips("active")["zone de la carte"])
    assert without.total == reader.search("nettoyage", kind="ESAT,EI").total
    assert section(without)


def test_the_circle_and_the_centre_are_those_of_the_answer(reader: Reader) -> None:
    page = reader.search(CIRCLE, view="map")
    lat, lon, km = map(float, data(page, "circles").strip().split(","))
    assert km == 30
    assert (lat, lon) == tuple(map(float, data(page, "centre").split(",")))
    assert (round(lat, 1), round(lon, 1)) == (45.8, 4.8)
    two = reader.search("nettoyage", place="commune:69123", near="Nantes", radius="20", view="map")
    assert len(data(two, "circles").split()) >= 1
    assert data(reader.search("nettoyage", view="map"), "circles") == ""


def test_a_card_says_where_it_is(reader: Reader, client: FlaskClient) -> None:
    told: dict[str, str | None] = {}
    hits = []
    for number in ("1", "2"):
        page = reader.search(per_page="100", page=number)
        told |= {
            one.attributes["data-id"]: one.attributes.get("data-point")
            for one in page.root.every("li", class_="card")
        }
        hits += client.get(f"/api/v1/search?per_page=100&page={number}").get_json()["results"]
    assert told == {
        hit["id"]: f"{at['lat']},{at['lon']}" if (at := hit["location"]) else None for hit in hits
    }
    assert None in told.values()


@pytest.mark.slow
def test_tiles_are_those_of_the_settings_and_who_made_them_is_said(home: Path) -> None:
    settings = Settings(
        home=home,
        tiles_url="https://tiles.example/{z}/{x}/{y}.png",
        tiles_attribution='© <b>Carte</b> https://tiles.example/licence "x"',
    )
    page = Reader(application(make_services(settings)).test_client()).search(
        "nettoyage", view="map"
    )
    assert data(page, "tiles") == "https://tiles.example/{z}/{x}/{y}.png"
    credit = section(page).first("p", class_="credit")
    assert credit.text == '© <b>Carte</b> https://tiles.example/licence "x"'  # text, not elements
    assert credit.first("a").attributes["href"] == "https://tiles.example/licence"
    assert (
        "img-src 'self' data: https://tiles.example"
        in page.response.headers["Content-Security-Policy"]
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("word", "host"), [("plan-ign", "data.geopf.fr"), ("osm", "tile.openstreetmap.org")]
)
def test_tiles_by_one_word(home: Path, word: str, host: str) -> None:
    settings = Settings(home=home, tiles=word)
    page = Reader(application(make_services(settings)).test_client()).search(
        "nettoyage", view="map"
    )
    assert all(part in data(page, "tiles") for part in (f"https://{host}/", "{z}", "{x}", "{y}"))
    assert (
        section(page)
        .first("p", class_="credit")
        .first("a")
        .attributes["href"]
        .startswith("https://")
    )
    assert (
        f"img-src 'self' data: https://{host};"
        in page.response.headers["Content-Security-Policy"] + ";"
    )


def test_the_frame_takes_the_place_of_every_place(reader: Reader) -> None:
    page = reader.search("nettoyage à 30 km de Lyon, ESAT", view="map", near="Vienne", radius="20")
    there = reader.open(data(page, "here") + "-2.5,46.5,-0.5,48")
    assert list(there.chips("understood")) == ["ESAT"]
    assert list(there.chips("active")) == ["zone de la carte"]
    assert there.total > 0
    assert data(there, "circles").strip() == ""


def test_without_scripts_pins_have_the_numbers_of_their_cards(reader: Reader) -> None:
    page = reader.search("nettoyage", near="Lyon", radius="50", per_page="10", page="2", view="map")
    cards = page.root.every("li", class_="card")
    ranks = {
        one.first("h2").text: str(at)
        for at, one in enumerate(cards, 11)
        if "data-point" in one.attributes
    }
    pins = section(page).first("div", class_="still").every("a")
    assert pins
    assert {
        one.first("title").text: one.first("text").text for one in pins
    }.items() <= ranks.items()


# Without scripts


def test_found_everywhere_regions_are_counted_and_lead_to_their_departments(reader: Reader) -> None:
    page = reader.search("nettoyage", view="map")
    drawn = section(page).first("svg", class_="outlines")
    shown = {one.first("title").text: one for one in drawn.every("a")}
    counted = {label: int(label.rpartition(" ")[2]) for label in shown}
    assert sum(counted.values()) > page.total / 2
    for label, count in counted.items():
        there = reader.open(shown[label].attributes["href"])
        assert there.total == count, label
        if inside := section(there).first("div", class_="still").every("title"):
            assert sum(int(one.text.rpartition(" ")[2]) for one in inside if " : " in one.text) in (
                0,
                count,
            )


def test_those_without_a_department_are_counted_beside_it(reader: Reader) -> None:
    for page in (reader.search("nettoyage", view="map"), reader.search(view="map")):
        on_it = {
            one.first("title").text: one
            for one in section(page).first("svg", class_="outlines").every("a")
        }
        counted = sum(int(label.rpartition(" ")[2]) for label in on_it)
        said = re.search(r"Sans lieu connu : (\d+)", section(page).text)
        assert counted + (int(said[1]) if said else 0) == page.total
    assert said  # the world holds some


def test_every_region_is_drawn_or_the_departments_of_the_only_one(reader: Reader) -> None:
    page = reader.search("nettoyage", view="map")
    used = [
        one.attributes["href"] for one in section(page).first("svg", class_="outlines").every("use")
    ]
    [file] = {one.partition("#")[0] for one in used}
    held = re.findall(r'id="([^"]+)"', reader.client.get(file).text)
    assert len(held) == len(set(held)) == len(outline_map.shapes()) + len(used)
    assert {one.partition("#")[2] for one in used} == {id for id in held if id.startswith("r")}
    page = reader.search("nettoyage", view="map", region="84")
    ids = {
        one.attributes["href"].partition("#")[2]
        for one in section(page).first("svg", class_="outlines").every("use")
    }
    assert ids == {id for id in held if id.startswith("r")} - {"r84"} | {
        f"d{one.code}" for one in gazetteer().departments_of("84")
    }


def test_a_circle_shows_the_suppliers_of_the_page_where_they_are(reader: Reader) -> None:
    page = reader.search(CIRCLE, view="map")
    drawn = section(page).first("svg", class_="zone-map")
    assert len(drawn.every("circle", class_="covered")) == 1
    pins = {one.attributes["href"]: one.first("title").text for one in drawn.every("a")}
    cards = {
        card.first("h2").first("a").attributes["href"]: card.first("h2").text
        for card in page.root.every("li", class_="card")
        if "data-point" in card.attributes
    }
    assert pins.items() <= cards.items()
    assert len(pins) > 3


def test_a_page_that_holds_everyone_shows_them_where_they_are(reader: Reader) -> None:
    page = reader.search("nettoyage", department="69", per_page="100", view="map")
    assert 0 < page.total <= 100
    located = [
        one for one in page.root.every("li", class_="card") if "data-point" in one.attributes
    ]
    assert len(section(page).first("svg", class_="zone-map").every("a")) == len(located)
    assert f"{len(located)} fournisseurs sur cette carte" in section(page).text


def test_english_is_whole(reader: Reader) -> None:
    page = reader.search(CIRCLE, lang="en", view="map")
    assert "Search here when I move the map" in section(page).text
    assert "Map" in [one.text for one in page.root.every("a")]
    assert data(page, "points").endswith("lang=en")


# Files and addresses


def test_the_files_that_it_loads_are_there(client: FlaskClient) -> None:
    for name, kind in (
        ("map-panel.js", "text/javascript"),
        ("ground.js", "text/javascript"),
        ("base.json", "application/json"),
    ):
        assert client.get(page_files.address(name)).mimetype == kind


@given(
    st.dictionaries(
        st.sampled_from(["q", "kind", "page", "bbox", "sort"]), st.text("az09,", min_size=1)
    )
)
def test_a_frame_is_added_to_any_search_and_to_its_first_page(asked: dict[str, str]) -> None:
    urls = PageUrls((*asked.items(), view.OPEN))
    found = parse_qs(urlsplit(urls.before("bbox", {}) + "1,2,3,4").query)
    kept = {name: [value] for name, value in asked.items() if name not in {"page", "bbox"}}
    assert found == {**kept, "view": ["map"], "bbox": ["1,2,3,4"]}


@pytest.mark.slow
def test_the_page_is_as_wide_as_the_map_needs_before_it_is_drawn(reader: Reader) -> None:
    assert (
        reader.open("/?q=nettoyage&view=map").root.first("html").attributes["class"] == "with-map"
    )
    assert "class" not in reader.open("/?q=nettoyage").root.first("html").attributes
