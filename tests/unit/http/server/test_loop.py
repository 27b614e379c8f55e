"""Connections of every kind against the loop itself, on real sockets: each gets what is its own, nobody holds it up."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from discovery.http.courtesy import Courtesy
from discovery.http.overload import FILES_AT_ONCE
from discovery.http.server.callers import Callers
from discovery.http.server.sockets import Patience
from discovery.http.server.threads import WAIT_SECONDS
from tests.unit.http.server.running import QUICK, Running, everything, running, until

GET = b"GET /%b HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET /%b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
BIG = 20_000_000


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """`/big`: more than any socket's buffers hold; `/broken`: an accident; else what was asked."""
    path = environ["PATH_INFO"]
    if path == "/broken":
        raise RuntimeError("an accident")
    body = (
        [b"0" * 100_000] * (BIG // 100_000) if path == "/big" else [f"{path} {environ['wsgi.input'].read()!r}".encode()]
    )
    start_response("200 OK", [("Content-Length", str(sum(map(len, body))))])
    return body


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(app, patience=QUICK) as it:
        yield it


def status(answer: bytes) -> str:
    return answer[9:12].decode()


def body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


def test_many_requests_on_one_connection(served: Running) -> None:
    with served.connect() as connection:
        for number in range(20):
            connection.sendall(GET % str(number).encode())
            assert body(connection.recv(4_096)) == f"/{number} b''".encode()


def test_a_request_that_comes_byte_by_byte(served: Running) -> None:
    with served.connect() as connection:
        for byte in LAST % b"slowly":
            connection.sendall(bytes([byte]))
        assert body(everything(connection)) == b"/slowly b''"


def test_who_closes_its_side_is_still_answered(served: Running) -> None:
    with served.connect(GET % b"half") as connection:
        connection.shutdown(socket.SHUT_WR)
        assert body(everything(connection)) == b"/half b''"


def test_what_follows_a_request_unasked_is_not_read(served: Running) -> None:
    assert body(served.ask(GET % b"first" + GET % b"second")) == b"/first b''"
    post = b"POST /post HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
    assert body(served.ask(post)) == b"/post b'hi'", "and after a body the connection ends"


def test_a_body_that_waits_for_a_word_gets_it(served: Running) -> None:
    head = b"POST /post HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    with served.connect(head) as connection:
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"hi")
        assert body(everything(connection)) == b"/post b'hi'"


def test_a_big_answer_comes_whole_however_slowly_it_is_taken() -> None:
    with running(app) as served, socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 131_072)
        slow.connect(("127.0.0.1", served.port))
        slow.sendall(LAST % b"big")
        until(lambda: served.loop.in_hand == 0)
        answers = [served.ask(LAST % b"other") for _ in range(20)]
        assert all(answer.startswith(b"HTTP/1.1 200") for answer in answers), "its thread is free again"
        assert len(body(everything(slow))) == BIG


@pytest.mark.parametrize(
    ("sends", "told", "counted"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", b" 408 ", "slow"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc", b" 408 ", "slow"),
        (b"", b"", ""),
        (GET % b"idle", b" 200 ", ""),
    ],
)
def test_patience_ends(served: Running, sends: bytes, told: bytes, counted: str) -> None:
    before = served.counted.copy()
    assert told in served.ask(sends)[:20], "and then the end of the connection"
    until(lambda: not counted or served.counted[counted] > before[counted])


def test_a_byte_now_and_then_wins_no_time(served: Running) -> None:
    with served.connect(b"GET / HTTP/1.1\r\nHost: x\r\n") as connection:
        connection.settimeout(0.05)
        sent = 0
        while sent < 400:  # twenty seconds of it: forty times what it has
            try:
                connection.sendall(b"A")
                assert b" 408 " in connection.recv(100)
                break
            except TimeoutError:
                sent += 1
        assert sent < 400


def test_who_does_not_take_an_answer_is_cut(served: Running) -> None:
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        slow.connect(("127.0.0.1", served.port))
        before = served.counted["slow"]
        slow.sendall(LAST % b"big")
        until(lambda: served.counted["slow"] > before)
        slow.settimeout(30)
        assert len(everything(slow)) < BIG


