"""Click events: off by default; of what a page sends, only what was done to which result is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from discovery.api.events import event
from discovery.app import application
from discovery.context import Services
from discovery.http.policy import MAX_BODY

CLICK = {
    "action_name": "click",
    "query_id": "5f0c",
    "client_id": "someone",
    "user_query": "traiteur Lyon",
    "timestamp": "2026-03-01T10:00:00Z",
    "event_attributes": {"object": {"object_id": "sample-1", "object_id_field": "id"}, "position": {"ordinal": 3}},
}
KEPT = {"action_name": "click", "query_id": "5f0c", "object_id": "sample-1", "ordinal": 3}


@pytest.fixture
def open_client(services: Services) -> FlaskClient:
    return application(replace(services, settings=replace(services.settings, events=True))).test_client()


def test_closed_unless_opened(client: FlaskClient) -> None:
    assert client.post("/api/v1/events", json=CLICK).status_code == 404


def test_a_click_is_logged_without_who_and_what_was_typed(
    open_client: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    assert open_client.post("/api/v1/events", json=CLICK).status_code == 204
    logged = json.loads(capfd.readouterr().err.splitlines()[-1])
    assert {name: logged[name] for name in KEPT} == KEPT
    assert "someone" not in json.dumps(logged)
    assert "traiteur" not in json.dumps(logged)


@pytest.mark.parametrize(("site", "status"), [("same-origin", 204), ("cross-site", 403), ("same-site", 403)])
def test_only_our_own_pages(site: str, status: int, open_client: FlaskClient) -> None:
    answer = open_client.post("/api/v1/events", json=CLICK, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        json.dumps(CLICK | {"action_name": ""}).encode(),
        json.dumps(CLICK | {"query_id": "a b"}).encode(),
        json.dumps(CLICK | {"query_id": None}).encode(),
        json.dumps(CLICK | {"event_attributes": [1]}).encode(),
        json.dumps(CLICK | {"event_attributes": {"object": {"object_id": 4}}}).encode(),
        json.dumps(CLICK | {"event_attributes": {"position": {"ordinal": 0}}}).encode(),
        json.dumps(CLICK | {"event_attributes": {"position": {"ordinal": True}}}).encode(),
    ],
)
def test_what_is_no_event_is_told(body: bytes, open_client: FlaskClient) -> None:
    answer = open_client.post("/api/v1/events", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


def test_other_content_types_are_not_read(open_client: FlaskClient) -> None:
    """What a form of another site could send without asking first."""
    assert open_client.post("/api/v1/events", data=json.dumps(CLICK), content_type="text/plain").status_code == 400


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*CLICK, "object", "position"]), inner),
    max_leaves=12,
)


@given(json_values)
def test_anything_sent_is_an_event_or_none(body: Any) -> None:
    kept = event(body)
    assert kept is None or set(kept) <= set(KEPT)


def test_a_page_of_another_site_is_known_by_its_origin_too(open_client: FlaskClient) -> None:
    """Browsers that don't send Sec-Fetch-Site."""
    for origin, status in (
        ("http://localhost", 204),
        ("https://localhost", 204),
        ("https://evil.example", 403),
        ("http://localhost.evil.example", 403),
        ("null", 403),
        ("", 403),
    ):
        assert open_client.post("/api/v1/events", json=CLICK, headers={"Origin": origin}).status_code == status, origin


def test_the_public_address_is_ours_whatever_the_host(services: Services) -> None:
    settings = replace(services.settings, events=True, public_url="https://achats.example")
    client = application(replace(services, settings=settings)).test_client()
    headers = {"Origin": "https://achats.example", "Host": "10.0.0.1:8000"}
    assert client.post("/api/v1/events", json=CLICK, headers=headers).status_code == 204


@pytest.mark.parametrize("depth", [2, 990, 2_000, 8_000])
@pytest.mark.parametrize("brackets", [b"[]", b'{"a":}'])
def test_however_deep_it_nests_it_is_no_event(depth: int, brackets: bytes, open_client: FlaskClient) -> None:
    half = len(brackets) - 1
    body = (brackets[:half] * depth + b"1" + brackets[half:] * depth)[:16_384]
    assert open_client.post("/api/v1/events", data=body, content_type="application/json").status_code == 400


def test_a_body_has_an_end_whatever_it_says_of_itself(open_client: FlaskClient) -> None:
    """In chunks it says nothing. `discovery serve` refuses it beforehand; under another server we read no further."""

    class Endless:
        read_bytes = 0

        def read(self, size: int = -1) -> bytes:
            assert size >= 0, "never all of it"
            self.read_bytes += size
            return b"[" * size

    stream = Endless()
    environ = EnvironBuilder("/api/v1/events", method="POST", content_type="application/json").get_environ()
    environ |= {"wsgi.input": stream, "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    assert run_wsgi_app(open_client.application, environ)[1].startswith("4")
    assert stream.read_bytes <= 2 * MAX_BODY
