"""The loop on a socket of its own, in a thread of the test, around any application."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from discovery.http.server.callers import Callers
from discovery.http.server.loop import Loop
from discovery.http.server.sockets import Patience
from discovery.http.server.wsgi import App

DEADLINE_SECONDS = 30.0


class Running:
    """`counted`: what the loop told of its refusals and cuts."""

    def __init__(self, app: App, **options: Any) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        self.counted: Counter[str] = Counter()
        self.goes_on = True
        options.setdefault("callers", Callers())
        self.loop = Loop(
            app, [self.listener], alive=lambda: self.goes_on, count=lambda what: self.counted.update([what]), **options
        )
        self._thread = threading.Thread(target=self.loop.run, daemon=True)
        self._thread.start()

    def connect(self, sends: bytes = b"", source: str = "127.0.0.1") -> socket.socket:
        found = socket.create_connection(("127.0.0.1", self.port), DEADLINE_SECONDS, (source, 0))
        found.sendall(sends)
        return found

    def ask(self, sends: bytes, source: str = "127.0.0.1") -> bytes:
        with self.connect(sends, source) as connection:
            return everything(connection)

    def stop(self) -> None:
        self.goes_on = False
        self._thread.join(DEADLINE_SECONDS)
        assert not self._thread.is_alive()


@contextmanager
def running(app: App, **options: Any) -> Iterator[Running]:
    it = Running(app, **options)
    try:
        yield it
    finally:
        it.stop()


def everything(connection: socket.socket) -> bytes:
    """Until the other end closes; "" when it is cut."""
    whole = b""
    try:
        while part := connection.recv(65_536):
            whole += part
    except ConnectionError:
        pass
    return whole


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


QUICK = Patience(head=0.5, body=0.5, send=0.5, rate=1e9, idle=0.5, close=0.5, stop=0.2)
