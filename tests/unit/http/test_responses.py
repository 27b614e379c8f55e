import json

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from discovery.http.responses import encoded, json_response, validated, weak_etag


@pytest.fixture
def app() -> Flask:
    return Flask(__name__)


@pytest.mark.parametrize("held", ["{etag}", '"other", {etag}', "*"])
def test_what_the_client_holds_is_not_sent_again(app: Flask, held: str) -> None:
    etag = f'W/"{weak_etag(encoded({"a": 1}))}"'
    with app.test_request_context(headers={"If-None-Match": held.format(etag=etag)}):
        response = json_response({"a": 1}, volatile={"took_ms": 1.5})
    assert response.status_code == 304
    assert response.data == b""
    assert response.headers["ETag"] == etag


def test_json_is_utf8_and_nothing_typed_can_break_it() -> None:
    assert encoded({"é": "\0\ud800"}) == '{"é":"\\u0000?"}'.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_json_does_not_know_is_null(value: float) -> None:
    assert encoded({"a": value}) == b'{"a":null}'


def test_a_page_has_a_validator_of_its_own_body(app: Flask) -> None:
    with app.test_request_context():
        first = validated(b"<p>", "text/html")
    with app.test_request_context(headers={"If-None-Match": first.headers["ETag"]}):
        again = validated(b"<p>", "text/html")
        other = validated(b"<b>", "text/html")
    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert again.headers["ETag"] == first.headers["ETag"]


payloads = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(payload=st.dictionaries(st.text(min_size=1), payloads, min_size=1))
def test_any_answer_reads_back_as_it_was(payload: dict[str, object]) -> None:
    body = encoded(payload)
    assert json.loads(body) == payload
    assert b"\n" not in body
    assert body.startswith(b"{")
    assert body.endswith(b"}")


@pytest.mark.parametrize("value", ["half \ud83d of one", 2**70, {"deep": ["\udfff"]}])
def test_what_the_quick_way_refuses_is_sent_all_the_same(value: object) -> None:
    body = encoded({"a": value})
    read = json.loads(body.decode("utf-8"))
    assert set(read) == {"a"}
    assert "\ud83d" not in body.decode("utf-8")
