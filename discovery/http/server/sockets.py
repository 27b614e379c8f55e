"""What a worker has open: who is looked at for what, who must go for another, and how a connection ends."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector

from discovery.http.server.callers import Callers
from discovery.http.server.connection import READ_BYTES, Connection, State

Handler = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for a client to send a request's head, its body, to take an answer (and one more for each `rate` bytes of
    it), to ask again, and to close; and to do so once the worker is to stop."""

    head: float = 10.0
    body: float = 10.0
    send: float = 10.0
    rate: float = 8_192.0
    idle: float = 15.0
    close: float = 5.0
    stop: float = 2.0


class Sockets:
    """The loop's alone: a connection that a thread has in hand is held, and not looked at meanwhile."""

    def __init__(self, callers: Callers, patience: Patience) -> None:
        self.selector = DefaultSelector()
        self.callers, self.patience = callers, patience
        self.closing_seconds = patience.close

    def admit(self, connection: Connection, readable: Handler) -> None:
        """Take in a new connection; `readable` is called when it has sent something."""
        self.callers.add(connection)
        self.release(connection, readable)

    def hold(self, connection: Connection) -> None:
        """Look no more at a connection while a thread answers it."""
        self.selector.unregister(connection.sock)
        connection.state = State.IN_HAND

    def release(self, connection: Connection, readable: Handler) -> None:
        """Look again at a connection, for something to read."""
        connection.state = State.READING
        self.selector.register(connection.sock, EVENT_READ, lambda _: readable(connection))

    def reading(self, connection: Connection, readable: Handler) -> None:
        """From now on look at a connection for something to read."""
        connection.state = State.READING
        self.selector.modify(connection.sock, EVENT_READ, lambda _: readable(connection))

    def sending(self, connection: Connection, writable: Handler) -> None:
        """From now on look at a connection for room to send."""
        connection.state = State.SENDING
        self.selector.modify(connection.sock, EVENT_WRITE, lambda _: writable(connection))

    def make_room(self, owner: str) -> bool:
        """Let the oldest go that nobody works for. False when there is none."""
        other = self.callers.in_the_way(owner)
        if other is not None:
            self.abort(other)
        return other is not None

    def let_go(self, connection: Connection) -> None:
        """Close once the client has: to close on what it still sends would cut the answer off (RFC 9112, 9.6)."""
        try:
            connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.abort(connection)
            return
        self.reading(connection, self._drain)
        connection.state = State.CLOSING
        connection.until = time.monotonic() + self.closing_seconds

    def _drain(self, connection: Connection) -> None:
        try:
            if connection.sock.recv(READ_BYTES):
                return
        except BlockingIOError:
            return
        except OSError:  # reset: closed as well
            pass
        self.close(connection)

    def close(self, connection: Connection) -> None:
        """Close a connection; what the system still holds of the answer, it goes on sending."""
        self._forget(connection)
        connection.close()

    def abort(self, connection: Connection) -> None:
        """End a connection at once, whatever was to be sent."""
        self._forget(connection)
        connection.abort()

    def _forget(self, connection: Connection) -> None:
        if connection.state is not State.IN_HAND:
            self.selector.unregister(connection.sock)
        self.callers.remove(connection)
