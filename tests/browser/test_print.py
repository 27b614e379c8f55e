"""On paper: what is read, who is reached and how, where it came from; nothing that only a screen
can press.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = {
    "results": "/?q=nettoyage+%C3%A0+30+km+de+Lyon",
    "results in time": "/?q=nettoyage&sort=listed",
    "profile": "/fournisseurs/propre-lyon-fiche?q=nettoyage&near=Lyon",
    "selection": "/selection?id=propre-lyon&id=linge-nantes&near=Lyon&need=nettoyage",
    "sheet": "/sourcing?q=nettoyage+%C3%A0+30+km+de+Lyon",
}
PRESSED = "button:not(.kind), select, input:not([type=hidden]), .views, .filters, .tools, .follow, .bottom, .aside"
A4 = (595, 842)
"""Points."""


def shown(page: Page, selector: str) -> list[str]:
    return [
        one.evaluate("one => one.outerHTML.slice(0, 90)")
        for one in page.locator(selector).all()
        if one.is_visible()
    ]


@pytest.mark.parametrize("name", PAGES)
def test_paper_holds_no_tools_and_says_where_it_came_from(open_page: Open, name: str) -> None:
    page = open_page(PAGES[name], color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert shown(page, PRESSED) == []
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(23, 33, 43)", (
        "ink is dark on paper"
    )
    expect(page.locator(".on-paper")).to_contain_text(PAGES[name].partition("?")[0])
    page.set_viewport_size(
        {"width": 700, "height": 1000}
    )  # the width of the paper between its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    printed = page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert {(round(float(wide)), round(float(high))) for wide, high in sizes} == {A4}
    if name == "profile":
        assert len(sizes) <= 2
