"""What is said to a request that finds the queue full, as an HTTP client reads it."""

from __future__ import annotations

import json
import socket
from http.client import HTTPResponse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.http.overload import RETRY_SECONDS, overloaded
from discovery.http.overload import refusal as refusal_of
from discovery.http.problems import Details


def refusal(start: bytes) -> bytes:
    return refusal_of(start, overloaded())


def read(answer: bytes) -> tuple[HTTPResponse, bytes]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(answer)
        ours.shutdown(socket.SHUT_WR)
        response = HTTPResponse(theirs)
        response.begin()
        return response, response.read()


@pytest.mark.parametrize(("lang", "title"), [("", "Trop de monde à la fois"), ("&lang=en", "Too many at once")])
def test_a_program_gets_a_problem_in_its_language(lang: str, title: str) -> None:
    start = f"GET /api/v1/search?q=bois{lang} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n".encode()
    response, body = read(refusal(start))
    assert (response.status, response.headers["Content-Type"]) == (503, "application/problem+json")
    assert int(response.headers["Retry-After"]) == RETRY_SECONDS
    assert response.headers["Access-Control-Allow-Origin"] == "*", "the widget is to know when to come back"
    assert response.headers["Connection"] == "close"
    problem = json.loads(body)
    assert (problem["type"], problem["title"], problem["status"]) == ("/api/docs#problem-overloaded", title, 503)
    assert "{" not in problem["detail"]


def test_a_person_gets_a_page() -> None:
    response, body = read(refusal(b"GET /?lang=en HTTP/1.1\r\nHost: x\r\nAccept: text/html,*/*\r\n\r\n"))
    assert (response.status, response.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert b"Too many at once" in body
    assert b"<html" in body


@given(st.binary(max_size=300).filter(lambda start: not start.startswith(b"HEAD ")))
def test_whatever_came_is_answered_whole_and_with_nothing_of_it(start: bytes) -> None:
    answer = refusal(start)
    response, body = read(answer)
    assert response.status == 503
    assert len(body) == int(response.headers["Content-Length"])
    assert len(answer) < 1400, "one packet: the main loop never waits for a client"
    assert answer in {refusal(known) for known in KNOWN}


@pytest.mark.parametrize(
    ("details", "status"),
    [
        (Details("bad_request"), 400),
        (Details("too_large"), 413),
        (Details("too_long", {"length": "9000", "limit": "8190"}), 414),
        (Details("refused", {"status": "408"}, refused=408), 408),
        (Details("refused", {"status": "431"}, refused=431), 431),
    ],
)
def test_other_refusals_are_told_alike(details: Details, status: int) -> None:
    response, body = read(refusal_of(b"GET / HTTP/1.1", details))
    assert (response.status, json.loads(body)["status"]) == (status, status)
    assert "{" not in json.loads(body)["detail"]
    assert "Retry-After" not in response.headers
    assert refusal_of(b"HEAD / HTTP/1.1\r\n", details).endswith(b"\r\n\r\n"), "no body where none is asked for"


KNOWN = [f"GET {path} HTTP/1.1\r\n{accept}\r\n".encode() for path in ("/", "/?lang=en") for accept in ("", "text/html")]
