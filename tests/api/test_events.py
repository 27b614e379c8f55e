"""Click events: off by default; of what a page sends, only what was done to which result is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from discovery.api.events import event
from discovery.app import application
from discovery.context import Services

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
