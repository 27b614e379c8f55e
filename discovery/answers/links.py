"""A `Query` → the parameters that ask it again, in one canonical order. Pure."""

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any, TypedDict
from urllib.parse import quote, quote_plus

from discovery.engine.port import Box
from discovery.model import replace
from discovery.model.attributes import FILTERS
from discovery.search.query import MAX_DEPTH, ORDER, Query

_NOT_IN_ADDRESSES = frozenset({"unknown", "as_of", "scope", "cursor"})
_NAMES = tuple(name for name in ORDER if name not in _NOT_IN_ADDRESSES)
_values = attrgetter(*_NAMES)
_DEFAULTS = _values(Query())
ONE_BY_ONE = frozenset({"place", "not_place", "literal"})
"""Repeated rather than joined by commas, which their values may hold."""


class Pages(TypedDict):
    """Addresses of a page and its neighbours; None at an end."""

    self: str
    next: str | None
    prev: str | None


def pairs(query: Query, page: int | None = None) -> list[tuple[str, str]]:
    """(name, value) of what differs from the defaults; reading them back gives an equal query.
    `page`: in place of the query's own.
    """
    found: list[tuple[str, str]] = []
    for name, value, default in zip(_NAMES, _values(query), _DEFAULTS, strict=True):
        if name == "page" and page is not None:
            value = page
        if value == default:
            continue
        if name == "facets":
            found.append(("facets", ",".join(value) or "none"))
        elif name in ONE_BY_ONE:
            found += [(name, one) for one in value]
        else:
            found.append((name, written(value)))
    return found


def written(value: Any) -> str:
    """A parameter's value as an address holds it."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value).removesuffix(".0")
        case Box():
            return ",".join(
                written(edge) for edge in (value.west, value.south, value.east, value.north)
            )
        case tuple():
            return ",".join(value)
        case _:
            return str(value)


class _Characters(dict[int, str]):
    """Of each character what an address has for it; commas and colons stay readable. Half a
    character is "?".
    """

    def __missing__(self, code: int) -> str:
        return quote_plus(chr(code), ",:", errors="replace")


ENCODED = _Characters({code: quote_plus(chr(code), ",:") for code in range(256)})
"""A text through `translate` by it is one that a query string holds."""


def encoded(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(
        [f"{name.translate(ENCODED)}={value.translate(ENCODED)}" for name, value in pairs]
    )


def address(path: str, query: Query, page: int | None = None, cursor: str | None = None) -> str:
    """A path with the query's parameters. `page`: in place of the query's own; `cursor`: goes on
    with a walk.
    """
    parameters = pairs(query, page) + ([] if cursor is None else [("cursor", cursor)])
    return f"{path}?{encoded(parameters)}" if parameters else path


def for_people(query: Query) -> Query:
    """The query as the search page takes it: presets of a key are parameters there, where none was
    chosen.
    """
    if not (query.scope or query.key or query.facets is not None):
        return query
    free = [name for name in FILTERS if not query.values(name)]
    presets = {
        name: values for one in query.scope for name in free if (values := getattr(one, name))
    }
    return replace(query, key="", cursor=None, scope=(), facets=None, **presets)


def pages(path: str, query: Query, total: int) -> Pages:
    """Addresses of the page itself and its neighbours (`self`, `next`, `prev`); None at an end (the
    last page, or the deepest one allowed).
    """
    last = min(total, MAX_DEPTH // query.per_page * query.per_page)
    after = query.page * query.per_page < last
    return {
        "self": address(path, query),
        "next": address(path, query, query.page + 1) if after else None,
        "prev": address(path, query, query.page - 1) if query.page > 1 else None,
    }


def change(changes: Mapping[str, Any]) -> dict[str, object]:
    """A suggestion's change as JSON: parameter → its new value, a list of values, or None to take
    it away.
    """
    found: dict[str, object] = {}
    for name, value in changes.items():
        if value is None or value in ("", ()):
            found[name] = None
        elif isinstance(value, tuple):
            found[name] = list(value)
        elif isinstance(value, float):
            found[name] = int(value) if value.is_integer() else value
        else:
            found[name] = value
    return found


def segment(text: str) -> str:
    return quote(text, safe="", errors="replace")
