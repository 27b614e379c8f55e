"""A federation's own site: pages on another origin, as strict or as hostile as a test wants them."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.browser.conftest import EXPECTED
from tests.chromium import PATIENCE_MS

STRICT = (
    "default-src 'none'; script-src {service}; connect-src {service}; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""What docs/widget.md asks of a site, and not a word more: no inline style or script, no HTML from
strings.
"""

HOSTILE = """
html { font-size: 3px; direction: rtl; }
body { margin: 8px; text-transform: uppercase; letter-spacing: 1em; line-height: 3; text-align: right; color: red; }
* { color: red !important; font-size: 5px !important; letter-spacing: 9px !important; float: left !important;
    text-transform: uppercase !important; visibility: inherit; display: inline !important; }
a, button, input, ol, ul, li, form, label { display: none !important; position: fixed !important; }
"""

PAGE = """<!doctype html>
<html lang="{lang}"{dir}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Notre fédération</title>{head}</head><body><main><h1>Notre fédération</h1>{body}</main></body></html>"""

Visit = Callable[..., Page]


@dataclass
class Site:
    """Pages by path: (body, headers). Everything is served from memory."""

    address: str = ""
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, headers = made.pages.get(urlsplit(self.path).path, ("", {}))
            self.send_response(200 if body else 404)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    made.address = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()


def element(attributes: str = "", link: str = "Chercher un fournisseur inclusif") -> str:
    return f'<supplier-search {attributes}><a href="https://search.example/">{link}</a></supplier-search>'


def until(page: Page, script: str, arg: object = None) -> None:
    """Wait until `script` gives something true: asked from outside, where no policy of the page
    forbids it.
    """
    for _ in range(200):
        if page.evaluate(script, arg):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {script}")


@pytest.fixture
def refused(request: pytest.FixtureRequest) -> None:
    """The browser will say in its console that it refused something, and should."""
    request.node.user_properties.append(("refused", True))


@pytest.fixture
def visit(
    browser: Browser, host: str, site: Site, request: pytest.FixtureRequest
) -> Iterator[Visit]:
    """visit('q="nettoyage"'): the federation's page with a widget of these attributes, in a fresh
    profile, watched.

    `body`: another content; `policy`: another Content-Security-Policy; `hostile`: with a style
    sheet that attacks; `lang`, `dir`: of the page; `wait`: for the first answer; `route`: (pattern,
    handler) set before the page loads.
    """
    contexts, said, elsewhere = [], [], []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(EXPECTED):
            said.append(message.text)

    def watch(request: Request) -> None:
        if f"{urlsplit(request.url).scheme}://{urlsplit(request.url).netloc}" not in {
            host,
            site.address,
        }:
            elsewhere.append(request.url)

    def visit_(
        attributes: str = 'q="nettoyage"',
        *,
        body: str = "",
        hostile: bool = False,
        lang: str = "fr",
        dir: str = "",
        search: str = "",
        policy: str = STRICT,
        width: int = 1280,
        height: int = 900,
        wait: bool = True,
        scripts: bool = True,
        route: tuple[str, Callable[..., object]] | None = None,
        **options: object,
    ) -> Page:
        sheet = '<link rel="stylesheet" href="/hostile.css">' if hostile else ""
        loader = f'<script src="{host}/widget/v1.js" defer></script>'
        made = PAGE.format(
            lang=lang,
            dir=f' dir="{dir}"' if dir else "",
            head=sheet + loader,
            body=body.replace("{service}", host) or element(attributes),
        )
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": policy.format(service=host),
        }
        site.pages = {"/": (made, headers), "/hostile.css": (HOSTILE, {"Content-Type": "text/css"})}
        context = browser.new_context(
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
        if route:
            page.route(*route)
        page.goto(f"{site.address}/{search}")
        if wait and scripts:
            page.locator("supplier-search .total").first.filter(has_text="fournisseur").wait_for()
        return page

    yield visit_
    cookies = [cookie for context in contexts for cookie in context.cookies()]
    kept = [context.storage_state(indexed_db=True) for context in contexts]
    for context in contexts:
        context.close()
    if ("refused", True) in request.node.user_properties:
        assert said, "the browser should have refused something"
    else:
        assert said == [], "the console should stay silent (policy violations are said there)"
    assert elsewhere == [], "the widget should ask nothing of another host"
    assert cookies == [], "the widget should leave no cookie"
    assert all(not one["origins"] for one in kept), "the widget should keep nothing in the browser"
