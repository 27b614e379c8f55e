import json

import pytest
from flask import Flask

from discovery.http import errors, requests
from discovery.http.requests import MAX_ADDRESS, MAX_BODY, note


def counted() -> str:
    note(total=3, zero=False)
    return "ok"


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    requests.install(app)
    errors.install(app)
    app.add_url_rule("/api/counted", view_func=counted)
    return app


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-1.2_Z", True), ("", False), ("a" * 65, False), ("a b", False), ("é", False)],
)
def test_a_request_is_known_by_the_id_it_came_with_when_that_is_sane(
    app: Flask, given: str, kept: bool
) -> None:
    answered = (
        app.test_client()
        .get("/api/counted", headers={"X-Request-ID": given})
        .headers["X-Request-ID"]
    )
    assert (answered == given) is kept
    assert answered


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 431)])
def test_headers_have_a_limit_together(app: Flask, more: int, status: int) -> None:
    headers = {"HTTP_HOST": "a", "HTTP_USER_AGENT": ""}
    headers["HTTP_X"] = "b" * (32_768 - len("HTTP_X" + "".join(headers) + "a") + more)
    assert app.test_client().get("/api/counted", environ_overrides=headers).status_code == status


@pytest.mark.parametrize(("length", "status"), [(MAX_ADDRESS, 200), (MAX_ADDRESS + 1, 414)])
def test_addresses_have_a_limit(app: Flask, length: int, status: int) -> None:
    path = "/api/counted"
    response = app.test_client().get(path, query_string="q=" + "a" * (length - len(path) - 2))
    assert response.status_code == status
    if status == 414:
        assert str(length)[:1] in response.get_json(force=True)["detail"]


@pytest.mark.parametrize(("size", "status"), [(MAX_BODY, 200), (MAX_BODY + 1, 413)])
def test_bodies_have_a_limit(app: Flask, size: int, status: int) -> None:
    response = app.test_client().get("/api/counted", data=b"x" * size)
    assert response.status_code == status
    assert status == 200 or f" {MAX_BODY // 1_000} " in response.get_json(force=True)[
        "detail"
    ].replace("\xa0", " ")


def test_refusals_carry_an_id_and_a_line(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    response = app.test_client().get("/nowhere")
    assert response.headers["X-Request-ID"]
    logged = json.loads(capsys.readouterr().err)
    assert (logged["status"], logged["problem"]) == (404, "not_found")
