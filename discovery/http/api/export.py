"""`GET /api/v1/export.csv`, `.xlsx`: all that a search finds, as a file for spreadsheets."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import IO
from urllib.parse import urlsplit

from flask import Response, request

from discovery.answers.files import (
    COLUMNS,
    Row,
    Sheet,
    headers,
    lines,
    pieces,
    row,
    spooled,
    workbook,
)
from discovery.answers.supplier import Names
from discovery.engine.port import Searcher
from discovery.http.addresses import origin
from discovery.http.api.endpoint import (
    FILE,
    Arguments,
    endpoint,
    load,
    one_state,
    readable,
    scope,
    services,
    v1,
    without,
)
from discovery.http.api.parameters import SHOWN, Parameters, SearchParameters, Values, about
from discovery.http.keys import current_key
from discovery.http.long_work import alone
from discovery.http.requests import note
from discovery.http.responses import attachment, shared
from discovery.model import dataclass, replace
from discovery.search.listing import around, chosen, scan_hits
from discovery.search.query import MAX_DEPTH, Problem, Query
from discovery.search.service import large_enough_first
from discovery.texts import t

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ABOUT = (
    "Up to 10,000 suppliers in the order of the search, or those of `id`. Headers tell more: `X-Total-Count` the "
    "total, `X-Results-Capped` how many a file holds at most; beyond, the last row says so too; `X-Scope` what "
    "the service has opened, as parameters, when that is not everything."
)
NOT_OF_A_FILE = ("page", "per_page", "facets", "cursor")
"""Parameters of a search that only cut its answer into pages."""


WITH_IDS = ("id", "near", "lang", "key")
"""All that may be asked beside ids."""


class ExportParameters(SearchParameters):
    class Meta(SearchParameters.Meta):
        exclude = NOT_OF_A_FILE

    id = Values(
        commas=False,
        metadata=about(
            "A supplier's id or slug: the file then holds exactly these, in this order, whatever a key presets; those "
            "no longer listed come last and are said to be so. Repeatable; of the other parameters only `near` (for "
            "distances), `lang` and `key` go with it."
        ),
    )


PROBLEMS = (400, 414, 422, 503)
PARAMETERS = [Parameters(ExportParameters, {})]
SEARCHED = ExportParameters().fields.keys() - set(WITH_IDS)
"""Parameters that find suppliers, which nothing can be when they are named."""


@dataclass(frozen=True, slots=True)
class Export:
    """Hits to be written as a file.

    `rows`: read while they are written. `name`: of the file, before the day. `columns`: of the
    request's key.
    """

    lang: str
    total: int
    rows: Iterator[Row]
    name: str
    columns: tuple[str, ...]

    @property
    def headers(self) -> list[str]:
        return headers(self.lang, self.columns)


@endpoint(
    v1,
    "/export.csv",
    FILE,
    ABOUT,
    parameters=PARAMETERS,
    problems=PROBLEMS,
    media="text/csv",
    whole=False,
)
def export_csv() -> Response:
    """Export as CSV

    UTF-8. In French, fields are parted by semicolons and decimals written with a comma, as Excel
    expects there; with `lang=en` by commas, and with a point. Texts that a spreadsheet could take
    for a formula begin with an apostrophe.
    """
    return file(
        lambda found: spooled(lines(found.headers, found.rows, found.lang)),
        "text/csv; charset=utf-8",
        "csv",
    )


@endpoint(
    v1,
    "/export.xlsx",
    FILE,
    ABOUT,
    parameters=PARAMETERS,
    problems=PROBLEMS,
    media=XLSX,
    whole=False,
)
def export_xlsx() -> Response:
    """Export as a workbook

    One sheet; every text is a text, never a formula.
    """
    return file(
        lambda found: workbook(Sheet(t("export.sheet", found.lang), found.headers, found.rows)),
        XLSX,
        "xlsx",
    )


def file(write: Callable[[Export], IO[bytes]], media: str, ending: str) -> Response:
    """What is asked for, of one state of the index, written before any of it is sent: a client that
    takes its time holds no transaction. Raises InvalidQuery, or EngineUnavailable.
    """
    with one_state() as index, alone():
        arguments = without(request.args, NOT_OF_A_FILE)
        ids, faults = _ids(arguments)
        asked = readable(services().search, arguments, scope(), faults)
        found = of_chosen(ids, asked) if ids else of_search(index, asked)
        body = iter(()) if request.method == "HEAD" else pieces(write(found))
        name = f"{found.name}-{datetime.now(UTC).date().isoformat()}.{ending}"
        response = attachment(Response(body, content_type=media), name)
        response.headers["X-Total-Count"] = str(found.total)
        response.headers["X-Results-Capped"] = str(MAX_DEPTH)
        if (launch := services().search.scope).named:
            response.headers["X-Scope"] = str(launch)
        response.headers["Content-Language"] = found.lang
        return shared(response)


def _ids(arguments: Arguments) -> tuple[tuple[str, ...], list[Problem]]:
    """The suppliers chosen one by one, taken out of the arguments, and what can't be asked of them."""
    values, faults = load(ExportParameters, arguments, only=("id",))
    arguments.poplist("id")
    ids = tuple(values.get("id") or ())
    beside = dict.fromkeys(
        name for name, value in arguments.items(multi=True) if value and name in SEARCHED
    )
    return ids, [
        *faults,
        *(Problem(name, arguments[name][:SHOWN], "not_with_ids") for name in beside if ids),
    ]


def of_chosen(ids: tuple[str, ...], asked: Query) -> Export:
    """Exactly these suppliers, in their order; those no longer listed are the last rows."""
    lang, names, columns = asked.lang, _names(), _columns()
    near = around(services().search, asked.near, lang) if asked.near else None
    found = chosen(services().search, ids, near)
    note(total=len(found.hits), zero=not found.hits)

    def rows() -> Iterator[Row]:
        for hit in found.hits:
            yield row(hit, names, lang, columns)
        for one in found.missing:
            yield [one.id, t("export.not_listed", lang)]

    return Export(lang, len(found.hits), rows(), t("export.chosen", lang), columns)


def of_search(index: Searcher, asked: Query) -> Export:
    """The rows of a search, best first, at most as many as can be paged through; a last row says so
    when there are more.
    """
    made = services().search.settled(asked)
    total, hits = scan_hits(index, made.request, made.reach)
    note(total=total, zero=not total)
    names, lang, columns = _names(), asked.lang, _columns()

    def rows() -> Iterator[Row]:
        for hit in large_enough_first(hits, made.posts):
            yield row(hit, names, lang, columns)
        if total > made.reach:
            yield [t("export.truncated", lang, limit=made.reach, total=total)]

    return Export(lang, total, rows(), t("export.file", lang), columns)


def _columns() -> tuple[str, ...]:
    """Those of the request's key; all without any."""
    key = current_key()
    return key.columns if key and key.columns else tuple(COLUMNS)


def _names() -> Names:
    """With whole addresses: a file is read where none of ours is known."""
    names = services().presenter.names
    return (
        names
        if urlsplit(names.page).netloc
        else replace(names, page=origin(services().settings) + names.page)
    )
