"""What a buyer sees before scrolling: how soon the answers start, and how many there are, in pixels
of a screen.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, understood
from tests.browser.test_access import faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SEARCH = "/?q=nettoyage+%C3%A0+30+km+de+Lyon"
PLACES = "/?q=nettoyage+Lyon,+Grenoble+et+Villeurbanne"
FULL = "/?q=nettoyage+%C3%A0+30+km+de+Lyon,+ESAT+ou+EI"
WARNED = "/?q=nettoyage&near=Lyonn"
LONG = f"{SEARCH}&kind=ESAT,EI,EA,ACI,AI&coverage=any"
SCREENS = {
    "desktop": (1280, 800, 230),
    "telephone": (390, 844, 400),
    "1280 at 200 %": (640, 400, 360),
}
"""Width, height, and where the first card begins at the latest."""


def boxes(page: Page) -> list[dict[str, float]]:
    return [box for one in page.locator(".results .card").all() if (box := one.bounding_box())]  # type: ignore[misc]


@pytest.mark.parametrize(
    "address",
    [SEARCH, FULL, "/?q=traiteur&near=Lyon&kind=ESAT,EI&radius=200", PLACES, WARNED, LONG],
)
@pytest.mark.parametrize("screen", SCREENS)
def test_answers_begin_on_the_first_screen(open_page: Open, screen: str, address: str) -> None:
    width, height, latest = SCREENS[screen]
    page = open_page(address, width=width, height=height)
    cards = boxes(page)
    assert 0 < cards[0]["y"] <= latest
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if screen == "desktop":
        assert len([one for one in cards[:4] if one["y"] + one["height"] <= height]) == min(
            4, len(cards)
        )


def test_a_kinds_name_shows_when_it_is_pointed_at_and_when_it_is_focused(open_page: Open) -> None:
    page = open_page(FULL)
    kind = page.locator(".card .kind").first
    name = kind.locator("span")
    shown = "one => getComputedStyle(one).clipPath === 'none' && one.getBoundingClientRect().height > 10"
    assert not name.evaluate(shown)
    kind.hover()
    assert name.evaluate(shown)
    page.mouse.move(0, 0)
    page.locator(".card h2 a").first.focus()
    page.keyboard.press("Tab")
    expect(kind).to_be_focused()
    assert name.evaluate(shown)


def test_place_and_distance_open_with_the_phrase_on_a_telephone(open_page: Open) -> None:
    page = open_page(SEARCH, width=390, height=844)
    before = boxes(page)[0]["y"]
    expect(page.locator("#near")).to_be_hidden()
    page.locator("#q").click()
    expect(page.locator("#near")).to_be_visible()
    assert boxes(page)[0]["y"] == before, "nothing moves under a finger"
    page.locator("#near").fill("Nantes")
    page.keyboard.press("Enter")
    page.wait_for_url("**&near=Nantes*")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_filters_cover_a_telephone_and_lead_back_to_what_they_leave(
    open_page: Open, scripts: bool
) -> None:
    page = open_page("/?q=nettoyage", width=390, height=844, scripts=scripts)
    page.locator("label.drawer").click()
    covering = page.locator("nav.filters").bounding_box()
    assert covering == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(page.locator(".card").first).to_be_hidden()  # nor reached by keyboard
    if scripts:
        assert faults(page) == []
        page.locator("#kind-ESAT").click()
        expect(understood(page)).to_have_text(["ESAT"])
    count = page.locator("#total").text_content() or ""
    expect(page.locator("label.done")).to_have_text(f"Afficher {count.split()[0]} résultats")
    page.locator("label.done").click()
    expect(page.locator(".card").first).to_be_visible()
    page.locator("label.drawer").click()
    page.keyboard.press("Escape")
    expect(page.locator(".card").first).to_be_visible(visible=scripts)


def test_the_other_view_floats_within_reach_of_a_thumb(open_page: Open) -> None:
    page = open_page(SEARCH, width=390, height=844)
    page.mouse.wheel(0, 2000)
    expect(page.locator("#view-map")).to_be_in_viewport()
    expect(page.locator("#view-list")).to_be_hidden()
    page.locator("#view-map").click()
    expect(page.locator("#view-list")).to_be_in_viewport()


def test_what_stands_on_a_card_covers_nothing_of_it(open_page: Open) -> None:
    for width in (1280, 768):
        page = open_page(SEARCH, width=width)
        for card in page.locator(".results > .card").all():
            keep, why = card.locator(".keep").bounding_box(), card.locator(".why").bounding_box()
            assert keep
            assert why is None or keep["y"] + keep["height"] <= why["y"] + 2
