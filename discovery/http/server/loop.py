"""The loop of one worker: it alone listens, reads and waits, for any number of clients, and never for one of them.

A request goes to a thread once it is whole; a client that takes its time over sending it, or over taking the answer,
holds a connection, for as long as `Patience` allows, and nothing else.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from selectors import EVENT_READ
from typing import Any

import structlog

from discovery.http.courtesy import Courtesy
from discovery.http.overload import FILES_AT_ONCE, overloaded, refusal
from discovery.http.policy import policy_of_start
from discovery.http.problems import Details
from discovery.http.server.callers import Callers
from discovery.http.server.connection import READ_BYTES, Connection, State
from discovery.http.server.sockets import Patience, Sockets
from discovery.http.server.threads import WAITING, Threads, waited_too_long
from discovery.http.server.wsgi import App, answer, environ

THREADS = 4
"""Answers that one worker makes by turns."""
SWEEP_SECONDS = 0.5
"""Between two looks at who is late."""
MAX_LATE = 2.0
"""Times that, a look that comes later shows that the whole process stood still."""
YIELD_SECONDS, MAX_YIELD_SECONDS = 0.0003, 0.0015
"""For each connection that a worker has, and in all, before it takes another: what an idle worker needs to wake up."""
AT_ONCE = 16
"""Connections taken at a time when all threads are at work, so that those beyond capacity are told soon."""
RAW_BYTES = 8_192
"""Kept of a request as it came."""


class Loop:
    """The event loop of one worker.

    `count(what)`: told of each refusal (full, late) and cut (slow, crowd). `alive()`: whether to go on.
    """

    def __init__(
        self,
        app: App,
        listeners: Sequence[socket.socket],
        *,
        alive: Callable[[], bool],
        callers: Callers | None = None,
        count: Callable[[str], None] = lambda _: None,
        patience: Patience | None = None,
        courtesy: Courtesy | None = None,
        threads: int = THREADS,
        waiting: int = WAITING,
    ) -> None:
        self._app, self._listeners, self.alive, self._count = app, list(listeners), alive, count
        self._patience = patience or Patience()
        self._callers = Callers() if callers is None else callers
        self._courtesy = courtesy or Courtesy()
        self._sockets = Sockets(self._callers, self._patience)
        self._server = _name(listeners[0])
        self._answering = Threads(self._answer, self._back, threads, waiting, "answer")
        # A busy service is not to be taken for a dead one.
        self._watching = Threads(self._answer, self._back, 1, 4 * waiting, "watch")
        # Those who wait for a search are not to wait for a file, nor behind those who ask for one.
        self._making = Threads(self._answer, self._back, FILES_AT_ONCE, 0, "file")
        self._done: deque[Connection] = deque()
        self._woken, self.waker = os.pipe()
        """A byte written to `waker` ends a wait: threads do, and signals."""
        for end in (self._woken, self.waker):
            os.set_blocking(end, False)
        self._awake = False
        self.stopping = False

    @property
    def in_hand(self) -> int:
        """Requests that wait for a thread or have one."""
        return self._answering.in_hand + self._watching.in_hand + self._making.in_hand

    def run(self) -> None:
        """Serve until not `alive`, and then until those who are being served have been."""
        selector = self._sockets.selector
        selector.register(self._woken, EVENT_READ, self._collect)
        for listener in self._listeners:
            listener.setblocking(False)
            selector.register(listener, EVENT_READ, self._listen)
        swept = time.monotonic()
        while not self.stopping or len(self._callers):
            ready = selector.select(SWEEP_SECONDS)
            self._courtesy.comes()  # each socket that is read gives Python's lock away: a busy thread would keep it
            for key, _ in ready:
                if selector.get_map().get(key.fd) is key:  # not ended, or changed, by what came before it
                    key.data(key.fileobj)
            now = time.monotonic()
            if now - swept >= SWEEP_SECONDS or not (self.stopping or self.alive()):
                late, swept = now - swept > MAX_LATE * SWEEP_SECONDS, now
                self._sweep(now, late=late)
            self._courtesy.leaves()
        selector.close()

    # Connections come.

    def _listen(self, listener: socket.socket) -> None:
        """All workers are told of a new connection: who has fewer goes first, so that two clients don't share one core
        while the other is idle. Where another was quicker there is nothing left to accept, which is no error. A worker
        whose threads are all at work does so at once: those who wait must be told soon."""
        if not self._answering.busy:
            time.sleep(min(len(self._callers) * YIELD_SECONDS, MAX_YIELD_SECONDS))
        for _ in range(AT_ONCE if self._answering.busy else 1):
            if not self._accept(listener):
                return

    def _accept(self, listener: socket.socket) -> bool:
        try:
            sock, address = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._make_room("")
            return False  # taken by another worker, most often, or gone already
        peer = address[0] if isinstance(address, tuple) else ""
        owner = self._callers.owner(peer)
        if self._callers.crowded(owner) and not self._make_room(owner):
            sock.close()
            return True
        connection = Connection(sock, peer, owner, time.monotonic() + self._patience.head)
        self._sockets.admit(connection, self._read)
        self._read(connection)  # what it asks is most often there already
        return True

    def _make_room(self, owner: str) -> bool:
        self._count("crowd")
        return self._sockets.make_room(owner)

    # Requests come.

    def _read(self, connection: Connection) -> None:
        try:
            data = connection.sock.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            self._sockets.abort(connection)
            return
        if not data:
            self._sockets.close(connection)
            return
        parser = connection.parser
        if not parser.started:
            connection.raw = data[:RAW_BYTES]
            connection.until = time.monotonic() + self._patience.head
        in_body = parser.head_read
        parser.feed(data)
        if parser.refused is not None:
            self._refuse(connection, parser.refused)
        elif parser.request is not None:
            self._take_up(connection)
        elif parser.head_read and not in_body:
            connection.until = time.monotonic() + self._patience.body
            if parser.expects_continue:
                with contextlib.suppress(OSError):  # gone: the next look says so
                    connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _take_up(self, connection: Connection) -> None:
        threads = self._threads(connection)
        if threads.take(connection, self._sockets.hold):
            if threads is not self._making:
                self._courtesy.comes()
            return
        self._count("full")
        self._refuse(connection, overloaded())

    def _ended(self, connection: Connection) -> None:
        """No thread has it any more, nor will have it."""
        threads = self._threads(connection)
        threads.in_hand -= 1
        if threads is not self._making:
            self._courtesy.leaves()

    def _threads(self, connection: Connection) -> Threads:
        method, policy = policy_of_start(connection.raw)
        if policy.watched and method == "GET":
            return self._watching
        return self._making if policy.long == method else self._answering

    # In the threads.

    def _answer(self, connection: Connection) -> None:
        """What the client does not take at once is left to the loop."""
        request = connection.parser.request
        assert request is not None
        try:
            late = waited_too_long(connection, time.monotonic())
            if late and self._answering.crowded and self._threads(connection) is self._answering:
                connection.keep = False
                self._count("late")
                connection.send(refusal(connection.raw, overloaded()))
            else:
                made = environ(request, connection.peer, self._server)
                connection.keep = answer(self._app, request, made, connection.send, last=self.stopping)
        except OSError:  # the client has gone
            connection.gone = True
        except Exception as error:
            structlog.get_logger().error("answer not made", exc_info=error)
            connection.gone = True

    def _back(self, connection: Connection) -> None:
        self._done.append(connection)
        if not self._awake:
            self._awake = True
            with contextlib.suppress(BlockingIOError):  # full of wake-ups
                os.write(self.waker, b"1")

    # Answers go.

    def _collect(self, _: Any) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._woken, 4_096)
        self._awake = False
        while self._done:
            connection = self._done.popleft()
            self._ended(connection)
            if connection.gone:
                self._sockets.abort(connection)
            else:
                self._sockets.release(connection, self._read)
                self._sent(connection)

    def _sent(self, connection: Connection) -> None:
        """All of it, or what the client took."""
        now = time.monotonic()
        if connection.left:
            connection.until = now + self._patience.send + connection.left / self._patience.rate
            self._sockets.sending(connection, self._flush)
        elif connection.keep:  # as the answer said: what is asked next is answered, also by one that stops
            connection.until = now + (self._patience.stop if self.stopping else self._patience.idle)
            connection.parser.next()
            self._sockets.reading(connection, self._read)
        else:
            self._sockets.let_go(connection)

    def _flush(self, connection: Connection) -> None:
        try:
            if connection.flush():
                self._sent(connection)
        except OSError:
            self._sockets.abort(connection)

    def _refuse(self, connection: Connection, details: Details) -> None:
        connection.keep = False
        try:
            connection.send(refusal(connection.raw, details))
        except OSError:
            self._sockets.abort(connection)
        else:
            self._sent(connection)

    # Twice a second.

    def _sweep(self, now: float, *, late: bool) -> None:
        """`late`: this process had no processor for a while: nobody is refused for that, nor had its threads."""
        if not self.stopping and not self.alive():
            self._stop(now)
        for connection in () if late else self._answering.overdue(now):
            self._ended(connection)
            self._count("late")
            self._sockets.release(connection, self._read)
            self._refuse(connection, overloaded())
        for connection in self._callers:
            if connection.until < now and connection.state is not State.IN_HAND:
                self._end(connection)

    def _end(self, connection: Connection) -> None:
        if connection.state is State.READING and connection.parser.started:
            self._count("slow")
            self._refuse(connection, Details("refused", {"status": "408"}, refused=408))
        elif connection.state is State.READING:
            self._sockets.let_go(connection)
        elif connection.state is State.SENDING:
            self._count("slow")
            self._sockets.abort(connection)
        else:
            self._sockets.close(connection)

    def _stop(self, now: float) -> None:
        """Who is in the listeners' queues is still let in: to close on them would cut them off. Who may ask again is
        given a moment to, and then told that it was the last time."""
        self.stopping = True
        self._sockets.closing_seconds = self._patience.stop
        for listener in self._listeners:
            while self._accept(listener):
                pass
            self._sockets.selector.unregister(listener)
            listener.close()
        for connection in self._callers:
            if connection.state is State.READING and not connection.parser.started:
                connection.until = min(connection.until, now + self._patience.stop)


def _name(listener: socket.socket) -> tuple[str, int]:
    found = listener.getsockname()
    return (str(found[0]), int(found[1])) if isinstance(found, tuple) else ("localhost", 80)
