"""More requests than one worker can take: so many wait, the rest are refused at once, and then all is as before."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from discovery.commands.serve import THREADS
from discovery.config import Mappings, load_mappings
from discovery.engine.embedded.folder import IndexFolder
from discovery.guard.worker import WAIT_SECONDS, WAITING
from tests.api.corpus import build_index
from tests.served import Served

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("overload")]

TOO_MANY = 40
SEARCH = b"GET /api/v1/search?q=nettoyage&lang=en HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("overload")
    mappings: Mappings = load_mappings()
    build_index(IndexFolder(home / "index", "suppliers"), mappings)
    service = Served(home, home / "log", workers=1, rate_limit="off")
    try:
        yield service
    finally:
        service.stop()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def connected(served: Served, stack: ExitStack, sends: bytes) -> socket.socket:
    connection = stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=60))
    connection.sendall(sends)
    return connection


def full(served: Served, stack: ExitStack) -> tuple[list[socket.socket], list[socket.socket]]:
    """Every thread held by a request that is not whole yet, every place in the queue taken."""
    holding = [connected(served, stack, SEARCH[:20]) for _ in range(THREADS)]
    time.sleep(1)  # until each has its thread
    waiting = [connected(served, stack, SEARCH) for _ in range(WAITING)]
    time.sleep(1.5 * WAIT_SECONDS)  # until each has its place, and has waited too long there
    return holding, waiting


def let_go(holding: list[socket.socket], waiting: list[socket.socket]) -> set[bytes]:
    """The requests that held the threads are made whole, and served; what those that waited were told."""
    assert all(silent(each) for each in (*holding, *waiting)), "nobody was told anything before"
    for each in holding:
        each.sendall(SEARCH[20:])
    assert {answer(each)[:13] for each in holding} == {b"HTTP/1.1 200 "}
    return {answer(each)[:13] for each in waiting}


def answer(connection: socket.socket) -> bytes:
    whole = b""
    while part := connection.recv(65_536):
        whole += part
    return whole


def silent(connection: socket.socket) -> bool:
    """Whether nothing came yet."""
    connection.setblocking(False)
    try:
        connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    finally:
        connection.settimeout(60)
    return False


def refusals(served: Served) -> int:
    found = re.search(r"^discovery_overload_refused_total (\S+)", served.get("/metrics")[2].decode(), re.MULTILINE)
    return int(float(found[1])) if found else 0


def test_who_finds_the_queue_full_is_refused_while_the_others_still_wait(served: Served, stack: ExitStack) -> None:
    before = refusals(served)
    holding, waiting = full(served, stack)
    for _ in range(TOO_MANY):
        refused = answer(connected(served, stack, SEARCH))
        head, _, body = refused.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 ")
        assert b"\r\nRetry-After: 1\r\n" in head
        assert json.loads(body)["type"].endswith("#problem-overloaded")
    assert all(silent(each) for each in (*holding, *waiting)), (
        "refused at once, before any of those in hand was answered"
    )
    assert let_go(holding, waiting) == {b"HTTP/1.1 503 "}, "they waited too long"
    assert refusals(served) == before + TOO_MANY + WAITING
    assert served.get("/api/v1/search?q=nettoyage")[0] == 200, "and the next is served as if nothing had been"


def test_who_watches_is_answered_when_the_queue_is_full(served: Served, stack: ExitStack) -> None:
    holding, waiting = full(served, stack)
    watching = connected(served, stack, HEALTH)
    assert answer(connected(served, stack, SEARCH)).startswith(b"HTTP/1.1 503 ")
    assert silent(watching)
    let_go(holding, waiting)
    assert answer(watching).startswith(b"HTTP/1.1 200 "), "however long it waited"


def test_connections_that_say_nothing_take_no_place(served: Served, stack: ExitStack) -> None:
    for _ in range(2 * (THREADS + WAITING)):
        connected(served, stack, b"")
    assert served.get("/api/v1/search?q=nettoyage")[0] == 200


def test_who_keeps_a_connection_that_we_closed_holds_nobody_up(served: Served, stack: ExitStack) -> None:
    """An answer ends the connection on our side; until the client ends its own, others are taken all the same."""
    for _ in range(2):
        holding, waiting = full(served, stack)
        let_go(holding, waiting)


def test_who_leaves_before_the_answer_leaves_the_place(served: Served, stack: ExitStack) -> None:
    """The count of those in hand goes back to nothing: a whole queue fits again."""
    holding, waiting = full(served, stack)
    for each in (*holding, *waiting):
        each.close()
    for _ in range(100):
        if served.get("/api/v1/search?q=nettoyage")[0] == 200:
            break
        time.sleep(0.1)
    holding, waiting = full(served, stack)
    let_go(holding, waiting)


def test_a_burst_that_fits_the_queue_is_served_to_the_last(served: Served) -> None:
    with ThreadPoolExecutor(THREADS + WAITING) as pool:
        statuses = list(pool.map(lambda _: served.get("/healthz")[0], range(2 * WAITING)))
    assert set(statuses) == {200}
