"""More requests than one worker can take: so many wait, the rest are refused at once, and then all is as before."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from discovery.config import Mappings, load_mappings
from discovery.engine.embedded.folder import IndexFolder
from discovery.http.server.loop import THREADS
from discovery.http.server.threads import WAITING
from tests.api.corpus import build_index
from tests.served import Served
from tests.unit.http.server.running import Running, everything, running, until

TOO_MANY = 40
SEARCH = b"GET /api/v1/search?q=nettoyage&lang=en HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class Gate:
    """An application that answers a search when the gate is open."""

    def __init__(self) -> None:
        self.open = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/healthz":
            assert self.open.wait(60)
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def worker(gate: Gate) -> Iterator[Running]:
    with running(gate) as it:
        yield it
        gate.open.set()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def asking(worker: Running, stack: ExitStack, times: int) -> list[socket.socket]:
    return [stack.enter_context(worker.connect(SEARCH)) for _ in range(times)]


def full(worker: Running, stack: ExitStack) -> tuple[list[socket.socket], list[socket.socket]]:
    """A request in every thread, every place in the queue taken."""
    before = worker.loop.in_hand
    holding = asking(worker, stack, THREADS)
    until(lambda: worker.loop.in_hand == before + THREADS)
    waiting = asking(worker, stack, WAITING)
    until(lambda: worker.loop.in_hand == before + THREADS + WAITING or worker.counted["late"] > 0)
    return holding, waiting


def test_who_finds_the_queue_full_is_refused_and_who_waits_too_long_as_well(
    worker: Running, gate: Gate, stack: ExitStack
) -> None:
    holding, waiting = full(worker, stack)
    for _ in range(TOO_MANY):
        refused = worker.ask(SEARCH)
        if worker.counted["late"]:
            break
        head, _, body = refused.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 ")
        assert head.endswith(b"\r\nRetry-After: 1")
        assert json.loads(body)["type"].endswith("#problem-overloaded")
    assert worker.counted["full"] > 0
    assert {everything(each)[:13] for each in waiting} == {b"HTTP/1.1 503 "}, "while every thread is still held"
    assert worker.counted["late"] == WAITING
    gate.open.set()
    assert {everything(each)[:13] for each in holding} == {b"HTTP/1.1 200 "}
    assert worker.ask(SEARCH).startswith(b"HTTP/1.1 200 "), "and the next is served as if nothing had been"


def test_who_watches_is_answered_when_every_thread_is_held(worker: Running, gate: Gate, stack: ExitStack) -> None:
    full(worker, stack)
    for _ in range(20):
        assert worker.ask(HEALTH).startswith(b"HTTP/1.1 200 ")
    assert worker.counted["full"] == 0


def test_who_keeps_a_connection_that_we_closed_holds_nobody_up(worker: Running, gate: Gate, stack: ExitStack) -> None:
    """An answer ends the connection on our side; until the client ends its own, others are taken all the same."""
    kept = full(worker, stack)
    gate.open.set()
    until(lambda: worker.loop.in_hand == 0)
    assert worker.ask(SEARCH).startswith(b"HTTP/1.1 200 ")
    assert len(kept) == 2


def test_who_leaves_before_the_answer_leaves_the_place(worker: Running, gate: Gate, stack: ExitStack) -> None:
    """The count of those in hand goes back to nothing: a whole queue fits again."""
    for each in (each for some in full(worker, stack) for each in some):
        each.close()
    gate.open.set()
    until(lambda: worker.loop.in_hand == 0)
    gate.open.clear()
    holding, _ = full(worker, stack)
    gate.open.set()
    assert {everything(each)[:13] for each in holding} == {b"HTTP/1.1 200 "}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The whole service."""
    home = tmp_path_factory.mktemp("overload")
    mappings: Mappings = load_mappings()
    build_index(IndexFolder(home / "index", "suppliers"), mappings)
    service = Served(home, home / "log", workers=1, rate_limit="off")
    try:
        yield service
    finally:
        service.stop()


@pytest.mark.xdist_group("overload")
def test_connections_that_say_nothing_take_no_place(served: Served, stack: ExitStack) -> None:
    for _ in range(2 * (THREADS + WAITING)):
        stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=60))
    assert served.get("/api/v1/search?q=nettoyage")[0] == 200


@pytest.mark.xdist_group("overload")
def test_a_burst_that_fits_the_queue_is_served_to_the_last(served: Served) -> None:
    with ThreadPoolExecutor(THREADS + WAITING) as pool:
        statuses = list(pool.map(lambda _: served.get("/healthz")[0], range(2 * WAITING)))
    assert set(statuses) == {200}
