"""A request as WSGI wants it (PEP 3333), and what the application answers as bytes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from email.utils import formatdate
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from discovery.http.server.parser import Request

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Send = Callable[[bytes], None]
Fields = Sequence[tuple[str, str]]

_WITHOUT_BODY = ("1", "204", "304")
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "upgrade", "date", "server"})
"""What is ours to say."""


def environ(request: Request, peer: str, server: tuple[str, int]) -> Environ:
    """The WSGI environment of a request. `peer`: the address at the other end, "" for a Unix socket; `server`: ours.

    No header is believed here, and those with an underscore in their name, which could pass for another, are left
    out.
    """
    target, host = _origin_form(request.target)
    path, _, query = target.partition(b"#")[0].partition(b"?")
    found: Environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "REQUEST_URI": request.target.decode("latin-1"),
        "RAW_URI": request.target.decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{request.version}",
        "REMOTE_ADDR": peer,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        if name == b"content-type":
            found["CONTENT_TYPE"] = value.decode("latin-1")
        elif name not in (b"content-length", b"transfer-encoding") and b"_" not in name:
            key = f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"
            text = value.decode("latin-1")
            found[key] = f"{found[key]}{'; ' if name == b'cookie' else ','}{text}" if key in found else text
    if request.body:
        found["CONTENT_LENGTH"] = str(len(request.body))
    if host:
        found["HTTP_HOST"] = host.decode("latin-1")
    return found


def _origin_form(target: bytes) -> tuple[bytes, bytes]:
    """(path and query, the authority of an absolute address, which then replaces Host; RFC 9112, 3.2.2)."""
    if target.startswith(b"/") or b"://" not in target:
        return target, b""
    authority, slash, rest = target.partition(b"://")[2].partition(b"/")
    return slash + rest or b"/", authority


def answer(app: App, request: Request, environ: Environ, send: Send, *, last: bool) -> bool:
    """Give all bytes of the answer to `send`, piece by piece, the head with the first piece of the body. `last`:
    nothing more is read from the connection. Returns whether another request may follow: never when the end of the
    body is the end of the connection."""
    started: list[tuple[str, Fields]] = []

    def start_response(status: str, fields: Fields, *_: Any) -> Send:
        started[:] = [(status, fields)]
        return written.append

    written: list[bytes] = []  # by the function that start_response returns, which nothing of ours calls
    result = app(environ, start_response)
    try:
        pieces = iter(result)
        first = b"".join(written) or next(pieces, b"")
        status, fields = started[0]
        framing = _Framing(request, status, fields, last=last)
        send(framing.head + framing.piece(first))
        for piece in pieces:
            if piece:
                send(framing.piece(piece))
        if framing.end:
            send(framing.end)
        return framing.keeps
    finally:
        close = getattr(result, "close", None)
        if close:
            close()


class _Framing:
    """How the body of an answer is delimited (RFC 9112, 6.3)."""

    def __init__(self, request: Request, status: str, fields: Fields, *, last: bool) -> None:
        self._sent = request.method != "HEAD" and not status.startswith(_WITHOUT_BODY)
        sized = any(name.lower() == "content-length" for name, _ in fields)
        self._chunked = self._sent and not sized and request.version == "1.1"
        self.keeps = request.keep_alive and not last and (sized or self._chunked or not self._sent)
        self.end = b"0\r\n\r\n" if self._chunked else b""
        said = [(name, value) for name, value in fields if name.lower() not in _HOP_BY_HOP]
        said += [("Date", formatdate(usegmt=True)), ("Server", "discovery")]
        said += [("Transfer-Encoding", "chunked")] if self._chunked else []
        said += [("Connection", "keep-alive" if self.keeps else "close")]
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in said)]
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError(f"a header of an answer has two lines: {lines}")
        self.head = "\r\n".join([*lines, "", ""]).encode("latin-1")

    def piece(self, data: bytes) -> bytes:
        if not self._sent or not data:
            return b""
        return b"%x\r\n%b\r\n" % (len(data), data) if self._chunked else data