def test_an_accident_costs_its_connection_alone(served: Running) -> None:
    assert served.ask(GET % b"broken") in (b"",) or b" 500 " in served.ask(GET % b"broken")[:20]
    assert b" 200 " in served.ask(LAST % b"next")


def test_a_client_that_has_gone_is_nobodys_trouble(served: Running) -> None:
    for _ in range(50):
        served.connect(LAST % b"big").close()
    assert b" 200 " in served.ask(LAST % b"next")
    until(lambda: served.loop.in_hand == 0)


class TestManyConnections:
    """Of one address: a new one costs an old one of the same address that nobody works for."""

    FEW = 8

    @pytest.fixture
    def gate(self) -> threading.Event:
        return threading.Event()

    @pytest.fixture
    def served(self, gate: threading.Event) -> Iterator[Running]:
        def waits(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            if environ["PATH_INFO"] == "/wait":
                gate.wait(30)
            return app(environ, start_response)

        callers = Counted(per_address=self.FEW, most=3 * self.FEW)
        with running(waits, callers=callers, patience=Patience(head=60), threads=2 * self.FEW) as it:
            yield it
            gate.set()

    def test_the_oldest_of_the_same_address_goes(self, served: Running) -> None:
        mine = [served.connect(b"GET", "127.0.0.2") for _ in range(self.FEW)]
        other = served.connect(b"GET", "127.0.0.3")
        assert b" 200 " in served.ask(LAST % b"new", "127.0.0.2")
        assert served.counted["crowd"] == 1
        assert everything(mine[0]) == b"", "the first that came"
        for connection in (*mine[1:], other):
            connection.sendall(b" / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert b" 200 " in everything(connection)

    def test_who_is_being_served_stays(self, served: Running, gate: threading.Event) -> None:
        mine = [served.connect(LAST % b"wait", "127.0.0.2") for _ in range(self.FEW)]
        until(lambda: served.loop.in_hand == self.FEW)
        assert served.ask(LAST % b"new", "127.0.0.2") == b"", "the new one goes"
        assert b" 200 " in served.ask(LAST % b"other", "127.0.0.3")
        gate.set()
        assert all(b" 200 " in everything(connection) for connection in mine)

    def test_all_together_have_an_end(self, served: Running) -> None:
        held = [served.connect(b"GET", f"127.0.0.{10 + number}") for number in range(5 * self.FEW)]
        assert b" 200 " in served.ask(LAST % b"new", "127.0.1.1")
        assert served.counted["crowd"] >= 2 * self.FEW
        assert everything(held[0]) == b""

    def test_this_machine_and_its_proxies_are_not_counted(self) -> None:
        callers = Callers()
        assert callers.owner("127.0.0.1") == callers.owner("::1") == callers.owner("") == ""
        assert callers.owner("2001:db8::1") == callers.owner("2001:db8::2") != ""
        assert callers.owner("::ffff:192.0.2.1") == callers.owner("192.0.2.1") == "192.0.2.1"


class Counted(Callers):
    """Counts this machine's addresses too: a test has no others."""

    def owner(self, peer: str) -> str:
        return peer


class TestStopping:
    def test_who_is_served_is_served_to_the_end_and_who_waits_at_the_door_let_in(self) -> None:
        gate = threading.Event()

        def waits(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            gate.wait(30)
            return app(environ, start_response)

        served = Running(waits)
        asked = [served.connect(GET % b"x") for _ in range(8)]
        until(lambda: served.loop.in_hand == 8)
        stopping = threading.Thread(target=served.stop)
        stopping.start()
        gate.set()
        for connection in asked:
            answer = everything(connection)
            assert body(answer) == b"/x b''"
            connection.close()
        stopping.join(30)
        assert not stopping.is_alive()
        with pytest.raises(OSError):
            served.connect()

    def test_who_may_ask_again_is_told_that_it_was_the_last_time(self) -> None:
        served = Running(app, patience=Patience(stop=5))
        with served.connect(GET % b"one") as connection:
            assert b"Connection: keep-alive" in connection.recv(4_096)
            stopping = threading.Thread(target=served.stop)
            stopping.start()
            until(lambda: served.loop.stopping)
            connection.sendall(GET % b"two")
            answer = everything(connection)
            assert body(answer) == b"/two b''"
            assert b"Connection: close" in answer
        stopping.join(30)
        assert not stopping.is_alive()

    def test_who_was_told_that_it_may_ask_again_may_though_the_end_came_meanwhile(self) -> None:
        gate = threading.Event()

        def lingers(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
            start_response("200 OK", [("Content-Length", "3")])
            yield b"one"
            gate.wait(30)

        served = Running(lingers, patience=Patience(stop=30))
        with served.connect(GET % b"one") as connection:
            answer = b""
            while not answer.endswith(b"one"):
                answer += connection.recv(4_096)
            assert b"Connection: keep-alive" in answer
            stopping = threading.Thread(target=served.stop)
            stopping.start()
            until(lambda: served.loop.stopping)
            gate.set()
            until(lambda: not served.loop.in_hand)
            connection.sendall(GET % b"two")
            assert b"Connection: close" in everything(connection)
        stopping.join(30)
        assert not stopping.is_alive()


class TestStanding:
    """A process without a processor for a while, as on a machine that does too much."""

    def test_who_waited_while_all_stood_still_is_answered(self) -> None:
        gate, asked = threading.Event(), threading.Event()

        def waits(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            asked.set()
            gate.wait(30)
            return app(environ, start_response)

        stood = threading.Event()

        def alive() -> bool:
            if asked.is_set() and served.loop.in_hand == 2 and not stood.is_set():
                time.sleep(1.5 * WAIT_SECONDS)
                stood.set()
                gate.set()
            return served.goes_on

        with running(waits, threads=1) as served:
            served.loop.alive = alive
            first, second = served.connect(GET % b"1"), served.connect(GET % b"2")
            with first, second:
                assert (status(first.recv(4_096)), status(second.recv(4_096))) == ("200", "200")
            assert stood.is_set()
            assert not served.counted["late"]

    def test_who_waits_in_a_crowd_for_too_long_is_refused_for_the_sake_of_the_others(self) -> None:
        gate = threading.Event()

        def waits(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            gate.wait(30)
            return app(environ, start_response)

        with running(waits, threads=1) as served:
            asked = [served.connect(GET % b"x") for _ in range(4)]
            until(lambda: served.counted["late"] == 3)
            gate.set()
            found = [status(everything(one)) for one in asked[1:]]
            for one in asked:
                one.close()
        assert found == ["503"] * 3


class TestFiles:
    """Answers that take seconds have threads of their own."""

    EXPORT = b"GET /api/v1/export.csv HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    def test_who_asks_for_one_takes_nobody_s_thread_nor_a_place_in_the_queue(self) -> None:
        gate, courtesy = threading.Event(), Courtesy()

        def waits(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            if "export" in environ["PATH_INFO"]:
                gate.wait(30)
            return app(environ, start_response)

        with running(waits, threads=1, waiting=0, courtesy=courtesy) as served:
            made = [served.connect(self.EXPORT) for _ in range(FILES_AT_ONCE)]
            until(lambda: served.loop.in_hand == FILES_AT_ONCE)
            assert status(served.ask(self.EXPORT)) == "503"
            assert status(served.ask(LAST % b"search")) == "200"
            assert list(courtesy.standing_aside(range(3))) == [0, 1, 2]
            gate.set()
            assert [status(everything(one)) for one in made] == ["200"] * FILES_AT_ONCE
            for one in made:
                one.close()
            until(lambda: not served.loop.in_hand)
        assert served.counted == {"full": 1}

    def test_they_stand_aside_while_anybody_is_being_answered_and_not_afterwards(self) -> None:
        gate, courtesy = threading.Event(), Seen()

        def waits(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            gate.wait(30)
            return app(environ, start_response)

        with running(waits, threads=1, courtesy=courtesy) as served:
            asked = [served.connect(LAST % b"x") for _ in range(3)]
            until(lambda: served.loop.in_hand == 3)
            assert courtesy.others >= 3
            gate.set()
            for one in asked:
                everything(one)
                one.close()
        assert courtesy.others == 0, "whoever came has left"


class Seen(Courtesy):
    @property
    def others(self) -> int:
        return self._others
