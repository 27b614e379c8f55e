"""A source's host is not trusted: what it sends has an end, and it leads nowhere else. Over real
sockets.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from indexer.sources import fetch
from indexer.sources.fetch import Fetcher, SourceError

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def host(answer: Answer) -> Iterator[str]:
    """A host on this machine: its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def sends(body: bytes, times: int = 1, pause: float = 0.0) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(times):
                handler.wfile.write(body)
                time.sleep(pause)
        except OSError:
            return

    return answer


def leads(to: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", to)
        handler.end_headers()

    return answer


def fetched(url: str, hosts: tuple[str, ...] = (), headers: dict[str, str] | None = None) -> bytes:
    with (
        httpx.Client(headers=headers) as client,
        Fetcher(client, 6_000, hosts=hosts).file(url) as body,
    ):
        return body.read()


def test_an_answer_has_an_end_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MAX_BYTES", 100_000)
    with host(sends(b"x" * 1_000, 50)) as small, host(sends(b"x" * 1_000, 500)) as large:
        assert len(fetched(small)) == 50_000
        with pytest.raises(SourceError, match="sends more than"):
            fetched(large)


def test_and_so_have_all_answers_of_a_pull(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MAX_BYTES", 100_000)
    with host(sends(b"x" * 60_000)) as url, httpx.Client() as client:
        fetcher = Fetcher(client, 6_000)
        with fetcher.file(url):
            pass
        with pytest.raises(SourceError, match="sends more than"), fetcher.file(url):
            pass


def test_a_host_that_drips_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MAX_ANSWER_SECONDS", 0.2)
    with host(sends(b"x", 1_000, 0.05)) as url, pytest.raises(SourceError, match="takes too long"):
        fetched(url)


def test_a_pull_has_an_end_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MAX_SECONDS", 3_600.0)
    now = [0.0]
    with host(sends(b"{}")) as url, httpx.Client() as client:
        fetcher = Fetcher(client, 6_000, lambda: now[0], lambda _: None)
        assert fetcher.json(url, {}) == {}
        now[0] = 3_601.0
        with pytest.raises(SourceError, match="more than 1 hours"):
            fetcher.json(url, {})


def test_a_redirect_leads_to_the_same_host_or_to_one_that_is_named() -> None:
    with host(sends(b"there")) as there:
        elsewhere = there.replace("127.0.0.1", "localhost")
        with host(leads(there)) as here:
            assert fetched(here) == b"there"
        with host(leads(elsewhere)) as here:
            with pytest.raises(SourceError, match="leads to localhost"):
                fetched(here)
            assert fetched(here, ("localhost",)) == b"there"
            with pytest.raises(SourceError, match="leads to localhost"):
                fetched(here, ("host",))


def test_redirects_have_an_end() -> None:
    with host(leads("/")) as url, pytest.raises(SourceError, match="more than 5 redirects"):
        fetched(url)


def test_what_follows_on_another_host_is_not_asked_and_no_token_goes_there() -> None:
    """A page names the address of the next; the token is the host's that was configured."""
    asked: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers["Authorization"])
        sends(b"{}")(handler)

    with host(answer) as url, httpx.Client(headers={"Authorization": "Token secret"}) as client:
        fetcher = Fetcher(client, 6_000)
        fetcher.json(url, {})
        with pytest.raises(SourceError, match="leads to localhost"):
            fetcher.json(url.replace("127.0.0.1", "localhost"), {})
    assert asked == ["Token secret"]
