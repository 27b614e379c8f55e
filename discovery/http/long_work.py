"""Answers that may take seconds (exports, parts of the sitemap, what large bodies ask) have one
process of their own.

`discovery serve` starts it beside its workers. A worker passes such a request on, as it came, and
the answer back: its thread waits, and computes nothing that a search would wait for. Any other WSGI
server makes these answers in place.
"""

import hmac
import secrets
import socket
import string
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse
from multiprocessing.connection import wait
from threading import BoundedSemaphore, Lock
from typing import Any
from urllib.parse import parse_qs, quote

from flask import g
from werkzeug.datastructures import EnvironHeaders
from werkzeug.wsgi import ClosingIterator

from discovery.http.problems import MEDIA_TYPE, Details, Refused
from discovery.http.requests import LARGEST_BODY, policy_of
from discovery.http.responses import encoded
from discovery.texts import language

AT_ONCE = 2
"""Long answers that one process makes at a time, whoever asks."""
PASSED_ON = 4
"""Requests that one worker has passed on at a time: its other threads are there for searches."""
COMPUTED = 6
"""Answers that one worker computes at a time: with more each would wait longer for the processor.
"""
THREADS = 16
"""Of a worker: for these, those passed on, and refused bodies, whose rest is taken."""
RETRY_SECONDS = 2
"""About as long as a large export takes."""
SECONDS = 60.0
"""To wait for the next bytes of a long answer."""
PATIENCE_SECONDS = 10.0
"""To wait for a client that sends a body, or takes an answer."""
PIECE = 65_536
TOKEN, PEER = "X-Discovery-Token", "X-Discovery-Peer"
"""What a worker adds to a request: that it is one of ours, and who asked it."""
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "expect", "date", "server"}
)

Environ = dict[str, Any]
Start = Callable[..., Any]
App = Callable[[Environ, Start], Iterable[bytes]]


class LongWork:
    """The application in workers, and in the process that makes long answers (`here`). Made before
    they are forked.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._token = secrets.token_hex(16)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.address = self.listener.getsockname()
        self.here = False
        self._places = BoundedSemaphore(PASSED_ON)
        self._turns = BoundedSemaphore(COMPUTED)

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        connection = environ.get("gunicorn.socket")
        if connection is not None:
            connection.settimeout(PATIENCE_SECONDS)  # for each piece of a body, and of an answer
        if self.here:
            answer = self._taken(environ, start)
        elif policy_of(environ["PATH_INFO"]).long == environ["REQUEST_METHOD"]:
            answer = self._passed_on(environ, start)
        else:
            with self._turns:
                answer = self._app(environ, start)
        if not int(environ.get("CONTENT_LENGTH") or 0) and "HTTP_TRANSFER_ENCODING" not in environ:
            return answer
        return ClosingIterator(answer, partial(take_rest, environ["wsgi.input"]))

    def _taken(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """A request that a worker passed on; of nobody else."""
        if not hmac.compare_digest(environ.pop(_variable(TOKEN), ""), self._token):
            return _problem(Details("not_found"), environ, start)
        environ["REMOTE_ADDR"] = environ.pop(_variable(PEER), "")
        return self._app(environ, start)

    def _passed_on(self, environ: Environ, start: Start) -> Iterable[bytes]:
        if not self._places.acquire(blocking=False):
            return _problem(busy("overloaded"), environ, start)
        connection = HTTPConnection(self.address[0], self.address[1], timeout=SECONDS)
        ended = [connection.close, self._places.release]
        try:
            answer = self._asked(connection, environ)
        except (OSError, HTTPException, Refused) as error:
            details = error.details if isinstance(error, Refused) else busy("overloaded")
            return ClosingIterator(_problem(details, environ, start), ended)
        except BaseException:
            for end in ended:
                end()
            raise
        fields = [
            (name, value) for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP
        ]
        start(f"{answer.status} {answer.reason}", fields)
        return ClosingIterator(_pieces(answer), ended)

    def _asked(self, connection: HTTPConnection, environ: Environ) -> HTTPResponse:
        target = quote(
            environ["RAW_URI"], safe=string.printable, encoding="latin-1"
        )  # no byte beyond ASCII
        connection.putrequest(
            environ["REQUEST_METHOD"], target, skip_host=True, skip_accept_encoding=True
        )
        fields = {
            name: value
            for name, value in EnvironHeaders(environ)
            if name.lower() not in _HOP_BY_HOP
        }
        fields |= {TOKEN: self._token, PEER: environ.get("REMOTE_ADDR", ""), "Connection": "close"}
        chunked = "HTTP_TRANSFER_ENCODING" in environ
        if chunked:
            fields["Transfer-Encoding"] = "chunked"
        for name, value in fields.items():
            connection.putheader(name, value.encode("latin-1"))
        connection.endheaders()
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if chunked or length:
            self._send_body(connection, environ["wsgi.input"], length)
        return connection.getresponse()

    @staticmethod
    def _send_body(connection: HTTPConnection, body: Any, length: int) -> None:
        """Send it as it comes, until the answer is there: who is refused is so before the body was
        read. `length`: 0 of a body in chunks. Raises Refused when the client stops half-way.
        """
        sent = 0
        with suppress(BrokenPipeError, ConnectionResetError):
            while piece := read(body, PIECE):
                if wait(
                    [connection.sock], timeout=0
                ):  # `select` refuses the 1,025th file of a process
                    return
                connection.send(piece if length else b"%x\r\n%b\r\n" % (len(piece), piece))
                sent += len(piece)
            if sent < length:
                raise Refused(late())
            if not length:
                connection.send(b"0\r\n\r\n")


def read(body: Any, size: int) -> bytes:
    """Read some of a request's body. Raises Refused when the client takes too long, or has gone."""
    try:
        return bytes(body.read(size))
    except OSError:
        raise Refused(late()) from None


