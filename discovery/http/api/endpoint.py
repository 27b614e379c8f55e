"""An endpoint: registered and described in one decorator; its query string → a `Query` → an answer,
as for pages.
"""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY
from functools import lru_cache, wraps
from itertools import chain
from typing import Any, TypeVar, cast

import orjson
from flask import Blueprint, Response, current_app, g, request
from marshmallow import Schema, ValidationError, fields, missing
from werkzeug.datastructures import MultiDict

from discovery.answers.described import JsonSchema
from discovery.context import Services
from discovery.engine.port import EngineUnavailable, Filters, Searcher
from discovery.http.api.parameters import DEFAULTS, PARAMETERS, SHOWN, Parameters, SearchParameters
from discovery.http.keys import scope as scope
from discovery.http.problems import Details, Refused
from discovery.model import dataclass, field, replace
from discovery.search.answer import Answer
from discovery.search.query import Cursors, InvalidQuery, Problem, Query
from discovery.search.service import SearchService
from discovery.texts import language
from discovery.trace import stage

View = TypeVar("View", bound=Callable[..., Response])

v1 = Blueprint("suppliers", __name__, url_prefix="/api/v1")
health = Blueprint("health", __name__)

EVERYWHERE = (403, 429)
"""Problems of every endpoint that takes a key."""

FILE: JsonSchema = {"type": "string", "format": "binary"}
"""A file, described."""

Body = Mapping[str, type | JsonSchema]
"""Of a request that must have a body: media type → the type of the body, or its schema."""


@dataclass(slots=True)
class endpoint:  # noqa: N801 - read as a decorator
    """GET `rule` (POST where a `body` is described) answers `answer` (which `found` describes) or
    one of `problems`.

    The view's docstring is the summary, then the description; its name the operation's id. Views
    return responses made already: `answer` describes them, and dumps nothing; of a file (`media`)
    it is the schema itself. `whole`: all that it asks of the index is of one state and one turn
    (`one_state`); not what asks nothing, nor much. `moved` describes when it answers 308 instead.
    `also`: the media type of a file that it may answer. `document` tells it all.
    """

    blueprint: Blueprint
    rule: str
    answer: type | JsonSchema
    found: str
    _: KW_ONLY
    media: str = "application/json"
    parameters: Sequence[Parameters | JsonSchema] = ()
    problems: Sequence[int] = ()
    whole: bool = True
    body: Body | None = None
    moved: str = ""
    also: str = ""
    view: Callable[..., Response] = field(init=False)

    def __call__(self, view: View) -> View:
        @wraps(view)
        def at_once(*args: Any, **kwargs: Any) -> Response:
            with one_state():
                return view(*args, **kwargs)

        self.view = served = cast(View, at_once if self.whole else view)
        endpoints.append(self)
        return (self.blueprint.post if self.body else self.blueprint.get)(self.rule)(served)


endpoints: list[endpoint] = []
"""All of them, as their modules are imported."""


def services() -> Services:
    """The services of the application that serves this request, on the state of the index that it
    took (`one_state`).
    """
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


def sent_json(*accepted: str) -> Any:
    """The request's body. Refused when it is no JSON; `accepted`: the media types to name then."""
    if not request.is_json:
        raise Refused(Details("unsupported", {"accepted": ", ".join(accepted)}))
    try:
        return orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        raise Refused(Details("bad_request")) from None


Arguments = MultiDict[str, str]

MAX_UNKNOWN = 10
"""Unknown parameters that are named in warnings."""

_CONSEQUENCES = frozenset(
    {"half_a_point", "sort_needs_centre", "radius_without_centre", "radius_needs_commune"}
)
"""What a parameter that could not be read makes look missing."""


