"""Chips that change what was understood, without JavaScript: a distance, a place of the same name,
the words left.
"""

import pytest

from tests.pages.reading import Element, Page, Reader, parameters

EXAMPLE = "nettoyage à 30 km de Lyon, ESAT ou EI"


def radius_form(page: Page) -> Element:
    return page.root.first("details", id="change-radius").first("form")


def held(page: Page) -> str:
    return radius_form(page).first("option", selected="").text


@pytest.mark.parametrize(
    ("q", "given"),
    [
        (EXAMPLE, {}),
        ("nettoyage près de Lyon dans un rayon de 30 km", {}),
        ("cleaning within 30 km of Lyon", {"lang": "en"}),
        ("nettoyage", {"near": "Lyon", "radius": "30"}),
        ("nettoyage Lyon", {"radius": "30"}),
        ("nettoyage", {"lat": "45.76", "lon": "4.84", "radius": "30"}),
    ],
)
def test_a_distance_is_changed_wherever_it_was_said(
    reader: Reader, q: str, given: dict[str, str]
) -> None:
    page = reader.search(q, **given)
    assert held(page) == "30 km"
    assert (
        reader.send(page, of=radius_form(page)).total == page.total > 0
    )  # the same distance is the same search
    wider = reader.send(page, of=radius_form(page), radius="100")
    assert wider.total > page.total
    chips = [*wider.chips("understood"), *wider.chips("active")]
    assert [one for one in chips if "km" in one] == [
        "within 100 km" if "lang" in given else "à 100 km"
    ]
    assert held(wider) == "100 km"


def test_a_changed_distance_leaves_the_phrase_and_keeps_the_rest(reader: Reader) -> None:
    page = reader.search(EXAMPLE, national="exclude", sort="name", page="2")
    after = reader.send(page, of=radius_form(page), radius="50")
    sent = parameters(after.address)
    assert sent == {
        "q": ["nettoyage Lyon, ESAT ou EI"],
        "national": ["exclude"],
        "sort": ["name"],
        "radius": ["50"],
    }
    assert "à 50 km" in after.chips("active")


def test_namesakes_are_a_menu_of_the_place(reader: Reader) -> None:
    page = reader.search("nettoyage à 20 km de Saint-Denis")
    place = page.root.first("ul", aria_labelledby="understood").every("li", class_="chip")[-1]
    menu = place.first("details", class_="change")
    assert (
        menu.first("summary").attributes["aria-label"]
        == "Changer\u00a0: " + place.first("span").text
    )
    links = menu.every("a")
    assert len(links) == 3
    for link in links:
        after = reader.open(link.attributes["href"])
        assert link.text in after.chips("active")
        assert "à 20 km" in after.chips("understood")


@pytest.mark.parametrize(
    ("q", "trades"),
    [
        ("je cherche un traiteur à Lyon", ["Traiteur"]),
        (EXAMPLE, ["Nettoyage de locaux"]),
        ("traiteur et menuiserie", ["Traiteur", "Menuiserie"]),
        ("Lyon", []),
        ("blanchiserie Lyon", ["Blanchisserie"]),
    ],
)
def test_the_trade_understood_is_a_chip_whose_words_can_be_searched_alone(
    reader: Reader, q: str, trades: list[str]
) -> None:
    page = reader.search(q)
    assert [one.rpartition(" : ")[2] for one in page.chips("trades")] == trades
    for one in page.root.every("ul", aria_labelledby="trades"):
        for drop in one.every("a", class_="drop"):
            assert len(reader.open(drop.attributes["href"]).chips("trades")) == len(trades) - 1


def test_a_trade_can_be_changed_into_another_that_its_words_may_name(reader: Reader) -> None:
    page = reader.search("entretien du linge à Lyon")
    (shown,) = page.chips("trades")
    other = "Entretien du linge" if "Blanchisserie" in shown else "Blanchisserie"
    changed = page.link(other)
    assert parameters(changed)["q"] == [f"{other} à Lyon"]
    assert "Lyon (69)" in reader.open(changed).chips("understood")


@pytest.mark.parametrize(
    "given", [{"q": EXAMPLE}, {"kind": "EI", "q": "bois", "page": "2"}, {"lang": "en"}]
)
def test_a_page_knows_the_one_address_of_its_search(reader: Reader, given: dict[str, str]) -> None:
    address = reader.search(**given).root.first(id="total").attributes["data-address"]
    everyone = {} if given.keys() - {"lang"} else {"view": "list"}
    assert {name: values[0] for name, values in parameters(address).items()} == {
        **given,
        **everyone,
    }
    assert reader.open(address).root.first(id="total").attributes["data-address"] == address


def test_minutes_have_a_chip_that_takes_them_away(reader: Reader) -> None:
    page = reader.search("nettoyage à 45 minutes de Lyon")
    assert "à environ 45 min en voiture" in page.chips("understood")
    asked = reader.search("nettoyage", near="Lyon", minutes="45")
    left = parameters(asked.chips("active")["à environ 45 min en voiture"])
    assert "minutes" not in left
    assert left["near"] == ["Lyon"]


@pytest.mark.parametrize(("lang", "said"), [("fr", "min en voiture"), ("en", "min by car")])
def test_a_card_tells_how_long_one_drives(lang: str, said: str, reader: Reader) -> None:
    assert (
        f"{said}</small>"
        in reader.search("nettoyage", near="Lyon", radius="50", lang=lang).response.text
    )


def test_beyond_what_the_estimate_was_measured_on_no_card_tells_minutes(reader: Reader) -> None:
    """Half a day's drive is no fact to the minute: kilometres say it."""
    page = reader.search("nettoyage", near="Brest", radius="none").root
    assert any("km" in one.text for one in page.every("strong"))
    driven = [one.text for one in page.every("small") if "en voiture" in one.text]
    assert all(int("".join(filter(str.isdigit, one))) <= 180 for one in driven)
