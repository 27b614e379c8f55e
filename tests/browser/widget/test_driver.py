"""The driver's own tests, written in its language and run in a real browser: no other JavaScript
engine is needed.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from discovery.pages.files.bundles import widget

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TESTS = Path(__file__).with_name("driver.js").read_text(encoding="utf-8")
NAMES = re.findall(r'^test\("(.+?)", ', TESTS, re.MULTILINE)


@pytest.fixture(scope="module")
def page(browser: Browser, host: str) -> Iterator[Page]:
    """A page without a widget, whose policy lets it import modules of ours."""
    page = browser.new_page()
    page.goto(f"{host}/nowhere")
    page.route(
        "**/driver.test.js", lambda route: route.fulfill(body=TESTS, content_type="text/javascript")
    )
    yield page
    page.close()


def test_every_test_is_run(page: Page) -> None:
    names = page.evaluate(
        f"import('{widget().address}driver.test.js').then((module) => Object.keys(module.tests))"
    )
    assert names == NAMES
    assert len(NAMES) > 30


@pytest.mark.parametrize("name", NAMES)
def test_driver(page: Page, name: str) -> None:
    page.evaluate(
        f"(name) => import('{widget().address}driver.test.js').then((module) => module.tests[name]())",
        name,
    )
