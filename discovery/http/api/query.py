"""A query string → a `Query`, and a `Query` → an answer; the API and the page read addresses the same way."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from marshmallow import Schema, ValidationError, fields, missing
from werkzeug.datastructures import MultiDict

from discovery.engine.port import EngineUnavailable, Filters
from discovery.http.api.parameters import DEFAULTS, PARAMETERS, SHOWN, SearchParameters
from discovery.search.answer import Answer
from discovery.search.cursors import Cursors
from discovery.search.query import InvalidQuery, Problem, Query
from discovery.search.service import SearchService
from discovery.texts import language
from discovery.trace import stage

Arguments = MultiDict[str, str]

MAX_UNKNOWN = 10
"""Unknown parameters that are named in warnings."""

_CONSEQUENCES = frozenset({"half_a_point", "sort_needs_centre", "radius_without_centre", "radius_needs_commune"})
"""What a parameter that could not be read makes look missing."""


def load(
    schema: type[Schema], arguments: Arguments, only: Collection[str] = ()
) -> tuple[dict[str, Any], list[Problem]]:
    """(what could be read, what could not). `only`: fields of the schema to read, none = all."""
    given = dict(arguments.lists())
    known = _fields(schema)
    names = [name for name in only or known if name in given or known[name].load_default is not missing]
    try:
        loaded: dict[str, Any] = _reader(schema, frozenset(names)).load(given)
    except ValidationError as error:
        messages: Any = error.messages
        return dict(error.valid_data), [problem for faults in messages.values() for problem in faults]  # type: ignore[arg-type]
    return loaded, []


@lru_cache
def _fields(schema: type[Schema]) -> dict[str, fields.Field[Any]]:
    return schema().fields


@lru_cache(256)
def _reader(schema: type[Schema], names: frozenset[str]) -> Schema:
    """The schema with these fields: marshmallow walks through all that it has, forty where two are given."""
    return schema(only=names)


def without(arguments: Arguments, left_out: Container[str]) -> MultiDict[str, Any]:
    """The arguments less some names, in their order."""
    return MultiDict((name, value) for name, value in arguments.items(multi=True) if name not in left_out)


def read_query(
    arguments: Arguments, scope: tuple[Filters, ...] = (), cursors: Cursors | None = None
) -> tuple[Query, list[Problem]]:
    """The query, and every parameter that can't be read. Never raises, whatever the arguments.

    `scope`: the suppliers that the presets of the request's key leave (`discovery.http.api.endpoint.scope`). `cursors`
    None: where no cursor is taken.
    """
    values, problems = load(SearchParameters, arguments)
    text = values.pop("cursor", "")
    values["cursor"] = cursors.read(text) if text and cursors else None
    if text and values["cursor"] is None:
        problems.append(Problem("cursor", text[:SHOWN], "unknown_cursor"))
    for name in ("coverage", "national", "presumed", "profile"):
        values[name] = values.get(name) or None
    values["sort"] = values.get("sort") or DEFAULTS.sort
    values["lang"] = language(arguments.get("lang"))
    if not values.get("facets"):
        values["facets"] = None
    elif values["facets"] == ("none",):
        values["facets"] = ()
    unknown = [name[:SHOWN] for name in arguments if name not in PARAMETERS]
    return Query(unknown=tuple(unknown[:MAX_UNKNOWN]), scope=scope, **values), problems


def answer(
    service: SearchService, arguments: Arguments, scope: tuple[Filters, ...] = (), cursors: Cursors | None = None
) -> Answer:
    """Read arguments, and answer them. Raises InvalidQuery with everything wrong at once: what can't be read and
    what can't be meant; EngineUnavailable."""
    return service.search(readable(service, arguments, scope, cursors=cursors))


def readable(
    service: SearchService,
    arguments: Arguments,
    scope: tuple[Filters, ...] = (),
    faults: Iterable[Problem] = (),
    cursors: Cursors | None = None,
) -> Query:
    """The query. Raises InvalidQuery when something can't be read, with all that can't be meant besides; `faults`:
    those of the parameters that are no search's."""
    with stage("read"):
        query, problems = read_query(arguments, scope, cursors)
    problems = [*faults, *problems]
    if problems:
        raise InvalidQuery((*problems, *_others(service, query, {one.parameter for one in problems})))
    return query


def _others(service: SearchService, query: Query, unread: set[str]) -> tuple[Problem, ...]:
    """Problems of the parameters that could be read, without those that the unread ones explain."""
    if unread & {"lat", "lon"}:
        query = replace(query, lat=None, lon=None)
    try:
        service.plan(query)
    except InvalidQuery as error:
        return tuple(one for one in error.problems if one.code not in _CONSEQUENCES and one.parameter not in unread)
    except EngineUnavailable:  # the phrase can't be understood without an index; what is known is said
        return ()
    return ()
