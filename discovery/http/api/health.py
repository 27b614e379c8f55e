"""`GET /healthz` (alive) and `GET /readyz` (an index serves), for whoever watches the service."""

from collections.abc import Mapping
from typing import Annotated, Literal, TypedDict

from flask import Response

from discovery.http.api.endpoint import endpoint, health, services
from discovery.http.metrics import VERSION
from discovery.http.problems import Refused, unavailable
from discovery.http.responses import encoded
from discovery.mappings.purchases import past_rules


class Alive(TypedDict):
    status: Literal["ok"]


class Tuning(TypedDict):
    status: Annotated[
        Literal["current", "stale"], "`stale`: an edit can't be used, the last good version serves."
    ]
    problems: Annotated[list[str], "File, line, what is wrong and what to do."]


class Ready(TypedDict):
    status: Literal["ready"]
    version: Annotated[str, "Of the program."]
    engine: str
    index: str
    documents: Annotated[int, "Live suppliers."]
    generation: Annotated[str, "Changes whenever an answer might."]
    rebuild_needed: bool
    warnings: Annotated[
        list[str], "What is to be seen to and stops nothing: rules of the law past their day."
    ]
    mappings: Annotated[
        Tuning, "Profiles, word equivalences and words never corrected, which follow their files."
    ]


@endpoint(health, "/healthz", Alive, "The process answers.", whole=False)
def healthz() -> Response:
    """Alive"""
    return _now(Alive(status="ok"))


@endpoint(health, "/readyz", Ready, "An index serves.", problems=(503,), whole=False)
def readyz() -> Response:
    """Ready

    An index built from other mappings than the service's is ready, with `rebuild_needed`.
    `mappings` is `stale` while an edit of a profile or of the equivalences can't be used: the last
    good version serves, and `problems` say why.
    """
    status, tuning = services().status(), services().watch.state()
    if not status.ready:
        raise Refused(unavailable(status.reason, name="not_ready"))
    body: Ready = {
        "status": "ready",
        "version": VERSION,
        "engine": status.engine,
        "index": status.index,
        "documents": status.documents,
        "generation": status.generation,
        "rebuild_needed": services().presenter.rebuild_needed(status),
        "warnings": past_rules(services().search.mappings.law, services().search.today()),
        "mappings": {"status": tuning.status, "problems": list(tuning.problems)},
    }
    return _now(body)


def _now(body: Mapping[str, object]) -> Response:
    response = Response(encoded(body), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
