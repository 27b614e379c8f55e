"""For everyone, wherever it stands: keyboard, screen readers, small screens, zoom, less motion,
hostile hosts, RTL.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_access import faults
from tests.browser.widget.conftest import Visit, element

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EXAMPLE = 'q="nettoyage à 30 km de Lyon, ESAT ou EI"'
STATES = {
    "answer": EXAMPLE,
    "english": 'lang="en" q="cleaning near Lyon"',
    "nothing": 'q="zzyzx" certification="rge"',
    "problem": 'kind="ESATT"',
    "every facet": 'near="Lyon" radius="50" '
    'facets="kind,sector,coverage,national,department,region,certification,network,employees"',
}
WIDE = """() => {
  const widget = document.querySelector("supplier-search");
  return [...widget.shadowRoot.querySelectorAll("*")]
    .filter((one) => !one.closest(".unseen, .canvas") && one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.outerHTML.slice(0, 120));
}"""
STYLE = """(selector) => {
  const found = getComputedStyle(document.querySelector("supplier-search").shadowRoot.querySelector(selector));
  const { color, fontSize, letterSpacing, textTransform, display, float, direction, position } = found;
  return { color, fontSize, letterSpacing, textTransform, display, float, direction, position };
}"""


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_is_too_wide(visit: Visit, state: str) -> None:
    page = visit(STATES[state], wait=False)
    expect(page.locator("supplier-search .main")).to_have_attribute("aria-busy", "false")
    assert faults(page) == []
    for width in (768, 320):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate(WIDE) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    drawer = page.get_by_role("button", name="Filt").or_(page.get_by_role("button", name="Filters"))
    if drawer.count() and drawer.is_visible():
        drawer.click()
    assert faults(page) == []
    assert page.evaluate(WIDE) == []


def test_twice_as_large_it_still_fits(visit: Visit) -> None:
    page = visit(EXAMPLE)
    page.evaluate("document.documentElement.style.zoom = 2")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(WIDE) == []
    page.get_by_role("button", name="Filtres").click()
    expect(page.get_by_role("checkbox", name="ESAT")).to_be_visible()


def test_a_hostile_style_sheet_changes_nothing(visit: Visit) -> None:
    calm = visit(EXAMPLE)
    places = (
        ".root",
        ".total",
        ".field input",
        ".search button",
        ".chip button",
        ".card a",
        ".card",
        ".value input",
    )
    styles = {place: calm.evaluate(STYLE, place) for place in places}
    attacked = visit(EXAMPLE, hostile=True)
    assert {place: attacked.evaluate(STYLE, place) for place in places} == styles
    assert styles[".total"]["letterSpacing"] != "9px"
    expect(attacked.get_by_role("button", name="Rechercher")).to_be_visible()
    attacked.get_by_role("button", name="Retirer : EI").click()
    expect(attacked.locator(".chip")).to_have_count(3)


def test_colours_and_sizes_follow_custom_properties_and_parts(visit: Visit, site: object) -> None:
    page = visit(EXAMPLE, reduced_motion="reduce")
    page.evaluate("""() => {
      const style = new CSSStyleSheet();
      style.replaceSync("supplier-search { --supplier-search-accent: rgb(90, 20, 120); --supplier-search-size: 20px }"
        + "supplier-search::part(card) { border-top-width: 7px }");
      document.adoptedStyleSheets = [style];
    }""")
    assert page.evaluate(STYLE, ".search button")["fontSize"] == "20px"
    button = page.get_by_role("button", name="Rechercher")
    assert button.evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgb(90, 20, 120)"
    assert (
        page.locator(".card").first.evaluate("(one) => getComputedStyle(one).borderTopWidth")
        == "7px"
    )


@pytest.mark.parametrize("where", ["page", "element"])
def test_right_to_left_does_not_break_it(visit: Visit, where: str) -> None:
    own, around = (' dir="rtl"', "") if where == "element" else ("", "rtl")
    page = visit(EXAMPLE + own, dir=around, width=1000)
    assert page.evaluate(STYLE, ".root")["direction"] == ("rtl" if where == "element" else "ltr")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    inside = """() => {
      const widget = document.querySelector("supplier-search");
      const { left, right } = widget.getBoundingClientRect();
      return [...widget.shadowRoot.querySelectorAll("*:not(.unseen)")].map((one) => one.getBoundingClientRect())
        .filter((one) => one.width && (one.left < left - 1 || one.right > right + 1)).length;
    }"""
    assert page.evaluate(inside) == 0
    page.get_by_role("button", name="Retirer : EI").click()
    expect(page.locator(".chip")).to_have_count(3)


def focused(page: Page) -> str:
    """What the reader of a screen hears of the focused element: a role and a name would do; text
    and label here.
    """
    said = page.evaluate("""() => {
      const one = document.querySelector("supplier-search")?.shadowRoot.activeElement;
      return one ? one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent
        : document.activeElement.localName;
    }""")
    return str(said).replace("\u00a0", " ")


def tab_to(page: Page, name: str, key: str = "Tab", most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press(key)
        if focused(page).startswith(name):
            return
    pytest.fail(f"{name} is never reached; the last was {focused(page)}")


def test_all_of_it_by_keyboard(visit: Visit) -> None:
    page = visit('q="nettoyage" per-page="5"')
    page.keyboard.press("Tab")
    assert focused(page) == "Votre besoin, avec vos mots"
    page.keyboard.type(" ESAT")
    page.keyboard.press("Enter")
    expect(page.locator(".chip > span")).to_have_text(["ESAT"])
    tab_to(page, "Retirer : ESAT")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(0)
    assert focused(page).endswith(
        "fournisseurs"
    )  # the chip is gone: the focus is on what that changed
    tab_to(page, "EI Entreprise d'insertion")
    page.keyboard.press("Space")
    expect(page.locator(".chip > span")).to_have_text(["EI"])
    assert focused(page).startswith("EI ")
    tab_to(page, "Voir la suite")
    page.keyboard.press("Enter")
    expect(page.locator(".card")).to_have_count(10)
    name = page.locator(".card a").nth(5).inner_text()
    assert focused(page) == name
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


RING = """() => {
  const one = document.querySelector("supplier-search").shadowRoot.activeElement;
  const drawn = (at) => at && getComputedStyle(at).outlineStyle !== "none"
    && parseFloat(getComputedStyle(at).outlineWidth) >= 2;
  return !one || Boolean(drawn(one) || drawn(one.closest(".card")));
}"""


def test_the_focus_is_always_seen(visit: Visit) -> None:
    page = visit(EXAMPLE)
    seen = 0
    page.keyboard.press("Tab")
    while focused(page) not in {"body", "html"} and seen < 80:
        assert page.evaluate(RING), focused(page)
        seen += 1
        page.keyboard.press("Tab")
    assert seen > 20


def test_suggestions_by_keyboard_as_the_combobox_pattern_has_it(visit: Visit) -> None:
    page = visit("")
    box = page.get_by_role("combobox", name="Votre besoin, avec vos mots")
    box.press_sequentially("nettoyage lyo")
    options = page.get_by_role("option")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("group", name="Lieux").get_by_role("option").first).to_contain_text(
        "Lyon (69)"
    )
    assert faults(page) == []
    count = options.count()

    page.keyboard.press("ArrowDown")
    marked = box.get_attribute("aria-activedescendant")
    expect(page.locator(f"[id={marked}]")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")

    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("nettoyage lyo")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Enter")
    expect(box).to_have_value("nettoyage Lyon (69)")
    expect(page.locator(".chip > span")).to_have_text(["Lyon (69)"])
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_suggestions_by_mouse_in_the_middle_of_a_phrase(visit: Visit) -> None:
    page = visit("")
    box = page.get_by_role("combobox")
    box.fill(" pas cher")
    page.keyboard.press("Home")
    page.keyboard.type("blanchiss")
    page.get_by_role("option", name="Blanchisserie").first.click()
    expect(box).to_have_value("Blanchisserie pas cher")
    expect(box).to_be_focused()


def test_what_a_screen_reader_finds(visit: Visit) -> None:
    page = visit(body=element(f'{EXAMPLE} facets="kind" per-page="1"'))
    snapshot = page.locator("supplier-search").aria_snapshot()
    for line in (
        '- search "Recherche de fournisseurs inclusifs":',
        '- combobox "Votre besoin, avec vos mots": nettoyage à 30 km de Lyon, ESAT ou EI',
        '- button "Rechercher"',
        '- heading "3 fournisseurs" [level=2]',
        '- button "Liste" [pressed]',
        '- list "Ce qui est demandé":',
        "- 'button \"Retirer : à 30 km\"'",
        '- button "Nettoyage de locaux 3"',
        '- group "Type":',
        '- checkbox "ESAT Établissement et service d\'aide par le travail 2" [checked]',
        '- list "Résultats":',
        '- heading "Mains Claires" [level=3]:',
        '- list "Pourquoi ce fournisseur":',
        "- status: 3 fournisseurs, à 30 km, Lyon (69), ESAT, EI",
    ):
        assert line in snapshot, snapshot
