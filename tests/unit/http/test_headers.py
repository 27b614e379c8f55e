import pytest
from flask import Flask, Response
from werkzeug.datastructures import Headers

from discovery.http.responses import install_headers as install
from discovery.http.responses import page_policy
from discovery.mappings import Settings
from tests.tables import cases


@pytest.mark.parametrize(("tiles", "allowed"), cases(__file__, "the_map_s_tiles_may_be_loaded"))
def test_the_map_s_tiles_may_be_loaded(tiles: str, allowed: str) -> None:
    assert allowed in page_policy(tiles)


def headers_of(settings: Settings, path: str) -> Headers:
    app = Flask(__name__)
    install(app, settings)
    app.add_url_rule("/page", "page", lambda: Response("<p>", mimetype="text/html"))
    app.add_url_rule("/api/x", "api", lambda: Response("{}", mimetype="application/json"))
    return app.test_client().get(path).headers


@pytest.mark.parametrize("path", ["/page", "/api/x", "/nowhere"])
def test_every_response_is_guarded(path: str) -> None:
    headers = headers_of(Settings(), path)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_pages_stand_alone_and_the_api_is_for_all() -> None:
    assert headers_of(Settings(), "/page")["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers_of(Settings(), "/page")
    api = headers_of(Settings(), "/api/x")
    assert api["Access-Control-Allow-Origin"] == "*"
    for name in ("RateLimit-Remaining", "Retry-After", "ETag", "Link"):
        assert name in api["Access-Control-Expose-Headers"]


def test_a_service_known_by_https_says_so() -> None:
    headers = headers_of(Settings(public_url="https://search.example"), "/page")
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
