"""Hostile requests: a 4xx that says why or an answer, never an accident, never more work than a
search is allowed.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from discovery.engine.port import Searcher, SearchRequest
from discovery.http.api.parameters import PARAMETERS
from discovery.http.problems import ProblemBody
from discovery.mappings.vocabulary import LANGS
from discovery.search.query import MAX_DEPTH
from tests.api.conftest import ON_ONE
from tests.examples import some
from tests.shapes import faults

MAX_SEARCHES = 2
"""Of one request: strictly, then leniently."""
MAX_COUNTS = 3
"""Rounds of totals of one request: whether words alone find more, then offers and ways out
together.
"""
MAX_COUNTED = 60
"""Totals of one request."""

ENDPOINTS = (
    "/api/v1/search",
    "/api/v1/suggest",
    "/api/v1/suppliers",
    "/api/v1/suppliers/",
    "/api/v1/vocabulary",
    "/",
)

FRAGMENTS = (
    "\0", "a\0b", "%00", "\ufffd", "\u202e", "\u200b" * 50, "\N{COMBINING ACUTE ACCENT}" * 200, "🦄" * 100, "A" * 5_000,
    "' OR '1'='1", "'; DROP TABLE suppliers;--", "1 UNION SELECT 1", "\" OR 1=1 --", "sleep(10)",
    "name:*", "*:*", "*", "?", "~", "lyon~2", "nettoyage^1e9", "(" * 200, "[* TO *]", "/.*.*.*/", "\\", "AND OR NOT",
    "{!x}",
    '{"query":{"match_all":{}}}', "_id:1", "script_score", "../../etc/passwd", "..%2f..%2f", "file:///etc/passwd",
    "http://169.254.169.254/", "C:\\windows", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}",
    "${jndi:ldap://x}", "%s%n%x", "=1+1", "\r\nSet-Cookie: a=b", "nan", "NaN", "inf", "-Infinity", "1e309", "-0",
    "0x10",
    "١٢", "9" * 400, "-" + "9" * 400, "1e-400", "1_000", "+1", ".", "-", "e", "1,2,3", "0,0,0,0", "181,91,-181,-91",
    "nan,nan,nan,nan", "1e308,1e308,1e308,1e308", "null", "undefined", "true", "[]", "{}", "commune:", "commune:99999",
    "department:", ":", "country", "ESAT" * 50, ",".join(["ESAT"] * 300), ",".join(map(str, range(300))), " ", "\t\n",
)  # fmt: skip
"""What has broken other services: controls, quotes, query languages, paths, templates, numbers that
are none.
"""

VALUE = (
    st.sampled_from(FRAGMENTS)
    | st.text(max_size=60)
    | st.floats().map(str)
    | st.integers().map(str)
)
NAME = st.sampled_from([*PARAMETERS, "types", "limit", "siret", "id", "zoom"]) | st.text(
    min_size=1, max_size=8
)
ARGUMENTS = st.lists(st.tuples(NAME, VALUE | st.tuples(VALUE, VALUE).map("".join)), max_size=6)


@pytest.fixture(autouse=True)
def counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The calls to the engine: (its name, how many totals it asks for, or hits)."""
    for (
        lang
    ) in LANGS:  # what the home page is made of is gathered once in ten minutes, whoever asks
        app.test_client().get(f"/?lang={lang}")
    engine = app.extensions["discovery"].engine
    with engine.searcher() as index:
        asked: Any = type(index)
    search, counts = asked.search, asked.counts
    calls: list[tuple[str, int]] = []

    def searching(index: Searcher, request: SearchRequest) -> object:
        assert request.offset + request.size <= MAX_DEPTH
        calls.append(("search", request.size))
        return search(index, request)

    def counting(index: Searcher, requests: Sequence[SearchRequest]) -> object:
        calls.append(("counts", len(requests)))
        return counts(index, requests)

    monkeypatch.setattr(asked, "search", searching)
    monkeypatch.setattr(asked, "counts", counting)
    return calls


def encoded(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


def asked(
    client: FlaskClient,
    path: str,
    arguments: Sequence[tuple[str, str]],
    calls: list[tuple[str, int]],
) -> int:
    """The status, once the response is held to what every response must be."""
    calls.clear()
    query = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in arguments)
    response = client.get(f"{path}?{query}", headers={"Accept": "application/json"})
    check(response, path)
    assert sum(name == "search" for name, _ in calls) <= MAX_SEARCHES
    assert sum(name == "counts" for name, _ in calls) <= MAX_COUNTS
    assert sum(number for name, number in calls if name == "counts") <= MAX_COUNTED
    return response.status_code


def check(response: TestResponse, path: str) -> None:
    assert response.status_code < 500, (path, response.text[:500])
    assert "Traceback" not in response.text
    assert "Set-Cookie" not in response.headers
    if response.mimetype == "application/problem+json":
        body = json.loads(response.data)
        assert 400 <= response.status_code == body["status"]
        assert faults(ProblemBody, body) == []
    elif path.startswith("/api/"):
        assert response.status_code in {200, 301, 308}


