"""Public pages that are no search: figures with what is searched, kinds explained. And that nothing
moves by itself.
"""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from discovery.answers.figures import MIN_TIMES, SearchCounts
from discovery.app import application
from discovery.search.service import today
from tests.browser.conftest import Open
from tests.browser.test_access import TOO_WIDE, faults
from tests.pages.world import services_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WIDTHS = (320, 768, 1280)
SHIFTS = """() => new Promise((told) => {
  let shift = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) shift += one.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => told(shift), 300);
})"""
"""What moved since the page began, by nobody's hand."""


@pytest.fixture
def counting(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page on a service that counts searches, and has some to tell of."""
    services = services_in(tmp_path)
    for back in (0, 1):
        counts = SearchCounts(tmp_path, 30, lambda back=back: today() - timedelta(days=back))
        asked = [
            ("search", ""),
            ("phrase", "nettoyage de bureaux"),
            ("kind", "ESAT"),
            ("sector", "traiteur"),
        ]
        for visitor in range(MIN_TIMES):
            counts.add(asked, str(visitor))
    app = application(replace(services, settings=replace(services.settings, query_log=True)))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    page = browser.new_page(base_url=f"http://127.0.0.1:{server.server_port}")
    yield page
    page.close()
    server.shutdown()


def all_fits_and_axe_finds_nothing(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(TOO_WIDE) == [], width
        assert width == 768 or faults(page) == [], width


def test_figures_with_what_is_searched_are_for_everyone(counting: Page) -> None:
    counting.goto("/stats")
    assert counting.locator("#searches-phrase").count() == 1
    all_fits_and_axe_finds_nothing(counting)


@pytest.mark.parametrize("address", ["/types", "/mentions-legales", "/besoin?lang=en"])
def test_pages_of_words_are_for_everyone(open_page: Open, address: str) -> None:
    all_fits_and_axe_finds_nothing(open_page(address))


def test_an_answered_need_is_for_everyone(open_page: Open) -> None:
    page = open_page("/besoin")
    page.locator("textarea").fill(
        "Lot 1 : nettoyage des bureaux à Lyon\nLot 2 : assurance de la flotte\nLot 3 : 77310000"
    )
    page.locator(".need form button[type=submit]").first.click()
    assert page.locator("details.lot").count() == 3
    all_fits_and_axe_finds_nothing(page)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?q=nettoyage+%C3%A0+30+km+de+Lyon",
        "/fournisseurs/propre-lyon-fiche",
        "/stats",
        "/types",
    ],
)
def test_nothing_moves_by_itself(open_page: Open, address: str, width: int) -> None:
    page = open_page(address, width=width)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(SHIFTS) <= 0.02
