"""The list and the map move together: everyone found is on the map or counted beside it, and leads
back to the list.
"""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from discovery.pages.maps import zone_map
from discovery.places import gazetteer
from tests.browser.conftest import Open, understood
from tests.browser.test_access import TOO_WIDE, faults, tab_to
from tests.browser.test_journeys import total
from tests.browser.widget.test_map import numbers

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ANSWERED = re.compile(r"/api/v1/map.*bbox=")
IN_SIGHT = """() => {
  const box = document.querySelector("#map .canvas").getBoundingClientRect();
  return [...document.querySelectorAll("#map .pin.one")].filter((pin) => {
    const { left, right, top, bottom } = pin.getBoundingClientRect();
    return left > box.left && right < box.right && top > box.top + 60 && bottom < box.bottom - 60;
  }).map((pin) => pin.dataset.id);
}"""


def opened(page: Page) -> Page:
    """Once the map has found its frame, and drawn what it shows."""
    with page.expect_response(ANSWERED):
        page.locator("#view-map").click()
    return drawn(page)


def drawn(page: Page) -> Page:
    page.locator("#map .live .pin").first.wait_for(state="attached")
    page.wait_for_timeout(150)
    return page


def moved(page: Page, *keys: str) -> None:
    """By the keyboard, until the map has asked for what it shows."""
    page.locator("#map .canvas").focus()
    for key in keys:
        with page.expect_response(ANSWERED):
            page.keyboard.press(key)
    page.wait_for_timeout(150)


def clusters(page: Page) -> list[str]:
    return page.locator("#map .canvas .pin:not(.one)").all_inner_texts()


def everyone(page: Page) -> int:
    """Those that the map says are in view, and those it can't show."""
    return numbers(page.locator("#map .note").all_inner_texts())


def names(page: Page) -> list[str]:
    return page.locator(".results .card h2").all_inner_texts()


def journey(open_page: Open) -> None:
    page = opened(open_page("/?q=nettoyage", reduced_motion="reduce"))
    page.evaluate("window.same = true")
    assert page.url.endswith("/?q=nettoyage&view=map")
    expect(page.locator("#view-map")).to_be_focused()
    expect(page.locator("#map .still")).to_be_hidden()
    before, all_names = total(page), names(page)
    assert everyone(page) == before

    # The list lights the map, the map lights the list.
    card = page.locator(".results .card[data-point]").first
    card.hover()
    expect(page.locator("#map .canvas :is(.spot, .pin.lit)")).to_have_count(1)
    page.locator("#total").hover()
    expect(page.locator("#map .canvas :is(.spot, .pin.lit)")).to_have_count(0)

    # Search where it was moved.
    expect(page.locator("#map-here")).to_be_hidden()
    with page.expect_response(ANSWERED):
        page.locator("#map .pin", has_text=re.compile(f"^{max(map(int, clusters(page)))}$")).click()
    drawn(page)
    page.get_by_role("button", name="Chercher dans cette zone").click()
    expect(understood(page)).to_have_text(["zone de la carte"])
    assert "bbox=" in page.url
    assert 0 < total(page) < before
    assert names(page) != all_names
    expect(page.locator("#map-here")).to_be_hidden()
    expect(page.locator("#map .canvas")).to_be_focused()
    assert (
        page.locator("#map .canvas path").count() == 1
    )  # the area that is searched, where the map still stands

    # One supplier, from its pin to its place in the list and its page.
    listed = [
        id for id in page.evaluate(IN_SIGHT) if page.locator(f".results [data-id={id}]").count()
    ]
    pin = page.locator(f"#map .pin[data-id={listed[0]}]")
    pin.hover()
    expect(page.locator(f".results [data-id={listed[0]}]")).to_have_class(re.compile("lit"))
    pin.click()
    expect(page.locator("#map .detail .card h3 a")).to_be_focused()
    page.locator("#map .detail").get_by_role("button", name="Ajouter à ma sélection").click()
    expect(page.locator("#kept")).to_have_text("Ma sélection (1)")
    page.locator("#map .detail .card h3 a").focus()
    page.keyboard.press("Escape")
    expect(pin).to_be_focused()
    expect(page.locator("#map .detail .card")).to_have_count(0)

    # Back, and everything is as it was.
    with page.expect_response(ANSWERED):
        page.go_back()
    expect(page.locator("#total")).to_contain_text(str(before))
    assert names(page) == all_names
    assert everyone(drawn(page)) == before
    page.go_back()
    expect(page.locator("#map")).to_have_count(0)
    assert page.url.endswith("/?q=nettoyage")
    assert page.evaluate("window.same") is True