def load(
    schema: type[Schema], arguments: Arguments, only: Collection[str] = ()
) -> tuple[dict[str, Any], list[Problem]]:
    """(what could be read, what could not, in the schema's order). `only`: fields of the schema to
    read, none = all.
    """
    given = dict(arguments.lists())
    known = _fields(schema)
    names = tuple(
        n
        for n in known
        if n in (only or known) and (n in given or known[n].load_default is not missing)
    )
    try:
        loaded: dict[str, Any] = _reader(schema, names).load(given)
    except ValidationError as error:
        messages: Any = error.messages
        valid: Any = error.valid_data
        return dict(valid), list(chain.from_iterable(messages.values()))
    return loaded, []


@lru_cache
def _fields(schema: type[Schema]) -> dict[str, fields.Field[Any]]:
    return schema().fields


@lru_cache(64)
def _reader(schema: type[Schema], names: tuple[str, ...]) -> Schema:
    """The schema with these fields: marshmallow walks through all that it has, forty where two are
    given.
    """
    return schema(only=names)


def without(arguments: Arguments, left_out: Container[str]) -> MultiDict[str, Any]:
    """The arguments less some names, in their order."""
    return MultiDict(
        (name, value) for name, value in arguments.items(multi=True) if name not in left_out
    )


def read_query(
    arguments: Arguments, scope: tuple[Filters, ...] = (), cursors: Cursors | None = None
) -> tuple[Query, list[Problem]]:
    """The query, and every parameter that can't be read. Never raises, whatever the arguments.

    `scope`: the suppliers that the presets of the request's key leave
    (`discovery.http.api.endpoint.scope`). `cursors` None: where no cursor is taken.
    """
    values, problems = load(SearchParameters, arguments)
    text = values.pop("cursor", "")
    values["cursor"] = cursors.read(text) if text and cursors else None
    if text and values["cursor"] is None:
        problems.append(Problem("cursor", text[:SHOWN], "unknown_cursor"))
    for name in ("coverage", "national", "presumed", "trades", "profile"):
        values[name] = values.get(name) or None
    values["sort"] = values.get("sort") or DEFAULTS.sort
    values["lang"] = language(arguments.get("lang"))
    if not values.get("facets"):
        values["facets"] = None
    elif values["facets"] == ("none",):
        values["facets"] = ()
    unknown = [name[:SHOWN] for name in arguments if name not in PARAMETERS]
    return Query(unknown=tuple(unknown[:MAX_UNKNOWN]), scope=scope, **values), problems


def answer_to(
    service: SearchService,
    arguments: Arguments,
    scope: tuple[Filters, ...] = (),
    cursors: Cursors | None = None,
) -> Answer:
    """Read arguments, and answer them. Raises InvalidQuery with everything wrong at once: what
    can't be read and what can't be meant; EngineUnavailable.
    """
    return service.search(readable(service, arguments, scope, cursors=cursors))


def readable(
    service: SearchService,
    arguments: Arguments,
    scope: tuple[Filters, ...] = (),
    faults: Iterable[Problem] = (),
    cursors: Cursors | None = None,
) -> Query:
    """The query. Raises InvalidQuery when something can't be read, with all that can't be meant
    besides; `faults`: those of the parameters that are no search's.
    """
    with stage("read"):
        query, problems = read_query(arguments, scope, cursors)
    problems = [*faults, *problems]
    if problems:
        raise InvalidQuery(
            (*problems, *_others(service, query, {one.parameter for one in problems}))
        )
    return query


def _others(service: SearchService, query: Query, unread: set[str]) -> tuple[Problem, ...]:
    """Problems of the parameters that could be read, without those that the unread ones explain."""
    if unread & {"lat", "lon"}:
        query = replace(query, lat=None, lon=None)
    try:
        service.plan(query)
    except InvalidQuery as error:
        return tuple(
            one
            for one in error.problems
            if one.code not in _CONSEQUENCES and one.parameter not in unread
        )
    except (
        EngineUnavailable
    ):  # the phrase can't be understood without an index; what is known is said
        return ()
    return ()
