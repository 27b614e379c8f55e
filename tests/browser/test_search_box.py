"""The page's box as one types, and chips that change the search in place."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Open, understood
from tests.browser.test_access import faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BOX = "Votre besoin, avec vos mots"


def stays(page: Page) -> None:
    """Whatever follows must happen in this document."""
    page.evaluate("window.same = true")


def options(page: Page) -> Locator:
    """Those of the suggestions, not those of the form's own lists."""
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def same(page: Page) -> bool:
    return bool(page.evaluate("window.same === true"))


def test_by_keyboard_alone_from_letters_to_a_wider_circle(open_page: Open) -> None:
    page = open_page("/?view=list")
    stays(page)
    box = page.get_by_role("combobox", name=BOX)
    box.focus()
    page.keyboard.type("nettoyage à 20 km de villeurb")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    expect(page.locator("#said")).to_have_text("1 suggestion")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_hidden()
    expect(box).to_have_value("nettoyage à 20 km de villeurb")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".option[aria-selected=true]")).to_contain_text("Villeurbanne (69)")
    page.keyboard.press("Enter")
    expect(understood(page)).to_have_text(["à 20 km", "Villeurbanne (69)"])
    expect(page.locator("#said")).to_contain_text("à 20 km, Villeurbanne (69)")
    expect(box).to_be_focused()
    assert same(page)

    page.locator("#change-radius summary").focus()
    page.keyboard.press("Enter")
    slider = page.get_by_role("slider", name="Distance")
    slider.focus()
    expect(slider).to_have_attribute("aria-valuetext", "20 km")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "50 km")
    page.wait_for_url("**/?q=nettoyage+Villeurbanne+%2869%29&radius=50")
    expect(understood(page)).to_have_text(["Villeurbanne (69)", "à 50 km"])
    expect(slider).to_be_focused()  # the panel is still open, for a third step
    page.keyboard.press("Escape")
    expect(slider).to_be_hidden()
    expect(page.locator("#change-radius summary")).to_be_focused()
    assert same(page)

    page.go_back()
    expect(understood(page)).to_have_text(["à 20 km", "Villeurbanne (69)"])
    expect(box).to_have_value("nettoyage à 20 km de Villeurbanne (69)")
    assert same(page)


def test_a_search_is_sent_in_place_at_its_short_address(open_page: Open) -> None:
    page = open_page("/?kind=ESAT&sort=name")
    stays(page)
    page.get_by_label("Autour de", exact=True).press_sequentially("villeurb")
    options(page).first.click()
    page.wait_for_url("**/?kind=ESAT&near=Villeurbanne+%2869%29&sort=name")
    page.get_by_role("combobox", name=BOX).fill("nettoyage")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=nettoyage&kind=ESAT&near=Villeurbanne+%2869%29&sort=name")
    expect(page.locator("#total")).not_to_be_empty()
    assert same(page)


def test_a_suggested_supplier_opens_its_page(open_page: Open) -> None:
    page = open_page("/?lang=en&view=list")
    page.get_by_role("combobox").first.press_sequentially("mains clai")
    page.get_by_role("group", name="Suppliers").get_by_role("option", name="Mains Claires").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mains Claires")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    # From there the box goes on, to a page of its own.
    page.get_by_role("combobox").first.press_sequentially("esat")
    options(page).first.click()
    expect(page.locator("#total")).to_be_visible()


def test_typos_are_read_through_and_what_is_typed_meanwhile_stays(open_page: Open) -> None:
    page = open_page("/?view=list")
    box = page.get_by_role("combobox", name=BOX)
    box.press_sequentially("blanchiserie")
    expect(options(page).first).to_contain_text("Blanchisserie")
    held: list[Route] = []
    page.route("**/?q=*", lambda route: held.append(route))
    options(page).first.click()
    box.press_sequentially(" lille")
    expect(box).to_have_value("Blanchisserie lille")
    for route in held:
        route.continue_()
    expect(page.locator("#total")).not_to_contain_text("143")
    page.wait_for_url("**/?q=Blanchisserie")
    expect(box).to_have_value("Blanchisserie lille")
    assert page.evaluate("document.activeElement.selectionStart") == len("Blanchisserie lille")


@pytest.mark.parametrize("width", [320, 1280])
def test_open_panels_break_no_rule_and_fit(open_page: Open, width: int) -> None:
    page = open_page("/?q=nettoyage+%C3%A0+20+km+de+Saint-Denis", width=width)
    for panel in ("#change-radius", "#change-understood-2"):
        page.locator(f"{panel} summary").click()
        expect(page.locator(f"{panel} .popover")).to_be_visible()
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = page.locator(f"{panel} .popover").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.mouse.click(2, 2)  # elsewhere
        expect(page.locator(f"{panel} .popover")).to_be_hidden()
    page.get_by_role("combobox", name=BOX).fill("")
    page.get_by_role("combobox", name=BOX).press_sequentially("saint-den")
    expect(options(page).first).to_be_visible()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_any_distance_by_its_number(open_page: Open) -> None:
    page = open_page("/?q=nettoyage+%C3%A0+20+km+de+Lyon")
    page.locator("#change-radius summary").click()
    number = page.get_by_role("spinbutton", name="Distance")
    number.fill("900")
    page.keyboard.press("Enter")  # refused by the browser, which says why
    assert understood(page).all_inner_texts() == ["à 20 km", "Lyon (69)"]
    number.fill("42")
    page.keyboard.press("Enter")
    expect(understood(page)).to_have_text(["Lyon (69)", "à 42 km"])
    expect(number).to_have_value("42")
