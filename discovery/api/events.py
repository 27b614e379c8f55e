"""`POST /api/v1/events`: what a visitor of our own pages did with a result, under the names of UBI (ubisearch.dev).

Off unless `DISCOVERY_EVENTS=true`. Of an event the log line keeps what was done to which supplier at which place of
which search; a client's, a session's and a query's own words are never read.
"""

from __future__ import annotations

import re
from typing import Any

import orjson
from flask import Blueprint, Response, request

from discovery.api.endpoint import services
from discovery.http.hosts import by_own_page
from discovery.http.problems import Details, Refused
from discovery.http.requests import note

blueprint = Blueprint("events", __name__)

_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}", re.ASCII)
MAX_HITS = 10_000


@blueprint.post("/api/v1/events")
def events() -> Response:
    """204, and nothing to see; 400 when it is no event, 403 for pages of other sites."""
    if not by_own_page(services().settings):
        raise Refused(Details("refused", {"status": "403"}, refused=403))
    kept = event(_body())
    if kept is None:
        raise Refused(Details("bad_request"))
    note(**kept)
    return Response(status=204)


def _body() -> Any:
    """None when it is no JSON. However deep it nests, orjson reads it, or refuses it, on its own stack."""
    if not request.is_json:  # what other sites' forms may send
        return None
    try:
        return orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        return None


def event(body: Any) -> dict[str, Any] | None:
    """What is kept of a UBI event; None when it is not one. `action_name` and `query_id` must be there."""
    if not isinstance(body, dict):
        return None
    attributes = body.get("event_attributes") or {}
    if not isinstance(attributes, dict):
        return None
    target, position = attributes.get("object") or {}, attributes.get("position") or {}
    if not isinstance(target, dict) or not isinstance(position, dict):
        return None
    found: dict[str, Any] = {"action_name": body.get("action_name"), "query_id": body.get("query_id")}
    if target:
        found["object_id"] = target.get("object_id")
    if not all(isinstance(value, str) and _NAME.fullmatch(value) for value in found.values()):
        return None
    ordinal = position.get("ordinal")
    if ordinal is None:
        return found
    if not isinstance(ordinal, int) or isinstance(ordinal, bool) or not 1 <= ordinal <= MAX_HITS:
        return None
    return found | {"ordinal": ordinal}
