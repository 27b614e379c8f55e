"""Suppliers' own sites, as they are built and as they attack: a real server each, on this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from discovery.mappings import load_mappings
from discovery.places import gazetteer
from indexer.document.build import DocumentBuilder
from indexer.record import SiteTrade, Supplier
from indexer.sources import site
from indexer.sources.site import is_public, read_site
from indexer.sources.websites import SiteReader, sites_to_read
from indexer.store import repository
from tests.unit.sources.conftest import Run, stored
from tools.sample.supplier import siret

MAPPINGS = load_mappings()
READ = SiteReader(MAPPINGS)
HTML = "text/html; charset=utf-8"
MENU = """<html><head><title>ESAT du Bocage</title></head><body>
<nav><ul><li><a href="/qui">Qui sommes-nous</a></li><li><a href="/metiers#haut">Nos métiers</a></li>
<li><a href="https://other.example/services">Services</a></li></ul></nav>
<h1>Bienvenue</h1><h2>Accompagnement et insertion</h2><script>document.write("<h2>Maçonnerie</h2>")</script>
</body></html>"""
TRADES = """<h2>Entretien d'espaces verts</h2><ul><li>Blanchisserie<li>Mise sous pli</ul>
<ul><li>Menuiserie : Jeanne Exemple 01 99 00 12 34</li></ul><footer><h3>Peinture</h3></footer>"""

Answer = tuple[int, str, str] | Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A site of some pages. `asked`: the paths that were."""

    def __init__(self, pages: Mapping[str, Answer]) -> None:
        self.pages, self.asked = dict(pages), list[str]()
        self.url = ""

    @contextmanager
    def serving(self) -> Iterator[Site]:
        own = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                own.asked.append(self.path)
                answer = own.pages.get(self.path, (404, HTML, "nothing"))
                if callable(answer):
                    answer(self)
                    return
                status, kind, body = answer
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}/"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


def redirect(to: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", to)
        request.end_headers()

    return answer


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Type", HTML)
    request.end_headers()
    try:
        while True:
            request.wfile.write(b"<li>Blanchisserie</li>" * 1000)
    except OSError:
        pass


def slow_headers(request: BaseHTTPRequestHandler) -> None:
    try:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            request.wfile.write(b"X: y\r\n")
            request.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


def read(one: Site, **options: Any) -> list[tuple[str, str]] | None:
    """Without waiting between requests."""
    return read_site(one.url, READ.rules, sleep=lambda _: None, allowed=lambda _: True, **options)


def sectors(texts: list[tuple[str, str]] | None) -> set[str]:
    assert texts is not None
    return {one["sector"] for one in READ(texts)}


def test_a_menu_leads_to_what_is_done_and_nobody_else_is_asked() -> None:
    with Site({"/": (200, HTML, MENU), "/metiers": (200, HTML, TRADES)}).serving() as one:
        texts = read(one)
        assert sectors(texts) == {
            "creation-et-entretien-des-espaces-verts", "entretien-des-jardins", "blanchisserie",
            "mailing-archivage-secretariat",
        }  # fmt: skip
        assert one.asked == ["/robots.txt", "/", "/metiers"]
        assert {trade["address"] for trade in READ(texts or ())} == {f"{one.url}metiers"}
        assert "Jeanne" not in repr(READ(texts or ())), (
            "what stands beside a telephone is not looked at"
        )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            '<div id="root"></div><script>render("<h2>Blanchisserie</h2>")</script>',
            id="a script's shell",
        ),
        pytest.param(
            "<h1>Ce domaine est à vendre</h1><ul><li>Blanchisserie</li><li>Traiteur</li></ul>",
            id="parked",
        ),
        pytest.param(
            "<h2>Insertion professionnelle</h2><h2>Formation</h2><h2>Foyer de vie</h2>",
            id="its mission",
        ),
        pytest.param(
            "".join(f"<li>{one.labels['fr']}</li>" for one in MAPPINGS.vocabulary.sectors.values()),
            id="all",
        ),
        pytest.param("<h2><h2><li><a href=<<</ul>" * 50, id="no markup at all"),
    ],
)
def test_what_tells_no_trade_of_its_own(body: str) -> None:
    with Site({"/": (200, HTML, body)}).serving() as one:
        assert sectors(read(one)) == set()


@pytest.mark.parametrize(
    "to",
    [
        "http://localhost:1/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "file:///etc/passwd",
        "//x.example",
    ],
)
def test_a_redirect_to_elsewhere_is_not_followed(to: str) -> None:
    with Site({"/": redirect(to)}).serving() as one:
        assert read(one) is None


