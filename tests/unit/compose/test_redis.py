"""Redis as compose.yaml starts it: the counts of rate limits are kept, and who counts reaches
nothing else.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from limits import parse
from redis.backoff import NoBackoff
from redis.retry import Retry

from discovery.http.limits import Counters
from tests.servers import free_port, leave_nothing
from tests.tables import read

COMMAND = read(Path(__file__).parents[3] / "compose.yaml")["services"]["redis"]["command"]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed here (Debian: apt-get install redis-server)")
    folder, found = tmp_path_factory.mktemp("redis"), free_port()
    words = [
        re.sub(r"\$\{(\w+)_PASSWORD[^}]*\}", lambda name: f"{name[1].lower()}-secret", each)
        for each in COMMAND
    ]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [program, *words[1:], "--port", str(found), "--dir", folder], stdout=log, stderr=log
        )
    leave_nothing(server)
    try:
        wait(found, server, folder / "log")
        yield found
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert server.poll() is None, log.read_text("utf-8")
        try:
            redis.Redis(port=port, password="redis-secret").ping()
            return
        except redis.ConnectionError:
            time.sleep(0.05)
    raise AssertionError(log.read_text("utf-8"))


def test_limits_are_counted_by_the_user_for_them(port: int) -> None:
    counters = Counters(f"redis://limits:limits-secret@127.0.0.1:{port}/1")
    limit = parse("3/minute")
    assert [count.allowed for _ in range(4) if (count := counters.count(limit, "someone"))] == [
        True
    ] * 3 + [False]
    counters.spend(limit, 5, "another")
    left = counters.unspent(limit, "another")
    assert left is not None
    assert left.remaining == 0


def test_that_user_reaches_nothing_else(port: int) -> None:
    with redis.Redis(port=port, password="redis-secret") as broker:
        broker.lpush("celery", "tick")
    with redis.Redis(port=port, username="limits", password="limits-secret") as limits:
        for ask in (
            lambda: limits.lrange("celery", 0, -1),
            limits.flushall,
            limits.config_get,
            limits.acl_list,
        ):
            with pytest.raises(redis.exceptions.NoPermissionError):
                ask()


def test_nobody_comes_without_a_password(port: int) -> None:
    with (
        redis.Redis(port=port, retry=Retry(NoBackoff(), 0)) as nobody,
        pytest.raises(redis.AuthenticationError),
    ):
        nobody.ping()
