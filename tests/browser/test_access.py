"""For everyone: axe on each page and state, the keyboard alone, small screens, zoom, less motion."""

import re

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STATES = {
    "home": "/",
    "everyone": "/?view=list",
    "answer": "/?q=nettoyage+%C3%A0+30+km+de+Lyon,+ESAT+ou+EI",
    "filters": "/?q=nettoyage&kind=ESAT,EI&near=Lyon&radius=100&national=exclude&sort=name&literal=x",
    "namesakes": "/?q=nettoyage+%C3%A0+20+km+de+Saint-Denis",
    "typo": "/?q=blanchiserie",
    "warnings": "/?q=nettoyage+dans+le+Rh%C3%B4ne+rayon+20+km&colour=blue&near=Saint-Denis",
    "nothing": "/?q=zzyzx&certification=rge",
    "ways out": "/?q=traiteur&near=Lyon&radius=5&kind=ESAT",
    "second page": "/?page=2",
    "past the end": "/?page=400",
    "problem": "/?kind=ESATT&sector=netoyage&near=Lyonn",
    "supplier": "/fournisseurs/propre-lyon-fiche",
    "supplier of a search": "/fournisseurs/propre-lyon-fiche?q=nettoyage&near=Lyon",
    "map": "/?q=nettoyage&near=Lyon&radius=30&view=map",
    "bare supplier": "/fournisseurs/nu",
    "gone": "/fournisseurs/parti-fiche",
    "not found": "/nulle-part",
    "english": "/?lang=en&q=cleaning+near+Lyon",
    "figures": "/stats",
    "sheet": "/sourcing?q=nettoyage+%C3%A0+30+km+de+Lyon",
    "notice": "/confidentialite",
    "selection": "/selection?id=propre-lyon&id=linge-nantes&id=crowd-001&near=Lyon",
    "selection with gaps": "/selection?id=nu&id=parti&id=jamais-vu&near=Lyonn&lang=en",
    "long selection": "/selection?" + "&".join(f"id=crowd-{number:03}" for number in range(31)),
    "empty selection": "/selection",
    "several places": "/lieux?q=nettoyage&place=commune:69123&place=commune:38185&place=commune:69266",
    "feed as a page": "/feed.atom?q=nettoyage",
}
OF_EACH_KIND = ["home", "answer", "namesakes", "typo", "ways out", "problem", "supplier", "supplier of a search", "map",
                "figures", "sheet", "selection", "selection with gaps", "empty selection", "several places",
                "feed as a page"]  # fmt: skip
"""Other states bring no element, class or role of their own, so no colour; nothing that narrow
screens draw anew.
"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


WORN = re.compile(r'<([a-z]+)|class="([^"]*)"|(role="\w+"|aria-current="\w+")')


def test_other_states_show_nothing_of_their_own(host: str) -> None:
    texts = {
        state: httpx.get(host + address, follow_redirects=True, timeout=60).text
        for state, address in STATES.items()
    }
    worn = {
        state: set(" ".join("".join(one) for one in WORN.findall(text)).split())
        for state, text in texts.items()
    }
    kept = set().union(*(worn[state] for state in OF_EACH_KIND))
    assert {state: own for state, shown in worn.items() if (own := shown - kept)} == {}


STILL = """() => {
  const roots = [document, ...[...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean)];
  const fading = roots.flatMap((root) => root.getAnimations()).filter((one) => one instanceof CSSTransition);
  return Promise.allSettled(fading.map((one) => one.finished)).then(() => true);
}"""


OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that other colours of the same page can break."""


