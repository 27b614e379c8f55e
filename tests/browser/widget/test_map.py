"""The map: everyone found is on it or counted beside it, and it is reached by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_access import faults
from tests.browser.widget.conftest import Visit, until
from tests.browser.widget.test_element import total

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def numbers(texts: list[str]) -> int:
    return sum(int(found) for text in texts for found in re.findall(r"\d+", text))


def drawn(page: Page) -> None:
    """Until the map has asked for what it shows, and drawn it."""
    until(
        page,
        """() => {
      const root = document.querySelector("supplier-search").shadowRoot;
      return root.querySelector(".pin") && !root.querySelector(".leaflet-zoom-anim");
    }""",
    )
    with page.expect_response(re.compile(r"/api/v1/map.*bbox=")):
        page.get_by_role("button", name="Éloigner").click()
    page.wait_for_timeout(100)


def test_everyone_is_on_the_map_or_counted_beside_it(visit: Visit) -> None:
    page = visit('q="nettoyage" view="map"', reduced_motion="reduce")
    drawn(page)
    assert page.locator(".canvas .pin:not(.one)").count()
    assert numbers(page.locator(".map ~ .note").all_inner_texts()) == total(page)
    assert (
        page.evaluate("[typeof window.L, typeof window.leaflet]") == ["undefined"] * 2
    )  # the host may have its own
    assert faults(page) == []


def test_the_map_by_keyboard_down_to_one_supplier(visit: Visit) -> None:
    page = visit('q="nettoyage"', reduced_motion="reduce")
    page.get_by_role("button", name="Carte").press("Enter")
    expect(page.get_by_role("button", name="Carte")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("region", name="Carte des fournisseurs trouvés")).to_be_visible()
    expect(page.get_by_role("list", name="Résultats")).to_be_hidden()
    drawn(page)
    for _ in range(8):
        if page.locator(".canvas .pin.one").count():
            break
        with page.expect_response(re.compile(r"/api/v1/map.*bbox=")):
            page.locator(".canvas .pin").first.press("Enter")
        page.wait_for_timeout(100)
    pin = page.locator(".canvas .pin.one").first
    name = (pin.get_attribute("aria-label") or "").rpartition(", ")[0].rpartition(", ")[0]
    pin.press("Enter")
    link = page.locator(".detail .card").get_by_role("link", name=name)
    expect(link).to_be_focused()
    expect(pin).to_have_attribute("aria-pressed", "true")
    assert faults(page) == []


def test_the_map_by_pointer(visit: Visit) -> None:
    page = visit('q="nettoyage" view="map"', reduced_motion="reduce")
    drawn(page)
    before = page.locator(".canvas .pin:not(.one)").all_inner_texts()
    largest = max(before, key=int)
    with page.expect_response(re.compile(r"/api/v1/map.*bbox=")):
        page.locator(".canvas .pin", has_text=re.compile(f"^{largest}$")).click()
    expect(page.locator(".canvas .pin", has_text=re.compile(f"^{largest}$"))).to_have_count(0)
    page.locator(".canvas .pin.one").nth(3).click()
    expect(page.locator(".detail .card").get_by_role("link")).to_be_focused()


def test_a_map_that_can_not_load_says_so_and_the_list_is_there(visit: Visit) -> None:
    page = visit('q="nettoyage"', route=("**/leaflet.js", lambda route: route.abort()))
    page.get_by_role("button", name="Carte").click()
    expect(page.locator(".map ~ .note")).to_contain_text("La carte n'a pas pu se charger")
    page.get_by_role("button", name="Liste").click()
    expect(page.locator(".card").first).to_be_visible()
