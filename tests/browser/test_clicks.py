"""What a real browser reports of what is opened in a list, where the service asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import listening
from tests.web.world import services_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def trying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    services = services_in(tmp_path_factory.mktemp("clicks"))
    settings = replace(services.settings, events=True, trial="balanced:nearest")
    with listening(replace(services, settings=settings)) as address:
        yield address


@pytest.mark.parametrize(("selector", "told"), [("h2 a", True), ("summary.kind", False)])
def test_what_is_opened_is_told_with_its_place_and_search(
    selector: str, told: bool, browser: Browser, trying: str, capfd: pytest.CaptureFixture[str]
) -> None:
    query, id_ = pressed(browser, trying, selector)
    expected = {"action_name": "click", "query_id": query, "object_id": id_, "ordinal": 13, "status": 204}
    events = [json.loads(line) for line in capfd.readouterr().err.splitlines() if "/api/v1/events" in line]
    assert [{name: event[name] for name in expected} for event in events] == [expected] * told


def test_nothing_is_told_where_nobody_asks(browser: Browser, host: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert pressed(browser, host, "h2 a")[0] == ""
    assert "/api/v1/events" not in capfd.readouterr().err


def pressed(browser: Browser, address: str, selector: str) -> tuple[str, str]:
    """(the search's id in the page, the supplier's) of the third card of a second page, in which one thing was pressed
    and all that follows came."""
    with browser.new_page() as page:
        page.goto(f"{address}/?q=nettoyage+Lyon&per_page=10&page=2")
        card, results = page.locator(".card").nth(2), page.locator("ol.results")
        query, id_ = results.get_attribute("data-query") or "", card.get_attribute("data-id") or ""
        card.locator(selector).first.click()
        page.wait_for_load_state("networkidle")
        return query, id_
