"""An upgrade: the new service listens beside the old one, which then stops. Nobody is refused,
nothing is cut.
"""

import os
import signal
import socket
import sys
import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import load_mappings
from tests.api.corpus import build_index
from tests.served import Served
from tests.unit.indexer.processes import alive, wait_for

pytestmark = pytest.mark.xdist_group("overload")

PAUSE_SECONDS = 0.02
SEARCH = b"GET /api/v1/search?q=nettoyage HTTP/1.1\r\nHost: x\r\n%b\r\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    build_index(IndexFolder(tmp_path / "index", "suppliers"), load_mappings())
    return tmp_path


class Visitors:
    """Some ask on a connection each time, some keep theirs for as long as they are let, and ask
    again on a new one when a kept one turns out to be closed, as HTTP clients do (RFC 9112, 9.3.1).
    `met`: statuses and faults; `words`: what answers other than 200 said, and when.
    """

    def __init__(self, port: int, kept: bool) -> None:
        self.met: Counter[str] = Counter()
        self.words: list[str] = []
        self._port, self._kept, self._stop = port, kept, threading.Event()
        self._threads = [threading.Thread(target=self._visit) for _ in range(4)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _visit(self) -> None:
        while not self._stop.is_set():
            try:
                with socket.create_connection(("127.0.0.1", self._port), timeout=60) as connection:
                    self._ask(connection)
            except OSError as fault:
                self.met[type(fault).__name__] += 1

    def _ask(self, connection: socket.socket) -> None:
        closing = idle = False
        while not closing and not self._stop.is_set():
            answer = connection.makefile("rb")
            try:
                connection.sendall(SEARCH % (b"" if self._kept else b"Connection: close\r\n"))
                status = answer.readline()[9:12].decode() or "nothing"
            except ConnectionError:
                if not idle:
                    raise
                status = "nothing"
            if status == "nothing" and idle:
                return
            self.met[status] += 1
            if status == "nothing":
                return
            head = list(iter(answer.readline, b"\r\n"))
            length = next(
                int(line.split(b":")[1])
                for line in head
                if line.lower().startswith(b"content-length:")
            )
            body = answer.read(length)
            if status != "200":
                self.words.append(f"{datetime.now(UTC):%H:%M:%S.%f} {status} {body.decode()}")
            closing, idle = b"Connection: close\r\n" in head, True
            self._stop.wait(PAUSE_SECONDS)


@pytest.mark.parametrize("kept", [False, True])
def test_one_service_after_another_refuses_nobody(home: Path, kept: bool) -> None:
    services = [Served(home, home / "log-0", rate_limit="off", arguments=("--reuse-port",))]
    port = services[0].port
    visitors = Visitors(port, kept)
    try:
        for number in (1, 2):
            services.append(
                Served(
                    home,
                    home / f"log-{number}",
                    port=port,
                    rate_limit="off",
                    arguments=("--reuse-port",),
                )
            )
            old = services[-2]
            old.process.send_signal(signal.SIGTERM)
            assert old.process.wait(timeout=60) == 0
    finally:
        visitors.stop()
        for service in services:
            service.stop()
    assert set(visitors.met) == {"200"}, (visitors.met, visitors.words)
    assert visitors.met["200"] > 50


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
def test_the_process_of_long_answers_keeps_no_queue_that_nobody_takes_from(home: Path) -> None:
    old = Served(home, home / "log-0", rate_limit="off", arguments=("--reuse-port",))
    children = [
        int(pid)
        for pid in Path(f"/proc/{old.process.pid}/task/{old.process.pid}/children")
        .read_text()
        .split()
    ]
    (late,) = (
        pid
        for pid in children
        if os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)
    )
    services = [old]
    try:
        services.append(
            Served(
                home, home / "log-1", port=old.port, rate_limit="off", arguments=("--reuse-port",)
            )
        )
        os.kill(late, signal.SIGSTOP)  # as one that the crowded system lets wait
        old.process.send_signal(signal.SIGTERM)
        wait_for("the end of the others", lambda: not any(map(alive, set(children) - {late})))
        assert {services[1].get("/healthz")[0] for _ in range(40)} == {200}
    finally:
        os.kill(late, signal.SIGCONT)
        for service in services:
            service.stop()


def test_without_the_option_a_port_that_is_taken_is_told(home: Path) -> None:
    service = Served(home, home / "log", rate_limit="off")
    try:
        with pytest.raises(AssertionError, match=f"Port {service.port} is taken"):
            Served(home, home / "log-1", port=service.port)
    finally:
        service.stop()