def take_rest(body: Any) -> None:
    """Let who was answered before the whole body was read send the rest of it: to a connection that
    is closed meanwhile clients and proxies lose the answer.
    """
    left, until = LARGEST_BODY, time.monotonic() + PATIENCE_SECONDS
    with suppress(Refused):
        while left > 0 and time.monotonic() < until and not getattr(body, "failed", False):
            piece = read(body, PIECE)
            left = left - len(piece) if piece else 0


def late() -> Details:
    """The problem told to who does not send a body to its end."""
    return Details("refused", {"status": "408"}, headers=(("Connection", "close"),), refused=408)


def _pieces(answer: HTTPResponse) -> Iterator[bytes]:
    while piece := answer.read1(PIECE):
        yield piece
    if answer.length:  # fewer bytes came than were announced: nobody is to take them for the whole
        raise OSError("a long answer ended early")


def _variable(name: str) -> str:
    return f"HTTP_{name.upper().replace('-', '_')}"


def _problem(details: Details, environ: Environ, start: Start) -> Iterable[bytes]:
    lang = language(parse_qs(environ.get("QUERY_STRING", "")).get("lang", [""])[0])
    body = encoded(details.body(lang))
    fields = [
        ("Content-Type", MEDIA_TYPE),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    start(f"{details.status} {details.name}", [*fields, *details.headers])
    return [body]


_answered: list[str] = []
"""Who is being answered at length by this process."""
_lock = Lock()


@contextmanager
def alone() -> Iterator[None]:
    """Hold the place of a long answer for the current request, for a `with`. Raises Refused when
    the address that asks is being answered already, or as many as are at a time.
    """
    who = str(g.get("limited_as", ""))
    with _lock:
        if who and who in _answered:
            raise Refused(busy("one_at_a_time"))
        if len(_answered) >= AT_ONCE:
            raise Refused(busy("overloaded"))
        _answered.append(who)
    try:
        yield
    finally:
        with _lock:
            _answered.remove(who)


def busy(name: str) -> Details:
    """The problem told to who must come again. `name`: of the problem."""
    return Details(name, {"wait": RETRY_SECONDS}, headers=(("Retry-After", str(RETRY_SECONDS)),))