def test_a_redirect_within_the_site_is_and_not_for_ever() -> None:
    with Site({"/": redirect("/accueil"), "/accueil": (200, HTML, TRADES)}).serving() as one:
        assert "blanchisserie" in sectors(read(one))
    with Site({"/": redirect("/")}).serving() as one:
        assert read(one) is None
        assert len(one.asked) <= site.MAX_REDIRECTS + 2


def test_one_that_never_ends_has_two_megabytes() -> None:
    with Site({"/": endless}).serving() as one:
        assert read(one) is None


@pytest.mark.parametrize("path", ["/", "/robots.txt"])
def test_one_that_sends_headers_for_ever_has_its_time(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "MAX_SECONDS", 0.5)
    with Site({path: slow_headers}).serving() as one:
        assert read(one) is None


def test_what_robots_forbid_is_not_asked() -> None:
    robots = (200, "text/plain", "User-agent: *\nDisallow: /metiers\n")
    with Site(
        {"/robots.txt": robots, "/": (200, HTML, MENU), "/metiers": (200, HTML, TRADES)}
    ).serving() as one:
        assert sectors(read(one)) == set()
        assert "/metiers" not in one.asked
    with Site({"/robots.txt": (500, HTML, ""), "/": (200, HTML, TRADES)}).serving() as one:
        assert read(one) is None, "who can't say what is allowed is not asked"
        assert one.asked == ["/robots.txt"]


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",
     "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1"],
)  # fmt: skip
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)


def test_a_name_that_stands_for_this_machine_is_not_connected_to() -> None:
    with Site({"/": (200, HTML, TRADES)}).serving() as one:
        url = one.url.replace("127.0.0.1", "localhost")
        assert read_site(url, READ.rules, sleep=lambda _: None) is None
        assert one.asked == []


def test_a_site_of_many_suppliers_is_nobodys_own() -> None:
    shared = {str(number): "https://www.facebook.com/page" for number in range(4)}
    assert sites_to_read(
        {**shared, "5": "https://own.example", "6": "nothing", "7": "http://["}, 3
    ) == {"5": "https://own.example"}


@pytest.fixture
def pull(indexer: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Site], Any]:
    monkeypatch.setattr(site, "is_public", lambda _: True)
    monkeypatch.setattr(site, "GAP_SECONDS", 0.0)

    def run(one: Site) -> Any:
        file = tmp_path / "given.csv"
        file.write_text(
            f"siret,name,kind,address.post_code,address.city\n{siret(1, 42)},Atelier (exemple),EI,35000,Rennes\n",
            encoding="utf-8",
        )
        assert indexer("import", str(file)).exit_code == 0
        # No import takes an address of this machine for a supplier's site.
        monkeypatch.setattr(repository, "websites", lambda _: {siret(1, 42): one.url})
        return indexer("pull", "websites")

    return run


def test_a_pull_keeps_what_a_site_says_until_it_says_something_else(
    pull: Any, tmp_path: Path
) -> None:
    with Site(
        {"/": (200, HTML, "<h2>Blanchisserie</h2><p>Jeanne Exemple, 01 99 00 12 34</p>")}
    ).serving() as one:
        assert "updated 1" in pull(one).stdout
        [kept] = stored().values()
        assert [(each.sector, each.words, each.address) for each in kept.site_trades] == [
            ("blanchisserie", "Blanchisserie", one.url)
        ]
        assert "unchanged 1" in pull(one).stdout
        one.pages["/"] = (503, HTML, "")
        assert pull(one).exit_code == 1, "all that could be read is away: not believed"
        assert [each.sector for each in next(iter(stored().values())).site_trades] == [
            "blanchisserie"
        ]
        one.pages["/"] = (200, HTML, "<h2>Repassage</h2>")
        pull(one)
        assert [each.sector for each in next(iter(stored().values())).site_trades] == ["repassage"]
    files = b"".join(file.read_bytes() for file in (tmp_path).rglob("*") if file.is_file())
    assert b"Jeanne" not in files


def test_what_a_site_tells_is_evidence_and_says_where() -> None:
    said = SiteTrade(
        "blanchisserie", "blanchisserie", "https://own.example/metiers", date(2026, 11, 28)
    )
    builder = DocumentBuilder(MAPPINGS.vocabulary, gazetteer(), MAPPINGS.codes)
    document = builder.build(Supplier(id="a", name="A", kind="ESAT", site_trades=(said,)))
    assert document is not None
    assert "blanchisserie" in document["evidence_sectors"]
    assert document["evidence"] == ["website"]
    [shown] = document["public"]["evidence"]
    assert (shown["type"], shown["source"], shown["address"], shown["date"]) == (
        "website", "websites", said.address, "2026-11-28"
    )  # fmt: skip
