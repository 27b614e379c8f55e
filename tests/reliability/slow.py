"""Clients that take their time: over a header, over a body, over taking an export. Many at once,
from one thread.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator

HEADER = b"GET /api/v1/search HTTP/1.1\r\nHost: x\r\nX-Slow: "
BODY = b"POST /api/v1/needs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n"
CHUNKS = (
    b"POST /api/v1/needs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2000\r\n"
)
READER = b"GET /api/v1/export.csv HTTP/1.1\r\nHost: x\r\n\r\n"
KINDS = {"header": HEADER, "body": BODY, "chunks": CHUNKS, "reader": READER}
PAUSE_SECONDS = 0.5


@contextlib.contextmanager
def dawdling(port: int, kind: str, many: int = 64) -> Iterator[list[socket.socket]]:
    """So many sockets of this kind; whoever is cut comes back at once, as one who means harm would."""
    sockets = [_open(port, kind) for _ in range(many)]
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(PAUSE_SECONDS):
            for number, each in enumerate(sockets):
                if not _drips(each, kind):
                    each.close()
                    with contextlib.suppress(OSError):
                        sockets[number] = _open(port, kind)

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        yield sockets
    finally:
        stop.set()
        dripping.join()
        for each in sockets:
            each.close()


def _open(port: int, kind: str) -> socket.socket:
    found = socket.socket()
    if kind == "reader":
        found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    found.settimeout(30)
    found.connect(("127.0.0.1", port))
    found.sendall(KINDS[kind])
    found.setblocking(False)
    return found


def _drips(each: socket.socket, kind: str) -> bool:
    """One byte more, sent or taken. False when the connection has ended."""
    try:
        if kind == "reader":
            return each.recv(1) != b""
        each.send(b"a")
        return each.recv(1, socket.MSG_PEEK) == b"never"
    except BlockingIOError:
        return True
    except OSError:
        return False
