"""However its bytes come, a request is read once, whole, or refused for one reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.http.policy import MAX_BODY
from discovery.http.server.parser import MAX_FIELDS, MAX_HEAD, MAX_TARGET, MAX_TIMES, Parser, Request

WHOLE = b"POST /api/v1/events?a=%C3%A9 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nX-Two: a\r\nX-Two: b\r\n\r\nhello"
CHUNKED = (
    b"POST /e HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nA: b\r\n\r\n"
)
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"

MAX_MESSAGE = MAX_HEAD + MAX_TIMES * MAX_BODY


def read(*parts: bytes) -> Parser:
    parser = Parser()
    for part in parts:
        parser.feed(part)
    return parser


def request(*parts: bytes) -> Request:
    found = read(*parts).request
    assert found is not None
    return found


def refusal(*parts: bytes) -> int:
    parser = read(*parts)
    assert parser.request is None
    assert parser.refused is not None
    return parser.refused.status


@given(st.sampled_from([WHOLE, CHUNKED, GET]), st.lists(st.integers(0, 120), max_size=6))
def test_pieces_make_the_same_request(whole: bytes, cuts: list[int]) -> None:
    at = sorted({cut for cut in cuts if 0 < cut < len(whole)})
    pieces = [whole[start:end] for start, end in zip([0, *at], [*at, len(whole)], strict=True)]
    assert request(*pieces) == request(whole)


def test_what_a_request_holds() -> None:
    found = request(WHOLE)
    assert (found.method, found.target, found.version) == ("POST", b"/api/v1/events?a=%C3%A9", "1.1")
    assert found.body == b"hello"
    assert found.header(b"x-two") == b"a"
    assert request(CHUNKED).body == b"hello"


@pytest.mark.parametrize(
    ("data", "keeps"),
    [
        (GET, True),
        (GET.replace(b"1.1", b"1.0"), False),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", False),
        (WHOLE, False),
        (CHUNKED, False),
        (GET + GET, False),
        (GET + b"nonsense", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\nPRI", False),
    ],
)
def test_another_request_may_follow_only_one_without_a_body_that_nothing_follows(data: bytes, keeps: bool) -> None:
    assert request(data).keep_alive is keeps


def test_a_parser_reads_one_request_after_another() -> None:
    parser = read(GET)
    parser.next()
    assert not parser.started
    parser.feed(GET.replace(b"GET /", b"GET /second"))
    assert parser.request is not None
    assert parser.request.target == b"/second"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01", 400),
        (b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: x\n\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nabc", 400),
        (b"GET / HTTP/0.9\r\n\r\n", 505),
        (b"GET /" + b"a" * MAX_TARGET + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * MAX_FIELDS + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * MAX_HEAD, 431),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY + 1), 413),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n8000\r\n" + b"a" * 0x8000, 413),
    ],
)
def test_what_can_not_be_read_is_refused_as_soon_as_that_is_known(data: bytes, status: int) -> None:
    assert refusal(data) == status
    assert refusal(*[data[at : at + 1_000] for at in range(0, len(data), 1_000)]) == status


def test_chunks_have_an_end_however_small_they_are() -> None:
    """Endless extensions of chunks, and endless trailers, hold no byte of a body."""
    start = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert refusal(start, *[b"1;" + b"e" * 1_000 + b"\r\na\r\n"] * (MAX_MESSAGE // 1_000)) == 413
    assert refusal(start + b"0\r\n", *[b"T: " + b"t" * 1_000 + b"\r\n"] * (MAX_MESSAGE // 1_000)) == 413


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_nothing_breaks_it(parts: list[bytes]) -> None:
    parser = read(*parts)
    assert parser.request is None or parser.refused is None
