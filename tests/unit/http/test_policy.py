"""What holds for an address: by its path alone, and by a request's first bytes alike."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.config import Settings
from discovery.http.policy import MAX_BODY, POLICIES, policy_of, policy_of_start


@pytest.mark.parametrize(
    ("path", "rate"),
    [("/", "page"), ("/fournisseurs/x", "page"), ("/api/v1/search", "api"), ("/api/v1/nothing", "api"),
     ("/api/v1/suggest", "suggest"), ("/api/v1/export.xlsx", "export"), ("/metrics", ""), ("/api/docs", ""),
     ("/static/a.css", ""), ("/staticky", "page"), ("/suivre", "alerts"), ("/suivre/arreter", "alerts"),
     ("/api/v1/alerts", "alerts"), ("/widget/figures.csv", "page"), ("/widget/v1.js", ""), ("/page/0a/page.js", ""),
     ("/besoin", "needs"), ("/verifier", "needs"), ("/api/v1/suppliers/check", "needs"), ("/programme", "programme")],
)  # fmt: skip
def test_every_path_counts_for_a_limit(path: str, rate: str) -> None:
    assert policy_of(path).rate == rate


@pytest.mark.parametrize(
    ("start", "threads"),
    [
        (b"GET /healthz HTTP/1.1\r\n", "watch"),
        (b"GET /readyz?x HTTP/1.1\r\n", "watch"),
        (b"GET /metrics HTTP/1.1\r\n", "watch"),
        (b"GET /api/v1/search?q=/healthz HTTP/1.1\r\n", ""),
        (b"POST /healthz HTTP/1.1\r\n", ""),
        (b"GET /api/v1/export.csv?q=a HTTP/1.1\r\n", "long"),
        (b"HEAD /api/v1/export.csv HTTP/1.1\r\n", ""),
        (b"GET /programme HTTP/1.1\r\n", ""),
        (b"POST /programme HTTP/1.1\r\n", "long"),
        (b"GET /sitemap/suppliers-1.xml HTTP/1.1\r\n", "long"),
        (b"", ""),
    ],
)
def test_who_watches_is_let_in_and_who_takes_long_stands_apart(start: bytes, threads: str) -> None:
    method, policy = policy_of_start(start)
    assert (policy.watched and method == "GET") is (threads == "watch")
    assert (policy.long == method != "") is (threads == "long")


@given(st.sampled_from(["GET", "POST", "HEAD"]), st.text(st.characters(codec="ascii", exclude_characters=" ?\r\n")))
def test_the_first_bytes_say_what_the_path_says(method: str, rest: str) -> None:
    path = f"/{rest}"
    for query in ("", "?q=/healthz /api/"):
        assert policy_of_start(f"{method} {path}{query} HTTP/1.1\r\nHost: x\r\n".encode()) == (method, policy_of(path))


@given(st.text())
def test_every_path_has_a_policy(path: str) -> None:
    assert policy_of(path).max_body >= MAX_BODY


def test_every_row_holds_for_something() -> None:
    """No row stands behind one that takes all its paths."""
    for row in POLICIES:
        for path in row.paths:
            assert policy_of(path) is row, path


def test_every_limit_is_a_setting() -> None:
    names = {"api": "rate_limit", "page": "rate_limit_pages"}
    settings = {one.name for one in fields(Settings)}
    assert {names.get(row.rate, f"rate_limit_{row.rate}") for row in POLICIES if row.rate} <= settings
