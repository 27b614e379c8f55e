"""A door before a real server, as production has one: it asks who comes, speaks TLS, and can be
slow on command.
"""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest


class Door:
    """Passes requests on to the server at `behind`. `authorization`: the header that opens it; None
    = open to all.

    Between `close` and `open` whoever comes waits; `change` makes each answer's body another.
    `came` and `passed` count.
    """

    def __init__(
        self, behind: str, *, authorization: str | None = None, certificate: Path | None = None
    ) -> None:
        self.authorization = authorization
        self.change: Callable[[bytes], bytes] = bytes
        self.came = self.passed = 0
        self._open = threading.Event()
        self._open.set()
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", 0), _handler(self, urlsplit(behind).netloc)
        )
        self._server.daemon_threads = True
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.scheme = "http" if certificate is None else "https"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    def url(self, user: str = "") -> str:
        return (
            f"{self.scheme}://{user}{'@' if user else ''}127.0.0.1:{self._server.server_address[1]}"
        )

    def close(self) -> None:
        """From now on whoever comes waits."""
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    def wait(self) -> None:
        self._open.wait()

    @contextmanager
    def standing(self) -> Iterator[Door]:
        self._thread.start()
        try:
            yield self
        finally:
            self.open()
            self._server.shutdown()
            self._server.server_close()


def _handler(door: Door, behind: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            door.came += 1
            door.wait()
            if (
                door.authorization is not None
                and self.headers.get("Authorization") != door.authorization
            ):
                self._answer(
                    401,
                    b'{"error":{"type":"security_exception","reason":"unable to authenticate"}}',
                )
                return
            door.passed += 1
            connection = HTTPConnection(behind, timeout=30)
            kept = ("content-type", "accept")
            headers = {name: value for name, value in self.headers.items() if name.lower() in kept}
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            self._answer(answer.status, door.change(answer.read()), answer.headers["Content-Type"])
            connection.close()

        def _answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            for name, value in (("X-Elastic-Product", "Elasticsearch"), ("Content-Type", kind)):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Not on the tests' output."""

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass

    return Handler


def certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 that signs itself, with its key, in one PEM file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed here (Debian: apt-get install openssl)")
    key, signed = folder / "key.pem", folder / "certificate.pem"
    command = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    command += ["-days", "2", "-subj", "/CN=tests", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        [*command, "-keyout", str(key), "-out", str(signed)], check=True, capture_output=True
    )
    both = folder / "both.pem"
    both.write_bytes(key.read_bytes() + signed.read_bytes())
    return both
