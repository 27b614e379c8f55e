from __future__ import annotations

import json

import pytest
from flask import Flask

from discovery.guard.responses import encoded, json_response, validated, weak_etag


@pytest.fixture
def app() -> Flask:
    return Flask(__name__)


def test_what_varies_has_no_part_in_the_validator(app: Flask) -> None:
    with app.test_request_context():
        first = json_response({"a": 1}, volatile={"took_ms": 1.5})
        second = json_response({"a": 1}, volatile={"took_ms": 2.5})
        other = json_response({"a": 2}, volatile={"took_ms": 1.5})
    assert json.loads(first.data) == {"a": 1, "took_ms": 1.5}
    assert first.headers["ETag"] == second.headers["ETag"] != other.headers["ETag"]
    assert first.headers["ETag"].startswith('W/"')
    assert first.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("given", ["{etag}", '"other", {etag}', "*"])
def test_what_the_client_holds_is_not_sent_again(app: Flask, given: str) -> None:
    etag = f'W/"{weak_etag(encoded({"a": 1}))}"'
    with app.test_request_context(headers={"If-None-Match": given.format(etag=etag)}):
        response = json_response({"a": 1}, volatile={"took_ms": 1.5})
    assert response.status_code == 304
    assert response.data == b""
    assert response.headers["ETag"] == etag


def test_another_answer_is_sent(app: Flask) -> None:
    with app.test_request_context(headers={"If-None-Match": 'W/"other"'}):
        assert json_response({"a": 1}).status_code == 200


def test_json_is_utf8_and_nothing_typed_can_break_it() -> None:
    assert encoded({"é": "\0\ud800"}) == '{"é":"\\u0000?"}'.encode()


def test_no_number_that_json_does_not_know() -> None:
    with pytest.raises(ValueError):
        encoded({"a": float("nan")})


def test_a_page_has_a_validator_of_its_own_body(app: Flask) -> None:
    with app.test_request_context():
        first = validated(b"<p>", "text/html")
    with app.test_request_context(headers={"If-None-Match": first.headers["ETag"]}):
        again = validated(b"<p>", "text/html")
        other = validated(b"<b>", "text/html")
    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert again.headers["ETag"] == first.headers["ETag"]
