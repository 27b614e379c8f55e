"""`GET /healthz` (alive) and `GET /readyz` (an index serves), for whoever watches the service."""

from __future__ import annotations

from flask import Response

from discovery.api.endpoint import endpoint, health, services
from discovery.api.schemas.answers import Alive, Ready
from discovery.http.problems import Refused, unavailable
from discovery.http.responses import encoded


@endpoint(health, "/healthz", Alive, "The process answers.", whole=False)
def healthz() -> Response:
    """Alive"""
    return _now({"status": "ok"})


@endpoint(health, "/readyz", Ready, "An index serves.", problems=(503,), whole=False)
def readyz() -> Response:
    """Ready

    An index built from other mappings than the service's is ready, with `rebuild_needed`. `mappings` is `stale` while
    an edit of a profile or of the equivalences can't be used: the last good version serves, and `problems` say why.
    """
    status, tuning = services().status(), services().watch.state()
    if not status.ready:
        raise Refused(unavailable(status.reason, name="not_ready"))
    return _now(
        {
            "status": "ready",
            "engine": status.engine,
            "index": status.index,
            "documents": status.documents,
            "generation": status.generation,
            "rebuild_needed": services().presenter.rebuild_needed(status),
            "mappings": {"status": tuning.status, "problems": list(tuning.problems)},
        }
    )


def _now(body: dict[str, object]) -> Response:
    response = Response(encoded(body), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
