from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import UnsupportedMediaType

from discovery.engine.port import EngineUnavailable
from discovery.http import errors, requests


def crash() -> Any:
    raise RuntimeError("secret detail")


def away() -> Any:
    raise EngineUnavailable("the node is away")


def unsupported() -> Any:
    raise UnsupportedMediaType()


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    requests.install(app)
    errors.install(app, lambda title, detail, _: f"<h1>{title}</h1>{detail}")
    for view in (crash, away, unsupported):
        app.add_url_rule(f"/api/{view.__name__}", view_func=view)
        app.add_url_rule(f"/{view.__name__}", view_func=view, endpoint=f"page-{view.__name__}")
    return app


def test_an_accident_is_logged_whole_and_said_without_detail(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    response = app.test_client().get("/api/crash", headers={"X-Request-ID": "abc"})
    body: dict[str, Any] = response.get_json(force=True)
    assert response.status_code == body["status"] == 500
    assert response.mimetype == "application/problem+json"
    assert body["request_id"] == "abc"
    assert "abc" in body["detail"]
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    logged = capsys.readouterr().err
    assert "secret detail" in logged
    assert "Traceback" in logged


def test_an_engine_away_is_503_with_its_reason(app: Flask) -> None:
    response = app.test_client().get("/api/away?lang=en")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert response.get_json(force=True)["reason"] == "the node is away"
    assert response.get_json(force=True)["title"] == "Search unavailable"


@pytest.mark.parametrize(("path", "status"), [("/crash", 500), ("/away", 503), ("/nowhere", 404)])
def test_browsers_get_a_page(app: Flask, path: str, status: int) -> None:
    response = app.test_client().get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert response.status_code == status
    assert response.mimetype == "text/html"
    assert "<h1>" in response.text
    assert "secret" not in response.text


def test_errors_are_not_kept_by_caches(app: Flask) -> None:
    assert app.test_client().get("/nowhere").headers["Cache-Control"] == "no-store"


def test_caches_know_that_errors_of_pages_depend_on_who_reads(app: Flask) -> None:
    assert "Accept" in app.test_client().get("/nowhere").vary
    assert "Accept" not in app.test_client().get("/api/nowhere").vary
