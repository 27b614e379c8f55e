"""One connection: what it is about, until when, and what is still to be sent to it. Never waits for its client."""

from __future__ import annotations

import contextlib
import socket
import struct
from enum import Enum
from tempfile import SpooledTemporaryFile
from typing import IO

from discovery.http.server.parser import Parser

READ_BYTES = 65_536
"""Taken from a connection at a time; it may send no more before it is answered."""
MEMORY_BYTES = 262_144
"""Of what waits for a client to take it; the rest waits in a file."""
SEND_BYTES = 131_072
"""Given to the system ahead of what the client takes; left to itself it would hold megabytes for each."""


class State(Enum):
    """READING: between requests or in one. IN_HAND: a thread's, or on the way to one. SENDING: the client takes its
    time. CLOSING: told so, and waiting for the client to do the same."""

    READING = 1
    IN_HAND = 2
    SENDING = 3
    CLOSING = 4


class Connection:
    """A client's connection: its socket, its state, what is still to be sent.

    Of whoever has it in hand, the loop or one thread; never of both.
    """

    def __init__(self, sock: socket.socket, peer: str, owner: str, until: float) -> None:
        self.sock, self.peer, self.owner, self.until = sock, peer, owner, until
        sock.setblocking(False)
        with contextlib.suppress(OSError):  # a Unix socket
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, SEND_BYTES)
        self.state = State.READING
        self.parser = Parser()
        self.raw = b""
        """What came first of the request: says what language a refusal is to be in."""
        self.queued = 0.0
        self.keep = False
        """Whether another request may follow what is being sent."""
        self.gone = False
        """Whether the client has left before it was answered."""
        self.left = 0
        """Bytes that wait for the client to take them."""
        self._file: IO[bytes] | None = None
        self._sent = 0

    def send(self, data: bytes) -> None:
        """Send as much as fits at once; the rest later, by `flush`. Raises OSError when the client has gone."""
        if self.left:
            self.flush()
        if not self.left:
            data = data[self._send(data) :]
        if data:
            if self._file is None:
                self._file, self._sent = SpooledTemporaryFile(MEMORY_BYTES), 0  # noqa: SIM115 (`_forget` closes it)
            self._file.seek(0, 2)
            self._file.write(data)
            self.left += len(data)

    def flush(self) -> bool:
        """Send what is left; whether all has been sent. Raises OSError when the client has gone."""
        while self.left and self._file is not None:
            self._file.seek(self._sent)
            sent = self._send(self._file.read(SEND_BYTES))
            if not sent:
                return False
            self._sent += sent
            self.left -= sent
        self._forget()
        return True

    def _send(self, data: bytes) -> int:
        try:
            return self.sock.send(data) if data else 0
        except BlockingIOError:
            return 0

    def _forget(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        self.left = self._sent = 0

    def close(self) -> None:
        """Close the socket and let go of what was to be sent."""
        self._forget()
        self.sock.close()

    def abort(self) -> None:
        """Close so that the system keeps nothing for a client that does not take it."""
        with contextlib.suppress(OSError):
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()
