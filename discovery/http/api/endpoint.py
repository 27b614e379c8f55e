"""How an endpoint is registered and described, in one decorator; and how it reaches the services."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

import orjson
from flask import Blueprint, Response, current_app, g, request

from discovery.answers.described import JsonSchema
from discovery.context import Services
from discovery.engine.port import Searcher
from discovery.http.admission import scope
from discovery.http.api.parameters import Parameters
from discovery.http.problems import Details, Refused

View = TypeVar("View", bound=Callable[..., Response])

v1 = Blueprint("suppliers", __name__, url_prefix="/api/v1")
health = Blueprint("health", __name__)

EVERYWHERE = (403, 429)
"""Problems of every endpoint that takes a key."""

FILE: JsonSchema = {"type": "string", "format": "binary"}
"""A file, described."""

Body = Mapping[str, type | JsonSchema]
"""Of a request that must have a body: media type → the type of the body, or its schema."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is told of an endpoint once somebody asks (`document`); `statuses`: of the problems that it answers. The
    others are those of `endpoint`."""

    view: Callable[..., Response]
    blueprint: str
    rule: str
    answer: type | JsonSchema
    found: str
    media: str
    parameters: Sequence[Parameters | JsonSchema]
    statuses: Sequence[int]
    body: Body | None
    moved: str
    also: str


endpoints: list[Endpoint] = []
"""All of them, as their modules are imported."""


def endpoint(
    blueprint: Blueprint,
    rule: str,
    answer: type | JsonSchema,
    found: str,
    *,
    media: str = "application/json",
    parameters: Sequence[Parameters | JsonSchema] = (),
    problems: Sequence[int] = (),
    whole: bool = True,
    body: Body | None = None,
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

        served = cast(View, at_once if whole else view)
        statuses = (*problems, *(EVERYWHERE if blueprint is v1 else ()))
        endpoints.append(
            Endpoint(served, blueprint.name, rule, answer, found, media, parameters, statuses, body, moved, also)
        )
        return (blueprint.post if body else blueprint.get)(rule)(served)

    return register


def services() -> Services:
    """The services of the application that serves this request, on the state of the index that it took
    (`one_state`)."""
    return cast(Services, g.get("services") or current_app.extensions["discovery"])


@contextmanager
def one_state() -> Iterator[Searcher]:
    """What this request's services ask of the index within is of one state."""
    before = services()
    with before.engine.searcher() as index:
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
