"""Bytes of a connection → one whole request, or the reason why there will be none. Pure; llhttp reads the syntax."""

from __future__ import annotations

from dataclasses import dataclass, field

import httptools

from discovery.http.policy import MAX_BODY, policy_of
from discovery.http.problems import Details

MAX_TARGET = 8_190
"""Bytes of a request target."""
MAX_HEAD = 32_768
"""Bytes of a request line with its headers."""
MAX_FIELDS = 64
"""Headers of a request."""
MAX_TIMES = 8
"""What a body may take of its own length: chunks of one byte take six, and extensions of chunks have an end as well."""

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Request:
    """A whole request, as it came.

    `keep_alive`: whether another may follow on the connection. Header names in small letters.
    """

    method: str = ""
    target: bytes = b""
    version: str = "1.1"
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    keep_alive: bool = False

    def header(self, name: bytes) -> bytes:
        """The first value of a header (its name in small letters); b"" without it."""
        return next((value for each, value in self.headers if each == name), b"")


class Parser:
    """Makes requests of the bytes of a connection.

    Of one connection. Feed it until `request` or `refused` is there; `next` makes it ready for another request.
    """

    def __init__(self) -> None:
        self._llhttp = httptools.HttpRequestParser(self)
        self.next()

    def next(self) -> None:
        """Get ready for the next request of the connection."""
        self._reading = Request()
        self._body = bytearray()
        self._bytes = 0
        self.started = False
        """Whether a byte of the request came."""
        self.head_read = False
        self.expects_continue = False
        self.most = MAX_BODY
        """Bytes that the body may have, once the head is read."""
        self.request: Request | None = None
        self.refused: Details | None = None

    def feed(self, data: bytes) -> None:
        """Read bytes as they come; afterwards `request` or `refused` may be set."""
        self.started = True
        self._bytes += len(data)
        try:
            self._llhttp.feed_data(data)
        except httptools.HttpParserUpgrade:  # we speak nothing else: what follows is not HTTP/1, or not for us
            self._reading.keep_alive = False
        except httptools.HttpParserError:
            if self.request is None:
                self._refuse("bad_request")
            self._reading.keep_alive = False
        if self.request is None and self.refused is None:
            if not self.head_read and self._bytes > MAX_HEAD:
                self._refuse("refused", 431)
            elif self._bytes > MAX_HEAD + MAX_TIMES * self.most:
                self._refuse("too_large")

    def _refuse(self, name: str, status: int = 0) -> None:
        if self.refused is None:
            args = {"status": str(status)} if status else {}
            if name == "too_long":
                args = {"length": str(len(self._reading.target)), "limit": str(MAX_TARGET)}
            self.refused = Details(name, args, refused=status)

    # What llhttp calls.

    def on_message_begin(self) -> None:
        if self.request is not None:  # sent before the answer: not read, its sender may ask again elsewhere
            self.request.keep_alive = False

    def on_url(self, part: bytes) -> None:
        if self.request is None:
            self._reading.target += part
            if len(self._reading.target) > MAX_TARGET:
                self._refuse("too_long")

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.request is not None or self.head_read:  # trailers say nothing that we read
            return
        self._reading.headers.append((name.lower(), value))
        if len(self._reading.headers) > MAX_FIELDS:
            self._refuse("refused", 431)

    def on_headers_complete(self) -> None:
        if self.request is not None:
            return
        self.head_read = True
        reading = self._reading
        reading.method = self._llhttp.get_method().decode("ascii")
        reading.version = self._llhttp.get_http_version()
        hosts = sum(name == b"host" for name, _ in reading.headers)
        if reading.version not in ("1.0", "1.1"):
            self._refuse("refused", 505)
        elif hosts > 1 or (hosts == 0 and reading.version == "1.1"):
            self._refuse("bad_request")
        self.most = policy_of(reading.target.partition(b"?")[0].decode("latin-1")).max_body
        length = reading.header(b"content-length")
        if length and int(length) > self.most:
            self._refuse("too_large")
        self.expects_continue = reading.header(b"expect").lower() == b"100-continue"

    def on_body(self, part: bytes) -> None:
        if self.request is None and self.refused is None:
            self._body += part
            if len(self._body) > self.most:
                self._refuse("too_large")

    def on_message_complete(self) -> None:
        if self.request is None and self.refused is None:
            self._reading.body = bytes(self._body)
            # A body that came late, or half, can't be told from the next request: none follows it.
            self._reading.keep_alive = self._llhttp.should_keep_alive() and not self._body
            self.request = self._reading