def test_the_map_and_the_list_move_together(open_page: Open) -> None:
    journey(open_page)


def test_the_list_follows_the_map_when_asked_in_one_step_of_history(open_page: Open) -> None:
    page = drawn(open_page("/?q=nettoyage&view=map", reduced_motion="reduce"))
    page.get_by_label("Chercher ici quand je déplace la carte").check()
    steps = page.evaluate("history.length")
    found = []
    for key in ("+", "ArrowRight", "ArrowRight"):
        shown = page.url
        moved(page, key)
        page.wait_for_url(lambda url, shown=shown: "bbox=" in url and url != shown)
        expect(page.locator("#map .canvas")).to_be_focused()
        found.append(total(page))
    assert len(set(found)) > 1
    assert page.evaluate("history.length") == steps + 1
    expect(page.locator("#map-here")).to_be_hidden()
    page.go_back()
    expect(page.locator(".understood :not([aria-labelledby=trades]) > li.chip")).to_have_count(0)
    expect(page.get_by_label("Chercher ici quand je déplace la carte")).to_be_checked()
    assert page.url.endswith("/?q=nettoyage&view=map")


def test_a_filter_keeps_the_area_and_its_chip_leaves_it(open_page: Open) -> None:
    page = drawn(open_page("/?q=nettoyage&view=map&bbox=4,45,6,46.5", reduced_motion="reduce"))
    with page.expect_response(ANSWERED):
        page.locator("#kind-ESAT").click()
    expect(page.locator("#kind-ESAT")).to_have_attribute("aria-current", "true")
    assert understood(page).all_inner_texts() == ["zone de la carte", "ESAT"]
    with page.expect_response(ANSWERED):
        page.get_by_role("link", name="Retirer : zone de la carte").click()
    expect(understood(page)).to_have_text(["ESAT"])
    drawn(page)
    assert page.locator("#map .canvas path").count() == 0
    assert everyone(page) == total(page)


def test_a_circle_is_drawn_and_fits(open_page: Open) -> None:
    page = drawn(open_page("/?q=nettoyage+à+30+km+de+Lyon&view=map"))
    circle, canvas = (
        page.locator(one).bounding_box() for one in ("#map .canvas path", "#map .canvas")
    )
    assert circle
    assert canvas
    assert canvas["x"] <= circle["x"]
    assert circle["x"] + circle["width"] <= canvas["x"] + canvas["width"]
    assert canvas["y"] <= circle["y"]
    assert circle["y"] + circle["height"] <= canvas["y"] + canvas["height"]
    assert circle["width"] > canvas["width"] / 3
    assert page.locator("#map .centre").count() == 1
    assert everyone(page) == total(page)
    expect(page.locator("#map-here")).to_be_hidden()


def test_where_the_nearest_are_shown_the_map_says_what_nobody_is_known_for(open_page: Open) -> None:
    page = open_page("/?q=menuiserie&place=commune:29019&coverage=located&kind=EA&view=map")
    expect(page.locator("#map")).to_contain_text(
        "Aucun fournisseur connu ne répond à tous vos critères."
    )


