"""`discovery serve` as it runs: two workers that count together, a Redis that dies, clients that
dawdle or lie.
"""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import Mappings
from tests.api.corpus import build_index
from tests.served import Served
from tests.servers import Redis

pytestmark = [pytest.mark.slow, pytest.mark.redis, pytest.mark.xdist_group("redis")]
SEARCH = "/api/v1/search?q=nettoyage"


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    server = Redis()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="module")
def served(
    redis: Redis, mappings: Mappings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("served")
    build_index(IndexFolder(home / "index", "suppliers"), mappings)
    service = Served(
        home,
        home / "log",
        redis_url=redis.url,
        trusted_proxies="127.0.0.1",
        rate_limit="20/minute",
        metrics_token="secret-token",
    )
    try:
        yield service
    finally:
        service.stop()
    assert list(home.glob("discovery-metrics-*")) == [], "its folder of metrics goes with it"


def burst(served: Served, address: str, times: int = 40) -> list[int]:
    with ThreadPoolExecutor(8) as pool:
        asked = pool.map(lambda _: served.get(SEARCH, X_Forwarded_For=address)[0], range(times))
        return list(asked)


def sample(metrics: str, start: str) -> float:
    """The sum of the samples whose line starts so."""
    return sum(
        float(line.rsplit(" ", 1)[1]) for line in metrics.splitlines() if line.startswith(start)
    )


def test_two_workers_count_together_and_others_get_in(served: Served) -> None:
    statuses = burst(served, "198.51.100.1")
    assert (statuses.count(200), statuses.count(429)) == (20, 20)
    assert served.get(SEARCH, X_Forwarded_For="198.51.100.2")[0] == 200
    assert served.get(SEARCH, X_Forwarded_For="198.51.100.1")[0] == 429
    counted = list(served.log.parent.glob("discovery-metrics-*/counter_*.db"))
    assert len(counted) == 2, "each worker answered some"


def test_metrics_are_of_both_workers_and_for_who_has_the_token(served: Served) -> None:
    assert served.get("/metrics")[0] == 403
    assert served.get("/metrics", Authorization="Bearer wrong")[0] == 403
    status, headers, body = served.get("/metrics", Authorization="Bearer secret-token")
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    metrics = body.decode()
    asked = 'discovery_requests_total{endpoint="suppliers.search"'
    assert sample(metrics, asked) == 42
    assert sample(metrics, asked + ',engine="embedded",outcome="ok"') == 21
    assert sample(metrics, asked + ',engine="embedded",outcome="too_many"') == 21
    assert sample(metrics, 'discovery_search_seconds_count{engine="embedded"}') == 21
    assert sample(metrics, 'discovery_index_ready{engine="embedded"}') == 1
    assert sample(metrics, 'discovery_breaker_open{to="redis"}') == 0


HOSTILE = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "an odd version": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "a method of its own": b"BREW /api/v1/search HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "a method in another case": b"get /api/v1/search HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "an endless address": b"GET /?q=" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a flood of headers": b"GET / HTTP/1.1\r\n"
    + b"".join(b"X-%d: y\r\n" % n for n in range(500))
    + b"\r\n",
    "an endless header": b"GET / HTTP/1.1\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    "a null in a header": b"GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
    "two lengths": b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"0\r\n\r\n",
    "a negative length": b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "a body of a gigabyte, announced": b"GET /api/v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n"
    b"Connection: close\r\n\r\n",
    "a way out of the folder": b"GET /page/0/../../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "the same, encoded": b"GET /page/0/%2e%2e%2f%2e%2e%2fetc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "an absolute address": b"GET http://other.example/api/v1/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "a null in the path": b"GET /api/v1/suppliers/a%00b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_refused_and_the_next_request_is_answered(
    served: Served, name: str
) -> None:
    answer = served.send(HOSTILE[name])
    assert (
        not answer or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")) or b" 505 " in answer[:20]
    ), answer[:200]
    assert b"Traceback" not in answer
    assert b"root:" not in answer
    assert served.get("/healthz")[0] == 200


def test_a_body_that_never_comes_holds_nobody_up(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
        assert served.get("/healthz")[0] == 200
        assert slow.recv(100).startswith(b"HTTP/1.1 200 "), (
            "what needs no body does not wait for it"
        )


def test_without_redis_searches_are_answered_and_the_log_says_so_once_a_worker(
    served: Served, redis: Redis
) -> None:
    redis.kill()
    assert set(burst(served, "198.51.100.3")) == {200}
    log = served.log.read_text(encoding="utf-8")
    assert 1 <= log.count("rate limits not counted") <= 2
    redis.start()


def test_the_log_is_json_without_addresses_or_words(served: Served) -> None:
    lines = [
        line for line in served.log.read_text(encoding="utf-8").splitlines() if line.startswith("{")
    ]
    assert lines
    for line in lines:
        json.loads(line)
        assert "198.51.100" not in line
        assert "nettoyage" not in line