def test_whatever_is_sent_is_answered_or_refused(
    app: Flask, counted: list[tuple[str, int]]
) -> None:
    most = 1_600 if app.extensions["discovery"].settings.embedded else 400

    @settings(max_examples=some(most), deadline=None, suppress_health_check=list(HealthCheck))
    @given(path=st.sampled_from(ENDPOINTS), arguments=ARGUMENTS)
    def send(path: str, arguments: list[tuple[str, str]]) -> None:
        asked(app.test_client(), path, arguments, counted)

    send()


@pytest.mark.parametrize("number", range(len(FRAGMENTS)))
def test_each_known_trick_in_each_parameter(
    client: FlaskClient, counted: list[tuple[str, int]], number: int
) -> None:
    """All parameters bear it at once, then each alone where the whole would hide it."""
    trick = FRAGMENTS[number]
    assert asked(client, "/api/v1/search", [(name, trick) for name in PARAMETERS], counted) in {
        200,
        400,
        403,
        414,
        422,
    }
    for path, name in (
        ("/api/v1/search", "q"),
        ("/api/v1/suggest", "q"),
        ("/api/v1/suppliers", "siret"),
    ):
        assert asked(client, path, [(name, trick)], counted) in {200, 400, 414, 422}


@pytest.mark.parametrize("number", range(len(FRAGMENTS)))
def test_each_known_trick_as_a_path(client: FlaskClient, number: int) -> None:
    for start in ("/api/v1/suppliers/", "/fournisseurs/", "/page/0/", "/"):
        response = client.get(
            start + quote(FRAGMENTS[number], safe=""), headers={"Accept": "application/json"}
        )
        check(response, start)
        assert "root:" not in response.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=501&per_page=20", 422), ("page=99999999999999999999", 400), ("page=-1", 422), ("per_page=1000000", 422),
        ("near=Lyon&radius=1e308", 422), ("lat=NaN&lon=NaN", 400), ("lat=1e309&lon=0", 400),
        ("bbox=nan,nan,nan,nan", 400), ("bbox=-inf,-inf,inf,inf", 400),
        ("&".join(f"kind=K{number}" for number in range(500)), 422), ("&".join(["q=nettoyage"] * 500), 200),
        ("&".join(f"q={number}" for number in range(500)), 400),
        ("&".join(f"literal={number}" for number in range(500)), 422),
        ("&".join(f"place=p{number}" for number in range(500)), 422),
        ("&".join(f"unknown{number}=1" for number in range(300)), 200), ("q=" + "a" * 8_000, 414),
        ("q=" + "%F0%9F%A6%84" * 301, 422), ("q=%ed%a0%80%ed%b0%80", 200), ("&" * 2_000, 200), ("=" * 2_000, 200),
        ("%" * 2_000, 200), ("q[]=a&q[$ne]=b", 200),
    ],
    ids=lambda value: str(value)[:24],
)  # fmt: skip
def test_floods_and_depths(
    client: FlaskClient, counted: list[tuple[str, int]], query: str, status: int
) -> None:
    response = client.get(f"/api/v1/search?{query}")
    check(response, "/api/v1/search")
    assert response.status_code == status
    assert sum(number for name, number in counted if name == "counts") <= MAX_COUNTED


def tricks() -> Iterator[tuple[str, dict[str, str]]]:
    yield "POST", {"X-HTTP-Method-Override": "GET"}
    yield "PUT", {}
    yield "PATCH", {"Content-Type": "application/json"}
    yield "DELETE", {}
    yield "TRACE", {}
    yield "CONNECT", {}
    yield "PROPFIND", {}
    yield "GET" * 20, {}


@ON_ONE
@pytest.mark.parametrize(("method", "headers"), list(tricks()), ids=lambda value: str(value)[:20])
def test_other_methods_change_nothing(
    client: FlaskClient, method: str, headers: dict[str, str]
) -> None:
    response = client.open("/api/v1/search", method=method, headers=headers, data=b"{}")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    check(response, "/api/v1/search")


HEADERS = (
    "Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "Cookie", "If-Modified-Since", "If-None-Match",
    "Origin", "Range", "X-Forwarded-For", "X-Request-ID",
)  # fmt: skip
ODD = ("", "*" * 5_000, "\xff\xfe", "gzip;q=nan", "bytes=0-1,2-3,-", 'W/"' * 500, "1" * 400)


@ON_ONE
@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_odd_headers_are_survived(client: FlaskClient, name: str, value: str) -> None:
    response = client.get("/api/v1/search?q=nettoyage", headers={name: value})
    assert response.status_code < 500


@ON_ONE
def test_a_header_given_back_holds_no_line_of_its_own(client: FlaskClient) -> None:
    for path in (
        "/fournisseurs/a%0d%0aX-Evil:1",
        "/api/v1/suppliers/a%0d%0aX-Evil:1",
        "/api/v1/search?q=%0d%0aX-Evil:1",
    ):
        assert "X-Evil" not in client.get(path).headers


@ON_ONE
@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(
    "query", ["radius=abc", "kind=X", "page=0", "key=nobody", "cursor=x", "q=" + "a" * 9_000]
)
def test_every_refusal_says_what_to_do_in_both_languages(
    client: FlaskClient, query: str, lang: str
) -> None:
    response = client.get(f"/api/v1/search?{query}&lang={lang}")
    body = json.loads(response.data)
    assert 400 <= response.status_code < 500
    assert response.headers["Content-Language"] == lang
    assert len(body["detail"]) > 20
    assert all(len(one["message"]) > 10 for one in body.get("errors", ()))
