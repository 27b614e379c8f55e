"""The proxies' files as shipped: who asks is who is counted, bodies have an end, and slow clients
stay there.
"""

import contextlib
import socket
from collections.abc import Iterator
from functools import partial

import pytest

from discovery.engine.embedded.folder import IndexFolder
from discovery.http.requests import POLICIES, policy_of
from discovery.mappings import load_mappings
from tests.api.corpus import build_index
from tests.reliability.proxies import proxy
from tests.reliability.slow import KINDS, dawdling
from tests.served import Served

pytestmark = pytest.mark.xdist_group("overload")

LIMIT = 30


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("proxied")
    build_index(IndexFolder(home / "index", "suppliers"), load_mappings())
    service = Served(
        home,
        home / "log",
        workers=1,
        public_url="https://search.example",
        trusted_proxies="127.0.0.1",
        rate_limit=f"{LIMIT}/minute",
        rate_limit_export="off",
        rate_limit_exempt="192.0.2.0/24",
        metrics_token="a-token-for-metrics",
    )
    try:
        yield service
    finally:
        service.stop()


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def port(
    request: pytest.FixtureRequest, served: Served, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    with proxy(request.param, tmp_path_factory.mktemp(request.param), served.port) as found:
        yield found


def ask(
    port: int,
    path: str = "/healthz",
    *,
    source: str = "127.0.0.1",
    method: str = "GET",
    more: bytes = b"",
    body: bytes = b"",
) -> bytes:
    host = b"Host: search.example"
    with socket.create_connection(("127.0.0.1", port), 60, (source, 0)) as connection:
        connection.sendall(
            b"%b %b HTTP/1.1\r\n%b\r\nConnection: close\r\n%b\r\n"
            % (method.encode(), path.encode(), host, more)
        )
        answer = b""
        with contextlib.suppress(ConnectionError):  # refused before the body was read
            connection.sendall(body)
        with contextlib.suppress(ConnectionError):
            while part := connection.recv(65_536):
                answer += part
        return answer


def test_pages_come_and_name_the_public_address(port: int) -> None:
    page = ask(port, "/", more=b"Accept: text/html\r\nX-Forwarded-Host: evil.example\r\n")
    assert page.startswith(b"HTTP/1.1 200")
    assert b"https://search.example/" in page
    assert b"evil.example" not in page


def test_who_asks_is_counted_whatever_it_says_of_itself(port: int) -> None:
    search = "/api/v1/search?q=nettoyage"
    last = 10 + port % 200
    one, other = f"127.0.1.{last}", f"127.0.2.{last}"
    said = (b"X-Forwarded-For: 198.51.100.%d\r\nForwarded: for=198.51.100.1\r\nX_Forwarded_For: 1.1.1.1\r\n" % n
            for n in range(2 * LIMIT))  # fmt: skip
    statuses = [ask(port, search, source=one, more=header)[9:12] for header in said]
    assert (statuses.count(b"200"), statuses.count(b"429")) == (LIMIT, LIMIT)
    assert ask(port, search, source=other)[9:12] == b"200"


def test_metrics_stay_closed_to_whoever_comes_by_the_proxy(port: int) -> None:
    assert ask(port, "/metrics")[9:12] == b"403"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "chunks"])
def test_slow_clients_hold_nobody_up(port: int, served: Served, kind: str) -> None:
    with dawdling(port, kind):
        for _ in range(10):
            assert ask(port)[9:12] == b"200"
            assert served.get("/healthz")[0] == 200


def largest(path: str) -> tuple[str, bytes]:
    """(media type, body) of as many bytes as the path takes, to the last."""
    most = policy_of(path).max_body
    if "programme" in path:
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nbesoin;lieu\n'
        lines = (b"nettoyage;Lyon\n" * most)[: most - len(head) - 9]
        return "multipart/form-data; boundary=x", head + lines + b"\r\n--x--\r\n"
    if path == "/besoin" or path == "/verifier":
        return "application/x-www-form-urlencoded", (b"text=nettoyage" + b"+" * most)[:most]
    asked = (
        b'{"suppliers": ["784 671 695 00103"]' if "suppliers" in path else b'{"text": "nettoyage"'
    )
    return "application/json", (asked + b" " * most)[: most - 1] + b"}"


@pytest.mark.parametrize("path", [path or "/" for row in POLICIES for path in row.paths])
def test_the_largest_body_is_answered_as_directly_and_one_more_byte_is_not(
    port: int, served: Served, path: str
) -> None:
    media, body = largest(path)
    head = f"Content-Type: {media}\r\nContent-Length: {{}}\r\n"
    post = partial(ask, path=path, source=f"127.0.3.{len(path)}", method="POST")
    answers = [
        post(each, more=head.format(len(body)).encode(), body=body) for each in (served.port, port)
    ]
    statuses = [answer[9:12] for answer in answers]
    assert statuses[0] == statuses[1] != b"413", answers
    longer = post(port, more=head.format(len(body) + 1).encode(), body=body + b" ")
    assert longer[9:12] in (b"413", b"502"), "Caddy says 502 before 2.7"


def test_who_is_refused_before_the_body_was_read_is_told_why(port: int) -> None:
    """The connection was closed on what was still sent: proxies said 502 or 503, once in three."""
    media, body = largest("/api/v1/needs")
    head = f"Content-Type: {media}\r\nContent-Length: {len(body)}\r\n".encode()
    assert {ask(port, "/mcp", method="POST", more=head, body=body)[9:12] for _ in range(20)} <= {
        b"404",
        b"429",
    }
