"""gunicorn's threaded worker, with an end to patience: a client that dawdles loses its connection, not our threads.

gunicorn waits without end for the rest of a request line, of headers, or for a client to take its answer; a few such
clients would hold every thread. In front of many of them belongs a proxy that buffers requests.
"""

from __future__ import annotations

import contextlib
import socket
import time
from threading import get_ident
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

HEADER_SECONDS = 10.0
"""To send a request line and its headers."""
ANSWER_SECONDS = 120.0
"""To be answered and take the answer, an export on a slow line included."""


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """`_until`: by thread, the connection it serves and when to cut it. Only its own thread adds and removes it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._until: dict[int, tuple[Any, float]] = {}

    def handle(self, conn: Any) -> Any:
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
