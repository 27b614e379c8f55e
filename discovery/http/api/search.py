"""`GET /api/v1/search`: ranked suppliers, how the phrase was read, facets."""

from flask import Flask, Response, current_app, g, request

from discovery.answers.figures import SearchCounts, of_key, rows
from discovery.answers.search import SearchAnswer
from discovery.http.api.endpoint import answer_to, endpoint, scope, services, v1
from discovery.http.api.parameters import Parameters, SearchParameters
from discovery.http.keys import current_key
from discovery.http.requests import note
from discovery.http.responses import json_response
from discovery.mappings import Settings
from discovery.model.masking import masked
from discovery.search.answer import Answer
from discovery.trace import stage

COUNTS = "discovery.searches"
"""Of the application's extensions: the counts of searches; None, or absent, where none are kept."""


@endpoint(
    v1,
    "/search",
    SearchAnswer,
    "The suppliers found, best first.",
    parameters=[Parameters(SearchParameters, {})],
    problems=(400, 414, 422, 503),
)
def search() -> Response:
    """Search suppliers

    The phrase `q` is understood first (places, distances, kinds, certifications…); the words that
    remain are searched. Explicit parameters replace the phrase's pieces of the same type. Filters
    combine with AND, the values of one with OR. An unknown value is an error; an unknown parameter
    a warning.
    """
    answer = answer_to(services().search, request.args, scope(), services().cursors)
    record_search(answer)
    with stage("present"):
        body = dict(services().presenter.answer(answer))
    return json_response(body, volatile={"took_ms": body.pop("took_ms")})


def record_search(answer: Answer) -> None:
    """The search as the log tells it; and counted, where its words are kept."""
    note(**logged(answer, words=services().settings.query_log))
    counts = search_counts()
    if counts is not None:
        found, key = rows(answer), current_key()
        asked = of_key(found, services().gazetteer) if key else []
        note(
            **(
                {"department": asked[0][0], "trades": [trade for _, trade, _ in asked[1:]]}
                if asked
                else {}
            )
        )
        counts.add(found, str(g.get("visitor", "")), key.hash if key else "", asked)


def install(app: Flask, settings: Settings) -> None:
    """Searches are counted where their words are kept, whichever pages there are."""
    app.extensions[COUNTS] = (
        SearchCounts(settings.home, settings.log_days) if settings.query_log else None
    )


def search_counts() -> SearchCounts | None:
    """The counts of searches; None where they are not kept."""
    return current_app.extensions.get(COUNTS)


def logged(answer: Answer, *, words: bool) -> dict[str, object]:
    """What the log keeps of a search: types of pieces and counts; `words`, masked, only where a
    deployer says so.
    """
    return {
        **({"q": masked(answer.plan.query.q)} if words and answer.plan.query.q else {}),
        "pieces": sorted({piece.type for piece in answer.plan.reading.pieces}),
        "total": answer.page.total,
        "zero": answer.page.total == 0,
        "relaxed": answer.plan.relaxed is not None,
        "engine_ms": round(answer.took_ms, 2),
    }
