"""How an endpoint is registered and described, in one decorator; and how it reaches the services."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar, cast

import orjson
from flask import Response, current_app, g, request
from flask_smorest import Blueprint  # type: ignore[import-untyped]
from marshmallow import Schema

from discovery.api.schemas.problem import ProblemSchema
from discovery.context import Services
from discovery.engine.port import Searcher
from discovery.http.admission import scope
from discovery.http.problems import MEDIA_TYPE, Details, Refused

View = TypeVar("View", bound=Callable[..., Response])

v1 = Blueprint("suppliers", __name__, url_prefix="/api/v1", description="Search, profiles and vocabulary of suppliers.")
health = Blueprint("health", __name__, description="For whoever watches the service.")

PROBLEMS = {
    400: "A parameter can't be read: not a number, not a box…",
    403: "The key is unknown or revoked, or not for pages of this origin.",
    404: "Unknown.",
    410: "Withdrawn: the supplier is no longer listed.",
    413: "What is sent is too large.",
    414: "The address is too long.",
    415: "What is sent is of another type than the accepted ones.",
    422: "A parameter's value is not valid; all faults at once, each with close valid values.",
    429: "Too many requests; `Retry-After` says when to ask again.",
    503: "The engine is away or has no index; `reason` says why, `Retry-After` when to ask again.",
}
"""What each status means, wherever it is answered."""
EVERYWHERE = (403, 429)
"""Problems of every endpoint that takes a key."""

FILE: dict[str, str] = {"type": "string", "format": "binary"}
"""A file, described."""


def endpoint(
    blueprint: Any,
    rule: str,
    answer: type[Schema] | dict[str, Any],
    found: str,
    *,
    media: str = "application/json",
    parameters: Sequence[dict[str, Any]] = (),
    problems: Sequence[int] = (),
    whole: bool = True,
    body: dict[str, Any] | None = None,
    moved: str = "",
    also: str = "",
) -> Callable[[View], View]:
    """GET `rule` (POST where a `body` is described) answers `answer` (which `found` describes) or one of `problems`.

    The view's docstring is the summary, then the description; its name the operation's id. Views return responses
    made already: `answer` describes them, and dumps nothing; of a file (`media`) it is the schema itself. `whole`: all
    that it asks of the index is of one state and one turn (`one_state`); not what asks nothing, nor much. `moved`
    describes when it answers 308 instead. `also`: the media type of a file that it may answer.
    """

    def register(view: View) -> View:
        @wraps(view)
        def at_once(*args: Any, **kwargs: Any) -> Response:
            with one_state():
                return view(*args, **kwargs)

        described: Any = blueprint.response(200, answer, description=found, content_type=media)(
            at_once if whole else view
        )
        if moved:
            described = blueprint.alt_response(308, description=moved)(described)
        for status in (*problems, *(EVERYWHERE if blueprint is v1 else ())):
            described = blueprint.alt_response(
                status, schema=ProblemSchema, content_type=MEDIA_TYPE, description=PROBLEMS[status]
            )(described)
        taken: dict[str, Any] = {"requestBody": body} if body else {}
        if also:
            taken["responses"] = {200: {"content": {also: {"schema": FILE}}}}
        described = blueprint.doc(parameters=list(parameters), operationId=view.__name__, **taken)(described)
        return cast(View, (blueprint.post if body else blueprint.get)(rule)(described))

    return register


def services() -> Services:
    """The services of the application that serves this request, on the state of the index that it took
    (`one_state`)."""
    return cast(Services, g.get("services") or current_app.extensions["discovery"])


@contextmanager
def one_state(*, patient: bool = False) -> Iterator[Searcher]:
    """What this request's services ask of the index within is of one state. `patient`: as `SearchEngine.searcher`."""
    before = services()
    with before.engine.searcher(patient=patient) as index:
        g.services = before.on(index)
        try:
            yield index
        finally:
            g.services = before


__all__ = ["endpoint", "health", "one_state", "scope", "services", "v1"]


def sent_json(*accepted: str) -> Any:
    """The request's body. Refused when it is no JSON; `accepted`: the media types to name then."""
    if not request.is_json:
        raise Refused(Details("unsupported", {"accepted": ", ".join(accepted)}))
    try:
        return orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        raise Refused(Details("bad_request")) from None
