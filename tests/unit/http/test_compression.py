import gzip as standard

import pytest
from flask import Flask, Response
from hypothesis import given
from hypothesis import strategies as st

from discovery.http.responses import accepts_gzip, compress, gzip
from tests.tables import cases

LONG, SHORT = "é" * 512, "x" * 1023


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.after_request(compress)
    app.add_url_rule(
        "/long", view_func=lambda: Response(LONG, mimetype="application/json"), endpoint="long"
    )
    app.add_url_rule(
        "/short", view_func=lambda: Response(SHORT, mimetype="application/json"), endpoint="short"
    )
    app.add_url_rule(
        "/image", view_func=lambda: Response(b"x" * 9999, mimetype="image/png"), endpoint="image"
    )
    app.add_url_rule(
        "/stream", view_func=lambda: Response(iter([LONG]), mimetype="text/csv"), endpoint="stream"
    )
    return app


@pytest.mark.parametrize("path", ["/long", "/short", "/image", "/stream"])
def test_what_is_short_binary_or_streamed_is_left_alone(app: Flask, path: str) -> None:
    response = app.test_client().get(path, headers={"Accept-Encoding": "gzip"})
    assert ("Content-Encoding" in response.headers) is (path == "/long")


@pytest.mark.parametrize(
    ("header", "accepted"), cases(__file__, "the_client_s_preference_is_followed")
)
def test_the_client_s_preference_is_followed(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


@given(st.binary(max_size=2_000))
def test_the_same_body_gives_the_same_bytes_and_comes_back(body: bytes) -> None:
    assert gzip(body) == gzip(body)
    assert standard.decompress(gzip(body)) == body
