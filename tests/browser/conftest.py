"""A real browser on a real service. Whatever a test does, its pages stay on our host and within our
policy.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request
from werkzeug.serving import make_server

from discovery.app import application
from discovery.context import Services
from tests.chromium import PATIENCE_MS
from tests.pages.world import services_in

EXPECTED = "Failed to load resource"
"""What the console says of a page that is an error on purpose, and of an answer that a test
withholds.
"""

Open = Callable[..., Page]


def understood(page: Page) -> Locator:
    """The chips of what was understood, but for the trades."""
    return page.locator(".understood :not([aria-labelledby=trades]) > .chip > span")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The service's home folder."""
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="session")
def host(home: Path) -> Iterator[str]:
    """The service, listening; its address."""
    with listening(services_in(home)) as address:
        yield address


@contextmanager
def listening(services: Services) -> Iterator[str]:
    """The address of these services, served by a thread until the end of the block."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, application(services), threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def open_page(browser: Browser, host: str) -> Iterator[Open]:
    """open_page("/?q=…", width=320, scripts=False): a page in a fresh profile, watched until the
    test ends.
    """
    with watched(browser, host) as open_:
        yield open_


@contextmanager
def watched(browser: Browser, host: str) -> Iterator[Open]:
    """What opens pages of `host`, and at the block's end has seen that they kept to it, silently,
    without a cookie.
    """
    contexts, said, elsewhere = [], [], []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(EXPECTED):
            said.append(message.text)

    def watch(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(host).netloc:
            elsewhere.append(request.url)

    def open_(
        address: str = "/",
        *,
        width: int = 1280,
        height: int = 900,
        scripts: bool = True,
        **options: object,
    ) -> Page:
        context = browser.new_context(
            base_url=host,
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            locale="fr-FR",
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", hear)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", watch)
        page.goto(address)
        return page

    yield open_
    cookies = [cookie for context in contexts for cookie in context.cookies()]
    for context in contexts:
        context.close()
    assert said == [], "the console should stay silent (policy violations are said there)"
    assert elsewhere == [], "a page should ask nothing of another host"
    assert cookies == [], "a page should leave no cookie"