def faults(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds, by all rules or those named."""
    page.evaluate(STILL)  # a colour is what it is once nothing fades any more
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    told = {
        "runOnly": only,
        "resultTypes": ["violations"],
    }  # to tell all that is well costs twice as much again
    found = Axe().run(page, options=told).response["violations"]
    return [
        f"{one['id']}: {node['html']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


WIDTHS = {320: "telephone", 640: "1280 at 200 %", 768: "tablet"}
TOO_WIDE = """() => {
  const wide = () => [...document.querySelectorAll("body *")]
    .filter((one) => !one.closest(".unseen, .skip, .scroll > *, .leaflet-map-pane, svg > *"))
    .filter((one) => !one.closest("details:not([open]) > :not(summary)"))
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.outerHTML.slice(0, 120));
  const panels = [...document.querySelectorAll("details:has(> .popover)")];
  return [wide(), ...panels.map((panel) => {
    panel.open = true;
    const found = wide();
    panel.open = false;
    return found;
  })].flat();
}"""
"""As the page stands, then with each of its small panels open."""
NO_COLUMNS = """() => [...document.querySelectorAll("table:not([role]), table:not([role]) > *")]
  .filter((one) => ["grid", "flex"].includes(getComputedStyle(one).display)).map((one) => one.className)"""
"""Tables whose heads do not stand over their columns, since a style meant for something else lays
them out; those with a role of their own are drawn as cards on purpose.
"""


def faults_of_colours(page: Page) -> list[str]:
    """In the dark, and in colours of the reader's own; a choice is told by more than a colour of
    ours.
    """
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(245, 247, 249)"
    dark = faults(page, OF_COLOURS)
    page.emulate_media(color_scheme="light", forced_colors="active", reduced_motion="reduce")
    forced = faults(page, OF_COLOURS)
    assert page.evaluate("document.getAnimations().length") == 0
    chosen = page.locator(".facet a[aria-current]")
    if chosen.count():
        other = page.locator(".facet a:not([aria-current])").first
        colour = "one => getComputedStyle(one, '::before').backgroundColor"
        assert chosen.first.evaluate(colour) != other.evaluate(colour)
    page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="no-preference")
    return dark + forced


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    open_page: Open, state: str
) -> None:
    page = open_page(STATES[state])
    page.evaluate(
        "document.querySelectorAll('details:not(:has(> .popover))').forEach((one) => { one.open = true; })"
    )
    assert faults(page) == []
    if state in OF_EACH_KIND:
        assert faults_of_colours(page) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 700})
        drawer = page.locator("#show-filters")
        if drawer.count() and not drawer.is_checked():
            page.locator("label.drawer").click()
        assert page.evaluate(TOO_WIDE) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(NO_COLUMNS) == [], width
        if width == 320 and state in OF_EACH_KIND:
            assert faults(page) == []


def test_axe_finds_nothing_after_a_change_in_place(open_page: Open) -> None:
    page = open_page(STATES["answer"])
    page.locator("#coverage-any").click()
    expect(page.locator("#said")).not_to_be_empty()
    assert faults(page) == []


@pytest.mark.parametrize("state", ["answer", "supplier", "problem"])
def test_letters_twice_as_large_still_fit(open_page: Open, state: str) -> None:
    page = open_page(STATES[state])
    page.evaluate(
        "document.documentElement.style.fontSize = '200%'"
    )  # what a browser's own setting does
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_all_of_it_by_keyboard(open_page: Open) -> None:
    page = open_page("/?view=list")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('#results'))")

    tab_to(page, "#q", "Shift+Tab")
    page.keyboard.type("nettoyage")
    page.keyboard.press("Enter")
    expect(page.locator("#q")).to_have_value("nettoyage")
    expect(page.locator("#results .card").first).to_be_visible()

    tab_to(page, "#more-department summary")
    page.keyboard.press("Enter")
    expect(page.locator("#more-department a").first).to_be_visible()
    tab_to(page, "#kind-ESAT", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#kind-ESAT")).to_have_attribute("aria-current", "true")
    expect(page.locator("#kind-ESAT")).to_be_focused()

    tab_to(page, ".card h2 a")
    page.keyboard.press("Enter")
    expect(page.locator(".profile h1")).to_be_visible()


def test_the_drawer_opens_by_keyboard(open_page: Open) -> None:
    page = open_page("/?q=nettoyage", width=320)
    tab_to(page, "#show-filters")
    assert outlined(page, "label.drawer")
    page.keyboard.press("Space")
    expect(page.locator(".facets")).to_be_visible()


def tab_to(page: Page, selector: str, key: str = "Tab", most: int = 200) -> None:
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} is never reached with {key}")


RING = """(one) => {
  const drawn = (at) => at && getComputedStyle(at).outlineStyle !== "none"
    && parseFloat(getComputedStyle(at).outlineWidth) >= 2;
  return Boolean(drawn(one) || drawn(one.closest(".card")));
}"""


def outlined(page: Page, selector: str) -> bool:
    return bool(page.locator(selector).evaluate(RING))


@pytest.mark.parametrize("state", ["answer", "supplier", "problem"])
def test_the_focus_is_always_seen(open_page: Open, state: str) -> None:
    page = open_page(STATES[state])
    seen = 0
    while seen < 120:
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        seen += 1
        assert outlined(page, "*:focus"), page.evaluate("document.activeElement.outerHTML")
    assert seen > 10


def test_less_motion_when_asked(open_page: Open) -> None:
    page = open_page("/?q=nettoyage", reduced_motion="reduce")
    durations = (
        "[...document.querySelectorAll('*')].map((one) => getComputedStyle(one).transitionDuration)"
    )
    assert set(page.evaluate(durations)) == {"0s"}