@pytest.mark.parametrize(
    ("region", "code"),
    [("Bretagne", "53"), ("Occitanie", "76"), ("PACA", "93"), ("Île-de-France", "11")],
)
def test_a_region_asked_for_is_what_the_map_shows(open_page: Open, region: str, code: str) -> None:
    """Whole, on the screen, and as large as a whole step of zoom allows."""
    page = open_page("/")
    with page.expect_response(ANSWERED) as answered:
        page.goto(f"/?q=nettoyage en {region}&view=map")
    drawn(page)
    west, south, east, north = map(
        float, parse_qs(urlsplit(answered.value.url).query)["bbox"][0].split(",")
    )
    boxes = [
        zone_map.outline_box(one)
        for one in zone_map.departments_of((f"region:{code}",), gazetteer())
    ]
    left, low, right, high = (
        edge(side)
        for edge, side in zip((min, min, max, max), zip(*boxes, strict=True), strict=True)
    )
    assert west <= left < right <= east
    assert south <= low < high <= north
    assert max((right - left) / (east - west), (high - low) / (north - south)) > 0.4
    canvas = page.locator("#map .canvas").bounding_box()
    assert canvas
    assert canvas["y"] + canvas["height"] <= 900


def test_all_of_it_by_keyboard(open_page: Open) -> None:
    page = open_page("/?q=nettoyage", reduced_motion="reduce")
    tab_to(page, "#view-map")
    with page.expect_response(ANSWERED):
        page.keyboard.press("Enter")
    drawn(page)
    tab_to(page, "#map-follow")
    tab_to(page, "#map .canvas")
    for _ in range(8):
        if page.evaluate(IN_SIGHT):
            break
        with page.expect_response(ANSWERED):
            page.locator("#map .canvas .pin").first.press("Enter")
        page.wait_for_timeout(150)
    tab_to(page, "#map .pin.one")
    page.keyboard.press("Enter")
    expect(page.locator("#map .detail a")).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("Tab")
    expect(page.locator("#map .detail .keep")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Fermer la fiche")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#map .pin[aria-pressed=true]")).to_have_count(0)
    tab_to(page, ".results .card h2 a")
    expect(page.locator("#map .canvas :is(.spot, .pin.lit)")).to_have_count(1)


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_it_fits_every_screen(open_page: Open, width: int, scripts: bool) -> None:
    page = open_page(
        "/?q=nettoyage&view=map", width=width, scripts=scripts, reduced_motion="reduce"
    )
    if scripts:
        drawn(page)
        assert faults(page) == []
        assert (
            page.evaluate(TOO_WIDE.replace(".skip", ".skip, .canvas > *")) == []
        )  # the map cuts what goes beyond it
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    place, cards = page.locator("#map").bounding_box(), page.locator(".results").bounding_box()
    assert place
    assert cards
    beside = place["x"] >= cards["x"] + cards["width"]
    assert beside == (width >= 1100)
    assert beside or place["y"] + place["height"] <= cards["y"]


@pytest.mark.parametrize("lost", ["map-panel.js", "leaflet.js", "base.json"])
def test_a_map_that_can_not_come_leaves_the_still_one_and_the_list(
    open_page: Open, lost: str
) -> None:
    page = open_page("/?q=nettoyage")
    page.route(f"**/{lost}", lambda route: route.abort())
    page.locator("#view-map").click()
    expect(page.locator("#map .still svg")).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.locator("#map .still svg")).to_be_visible()
    expect(page.locator(".results .card").first).to_be_visible()
    if lost != "map-panel.js":
        expect(page.locator("#map .note")).to_contain_text("La carte n'a pas pu se charger")
    # Another try, and it is there.
    page.unroute_all()
    page.locator("#kind-ESAT").click()
    expect(page.locator("#map .live .pin").first).to_be_attached()
    expect(page.locator("#map .still")).to_be_hidden()


def test_pins_have_the_number_of_their_card_and_the_colour_of_its_family(open_page: Open) -> None:
    page = open_page("/?q=nettoyage&near=Lyon&radius=30&view=map")
    expect(page.locator("#map .pin.one").first).to_be_visible()
    cards = {one.get_attribute("data-id"): one for one in page.locator(".results .card").all()}
    ids = list(cards)
    pins = page.locator("#map .pin.one").all()
    for pin in pins:
        id_ = pin.get_attribute("data-id")
        expect(pin).to_have_text(str(ids.index(id_) + 1) if id_ in cards else "")
        group = "handicap" if "handicap" in (pin.get_attribute("class") or "") else "insertion"
        if id_ in cards:
            expect(cards[id_].locator(".kind")).to_have_class(f"kind {group}")
    assert pins
