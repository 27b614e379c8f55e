"""Counting in a real Redis: shared by processes, and never in a request's way when it is away, slow
or odd.
"""

import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from limits import parse

from discovery.engine.breaker import Breaker
from discovery.http.limits import AWAY_SECONDS, Counters
from discovery.mappings import SettingsError
from tests.servers import Redis

FIVE = parse("5/minute")
pytestmark = pytest.mark.xdist_group("redis")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def allowed(counters: Counters, times: int, who: str = "a") -> list[bool | None]:
    counts = [counters.count(FIVE, who) for _ in range(times)]
    return [None if one is None else one.allowed for one in counts]


def test_threads_never_get_more_than_the_limit() -> None:
    counters = Counters()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: counters.count(FIVE, "a"), range(40)))
    assert sum(one is not None and one.allowed for one in found) == 5


@pytest.mark.slow
@pytest.mark.redis
def test_two_processes_share_what_redis_counts(redis_url: str) -> None:
    code = (
        "import sys; from limits import parse; from discovery.http.limits import Counters\n"
        "found = [Counters(sys.argv[1]).count(parse('5/minute'), 'a').allowed for _ in range(4)]; print(sum(found))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, redis_url], capture_output=True, text=True, check=True
    )
    assert done.stdout == "4\n"
    assert allowed(Counters(redis_url), 3) == [True, False, False]


@pytest.fixture
def server() -> Iterator[Redis]:
    redis = Redis()
    try:
        redis.start()
        yield redis
    finally:
        redis.remove()


@pytest.mark.redis
def test_a_redis_that_goes_is_passed_by_and_counted_in_again(
    server: Redis, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    counters = Counters(server.url, breaker=Breaker(1, AWAY_SECONDS, clock))
    assert allowed(counters, 2) == [True, True]
    server.kill()
    assert allowed(counters, 4) == [None] * 4
    server.start()
    assert allowed(counters, 1) == [None], "not asked again at once"
    clock.now += AWAY_SECONDS
    assert allowed(counters, 4) == [True, True, True, False], "what it held is still there"
    said = capsys.readouterr()
    assert (said.out + said.err).count("rate limits not counted") == 1
    assert (said.out + said.err).count("rate limits counted again") == 1


def test_a_redis_that_never_answers_is_asked_once() -> None:
    """Connections are accepted and left alone: only the first request waits, for a moment."""
    clock = Clock()
    with socket.create_server(("127.0.0.1", 0), backlog=16) as silent:
        silent.settimeout(0)
        counters = Counters(
            f"redis://127.0.0.1:{silent.getsockname()[1]}", breaker=Breaker(1, AWAY_SECONDS, clock)
        )
        assert allowed(counters, 20) == [None] * 20
        calls = 0
        try:
            while True:
                silent.accept()[0].close()
                calls += 1
        except BlockingIOError:
            pass
    assert calls == 1


@pytest.mark.parametrize(
    "answer", [b"-ERR no\r\n", b"-NOAUTH Authentication required.\r\n", b"HTTP/1.1 400\r\n\r\n"]
)
def test_what_is_no_usable_redis_is_passed_by(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as odd, ThreadPoolExecutor(1) as pool:
        odd.settimeout(30)

        def reply() -> None:
            connection, _ = odd.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        pool.submit(reply)
        counters = Counters(f"redis://127.0.0.1:{odd.getsockname()[1]}")
        assert allowed(counters, 1) == [None]
        assert not counters.breaker.allows(), "it is not asked again at once"


def test_an_address_that_is_none_is_told_at_start() -> None:
    with pytest.raises(SettingsError, match="DISCOVERY_REDIS_URL"):
        Counters("localhost:6379")
