"""What the application is told of a request, and how its answer is delimited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from http.client import HTTPResponse
from io import BytesIO
from typing import Any
from wsgiref.validate import validator

import pytest

from discovery.http.server.parser import Parser, Request
from discovery.http.server.wsgi import answer, environ


def request(data: bytes) -> Request:
    parser = Parser()
    parser.feed(data)
    assert parser.request is not None
    return parser.request


def told(data: bytes) -> dict[str, Any]:
    return environ(request(data), "192.0.2.1", ("127.0.0.1", 8000))


def test_what_the_application_is_told() -> None:
    found = told(
        b"POST /a%C3%A9%2Fb?q=%C3%A9&x HTTP/1.1\r\nHost: h\r\nContent-Type: t/u\r\nContent-Length: 2\r\n\r\nhi"
    )
    assert found["REQUEST_METHOD"] == "POST"
    assert found["PATH_INFO"].encode("latin-1").decode() == "/aé/b"
    assert (found["QUERY_STRING"], found["SCRIPT_NAME"]) == ("q=%C3%A9&x", "")
    assert (found["CONTENT_TYPE"], found["CONTENT_LENGTH"]) == ("t/u", "2")
    assert (found["HTTP_HOST"], found["REMOTE_ADDR"], found["SERVER_PORT"]) == ("h", "192.0.2.1", "8000")
    assert found["wsgi.input"].read() == b"hi"


def test_a_body_in_chunks_has_a_length_like_any_other() -> None:
    found = told(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")
    assert found["CONTENT_LENGTH"] == "2"
    assert "HTTP_TRANSFER_ENCODING" not in found


def test_no_header_says_where_the_application_is_or_passes_for_another() -> None:
    found = told(
        b"GET / HTTP/1.1\r\nHost: x\r\nScript-Name: /a\r\nSCRIPT_NAME: /b\r\nX_Forwarded_For: 1.2.3.4\r\n"
        b"X-Forwarded-Proto: https\r\nX-Forwarded-Prefix: /c\r\n\r\n"
    )
    assert (found["SCRIPT_NAME"], found["wsgi.url_scheme"]) == ("", "http")
    assert "HTTP_X_FORWARDED_FOR" not in found


def test_headers_given_twice_are_one() -> None:
    found = told(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nCookie: a=1\r\nX-A: 2\r\nCookie: b=2\r\n\r\n")
    assert (found["HTTP_X_A"], found["HTTP_COOKIE"]) == ("1,2", "a=1; b=2")


@pytest.mark.parametrize(
    ("target", "path", "host"),
    [("http://other/p?q", "/p", "other"), ("http://other", "/", "other"), ("//x/y", "//x/y", "x"), ("/a#b", "/a", "x")],
)
def test_where_it_asks_for(target: str, path: str, host: str) -> None:
    found = told(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert (found["PATH_INFO"], found["HTTP_HOST"]) == (path, host)


def sent(asked: bytes, body: Iterable[bytes], *fields: tuple[str, str], status: str = "200 OK") -> tuple[bytes, bool]:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response(status, [("Content-Type", "text/plain"), *fields])
        return body

    parts: list[bytes] = []
    found = request(asked)
    keeps = answer(app, found, environ(found, "192.0.2.1", ("x", 80)), parts.append, last=False)
    return b"".join(parts), keeps


class Bytes:
    """A socket for http.client, which then reads as a client does."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> BytesIO:
        return BytesIO(self._data)


def read(data: bytes, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    response = HTTPResponse(Bytes(data), method=method)  # type: ignore[arg-type]
    response.begin()
    return response, response.read()


GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def test_an_answer_of_known_length() -> None:
    data, keeps = sent(GET, [b"hello"], ("Content-Length", "5"), ("Connection", "upgrade"))
    response, body = read(data)
    assert (response.status, body, keeps) == (200, b"hello", True)
    assert response.headers.get_all("Connection") == ["keep-alive"]
    assert response.headers["Date"].endswith("GMT")


def test_an_answer_of_unknown_length_comes_in_chunks_or_ends_the_connection() -> None:
    pieces = [b"", b"one", b"", b"two"]
    data, keeps = sent(GET, iter(pieces))
    response, body = read(data)
    assert (response.headers["Transfer-Encoding"], body, keeps) == ("chunked", b"onetwo", True)
    data, keeps = sent(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", iter(pieces))
    response, body = read(data)
    assert (response.headers["Transfer-Encoding"], body, keeps) == (None, b"onetwo", False)
    assert response.headers["Connection"] == "close"


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", "200 OK"), ("GET", "304 NOT MODIFIED"), ("GET", "204 NO CONTENT")]
)
def test_answers_without_a_body_end_with_their_head(method: str, status: str) -> None:
    data, keeps = sent(GET.replace(b"GET", method.encode()), [b"never seen"], status=status)
    assert data.endswith(b"\r\n\r\n")
    assert keeps


def test_an_answer_is_closed_even_when_the_client_goes() -> None:
    closed = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"a", b"b"])

        def close(self) -> None:
            closed.append(True)

    def gone(data: bytes) -> None:
        raise BrokenPipeError

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return Body()

    with pytest.raises(BrokenPipeError):
        answer(app, request(GET), {}, gone, last=False)
    assert closed == [True]


def test_a_header_of_two_lines_is_never_sent() -> None:
    with pytest.raises(ValueError, match="two lines"):
        sent(GET, [b""], ("X-A", "b\r\nSet-Cookie: c"))


def test_we_keep_to_wsgi() -> None:
    """By the standard library's own judge."""

    @validator
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        assert environ["wsgi.input"].read(5) == b"hello"
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return [b"ok"]

    asked = request(b"POST /x?y HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
    parts: list[bytes] = []
    answer(app, asked, environ(asked, "192.0.2.1", ("x", 80)), parts.append, last=False)
    assert b"".join(parts).endswith(b"\r\n\r\nok")
