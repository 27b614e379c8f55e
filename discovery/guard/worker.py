"""gunicorn's threaded worker, with an end to patience, the clients' and ours.

gunicorn waits without end for the rest of a request line, of headers, or for a client to take its answer; a few such
clients would hold every thread: here a client that dawdles loses its connection. In front of many of them belongs a
proxy that buffers requests.

gunicorn queues requests without end too: beyond capacity each waits longer than the one before. Here the queue has a
length: who finds it full is refused at once by the main loop, and who has waited too long is refused by the thread that
takes it up, in no time. So those who are served have waited that long at most; as soon as fewer come, all are served.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from selectors import EVENT_READ
from threading import get_ident
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]
from prometheus_client import Counter

from discovery.guard.overload import of_a_watcher, refusal

HEADER_SECONDS = 10.0
"""To send a request line and its headers."""
ANSWER_SECONDS = 120.0
"""To be answered and take the answer, an export on a slow line included."""
WAITING = 64
"""Requests that wait for a thread of one worker: about half a second of searches on one core."""
WAIT_SECONDS = 1.0
"""To wait for a thread, when searches take longer than that."""
YIELD_SECONDS, MOST_YIELD_SECONDS = 0.0003, 0.0015
"""For each connection that a worker has, and in all, before it takes another: what an idle worker needs to wake up."""
SWITCH_SECONDS = 0.001
"""For which a thread may keep Python's lock while the main loop wants it: Python's own 5 ms, for each connection that
is refused, are longer than the refusal."""
READ_BYTES = 65_536
"""Taken at a time of what a client sends beyond what is answered."""


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """`_until`: by thread, the connection it serves and when to cut it. Only its own thread adds and removes it.

    `_in_hand`: requests that wait for a thread or have one. Only the main loop counts them.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._until: dict[int, tuple[Any, float]] = {}
        self._in_hand = 0
        self._most = self.cfg.threads + WAITING

    def init_process(self) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        # Here, in the process that counts; /metrics adds the workers' files up, whatever the registry.
        self._refused = Counter(
            "discovery_overload_refused_total", "Requests that found the queue full.", registry=None
        )
        super().init_process()

    def accept(self, listener: Any) -> None:
        """All workers are told of a new connection: who has fewer goes first, so that two clients don't share one core
        while the other is idle. Where another was quicker there is nothing left to accept, which is no error. A worker
        that refuses does so at once."""
        if self._in_hand < self.cfg.threads:  # beyond, all workers are busy: those who wait must be told soon
            time.sleep(min(self.nr_conns * YIELD_SECONDS, MOST_YIELD_SECONDS))
        super().accept(listener)

    def enqueue_req(self, conn: Any) -> None:
        """A connection to be read. A new one waits in the main loop until it has something: it then holds no thread."""
        if not conn.initialized and not conn.data_ready:
            self._wait(conn, partial(self.on_pending_socket_readable, conn))
        elif self._in_hand < self._most or (self._in_hand < 2 * self._most and self._watched(conn)):
            self._in_hand += 1
            conn.queued = time.monotonic()
            super().enqueue_req(conn)
        else:
            self._say_no(conn)
            self._let_go(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """gunicorn's closes by waiting two seconds for the client to do so, in the main loop: nobody else is let in."""
        self._in_hand -= 1
        if self.alive and not fs.cancelled() and fs.exception() is None and not fs.result():
            self._let_go(conn)
        else:
            super().finish_request(conn, fs)

    def _wait(self, conn: Any, readable: Callable[[Any], None]) -> None:
        """Look at a connection again when it can be read; `murder_pending` ends it when that takes too long."""
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, readable)

    def _let_go(self, conn: Any) -> None:
        """Close once the client has: to close on what it still sends would cut the answer off (RFC 9112, 9.6)."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            self._wait(conn, partial(self._drain, conn))
        except OSError:  # the client has gone
            self.nr_conns -= 1
            conn.close()

    def _drain(self, conn: Any, client: Any) -> None:
        try:
            if client.recv(READ_BYTES):
                return
        except BlockingIOError:
            return
        except OSError:  # reset: closed as well
            pass
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        self.nr_conns -= 1
        conn.close()

    def _watched(self, conn: Any) -> bool:
        try:
            return of_a_watcher(conn.sock.recv(100, socket.MSG_PEEK))
        except OSError:
            return False

    def _say_no(self, conn: Any) -> None:
        """Never waits: an answer of one packet fits into the buffer of a connection that had none yet."""
        self._refused.inc()
        with contextlib.suppress(OSError):  # the client has gone
            conn.sock.setblocking(False)
            conn.sock.send(refusal(conn.sock.recv(READ_BYTES)))

    def handle(self, conn: Any) -> Any:
        if time.monotonic() - conn.queued > WAIT_SECONDS and not self._watched(conn):
            self._say_no(conn)
            return False
        self._until[get_ident()] = conn, time.monotonic() + HEADER_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._until.pop(get_ident(), None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        self._until[get_ident()] = conn, time.monotonic() + ANSWER_SECONDS
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Called every second by the main loop."""
        super().murder_pending()
        now = time.monotonic()
        for conn, until in list(self._until.values()):
            if until < now:
                with contextlib.suppress(OSError):  # closed meanwhile
                    conn.sock.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for it
