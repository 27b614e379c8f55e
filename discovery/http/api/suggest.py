"""`GET /api/v1/suggest`: what the phrase being typed may mean, by type."""

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated, TypedDict
from urllib.parse import quote

from flask import Response, request

from discovery.answers.search import OPENED, Scope
from discovery.http.api.endpoint import endpoint, load, scope, services, v1
from discovery.http.api.parameters import (
    SUGGEST_EXAMPLES,
    LangParameter,
    Parameters,
    Phrase,
    Values,
    Whole,
    about,
)
from discovery.http.requests import note
from discovery.http.responses import json_response
from discovery.phrase.spelling.names import close_values
from discovery.search.query import MAX_Q, InvalidQuery, Problem
from discovery.search.suggest import LIMIT
from discovery.search.suggest_phrase import TYPES, Suggestion
from discovery.texts import language, t
from discovery.trace import stage

MAX_SUGGESTIONS = 20


class SuggestParameters(LangParameter):
    q = Phrase(
        metadata=about(
            "The phrase so far, up to the caret: its last piece is completed. Empty: no suggestion.",
            maxLength=MAX_Q,
        )
    )
    types = Values(metadata=about(f"Only these, separated by commas: {', '.join(TYPES)}."))
    limit = Whole(
        load_default=LIMIT,
        metadata=about("Suggestions at most, in all.", minimum=1, maximum=MAX_SUGGESTIONS),
    )


class Completion(TypedDict):
    type: Annotated[str, {"enum": list(TYPES)}]
    value: Annotated[
        str, "A place code, a slug or a code, as `parameter` takes it; of a supplier its id."
    ]
    label: Annotated[str, "What to show."]
    detail: Annotated[
        str,
        "What tells it from others: what holds the place, the sector's group, a supplier's kind and town.",
    ]
    matched: Annotated[
        str | None, "The other name that was met, when `label` is not what was typed."
    ]
    parameter: Annotated[
        str | None,
        "The parameter of `/search` and the others that `value` is for; null for a supplier.",
    ]
    text: Annotated[str, "The phrase completed: put it in the search box."]
    start: Annotated[int, "Where the piece that is replaced starts in `q`, in Unicode characters."]
    end: Annotated[int, "Where it ends: that of `q`."]
    url: Annotated[str | None, "Of a supplier: its page, for people."]


class Group(TypedDict):
    type: Annotated[str, {"enum": list(TYPES)}]
    label: Annotated[str, "What to write above them."]
    suggestions: Annotated[list[Completion], "Likeliest first."]


class SuggestAnswer(TypedDict):
    q: Annotated[str, "The phrase as given."]
    scope: Annotated[Scope | None, OPENED]
    groups: Annotated[
        list[Group],
        "By type; that of the likeliest suggestion first. A type without suggestion is absent.",
    ]


def answer(
    q: str, found: Sequence[Suggestion], page: str, lang: str, scope: Scope | None = None
) -> SuggestAnswer:
    """Suggestions as JSON. `found`: those of one type side by side. `page`: address of suppliers'
    pages, to which the slug is added. `scope`: what is open, presented.
    """
    return {
        "q": q,
        "scope": scope,
        "groups": [
            {
                "type": type_,
                "label": t(f"label.suggestion.{type_}", lang),
                "suggestions": [completion(q, one, page) for one in group],
            }
            for type_, group in groupby(found, key=lambda one: one.type)
        ],
    }


def completion(q: str, one: Suggestion, page: str) -> Completion:
    """A suggestion as JSON. `text`: what the box holds once it is taken; `start` and `end`: the
    characters replaced.
    """
    return {
        "type": one.type,
        "value": one.value,
        "label": one.label,
        "detail": one.detail,
        "matched": one.matched,
        "parameter": one.parameter,
        "text": q[: one.start] + one.name,
        "start": one.start,
        "end": len(q),
        "url": None if one.slug is None else page + quote(one.slug, safe=""),
    }


@endpoint(
    v1,
    "/suggest",
    SuggestAnswer,
    "What may be meant, likeliest first, by type.",
    parameters=[Parameters(SuggestParameters, SUGGEST_EXAMPLES)],
    problems=(400, 414, 422, 503),
    whole=False,
)
def suggest() -> Response:
    """Suggest as one types

    Completes the last piece of the phrase: a place (“Saint-Denis” is told from its namesakes by the
    department), a sector by any of its names, a kind of supplier, or a supplier by name or SIRET.
    Typos are read through.
    """
    values, faults = load(SuggestParameters, request.args)
    lang = language(request.args.get("lang"))
    faults += problems(values)
    if faults:
        raise InvalidQuery(tuple(faults))
    q = values.get("q", "")
    types = values.get("types") or TYPES
    with stage("complete"):
        found = services().suggest.suggest(
            q, types=types, limit=values["limit"], lang=lang, scope=scope()
        )
    note(total=len(found), zero=not found)
    return json_response(
        answer(q, found, services().presenter.names.page, lang, services().presenter.scope(lang))
    )


def problems(values: dict[str, object]) -> list[Problem]:
    """Faults of parameters that can be read but not be meant."""
    found: list[Problem] = []
    q, limit, types = str(values.get("q", "")), values.get("limit"), values.get("types") or ()
    if len(q) > MAX_Q:
        found.append(Problem("q", q[:40] + "…", "q_too_long", {"length": len(q), "limit": MAX_Q}))
    if isinstance(limit, int) and not 1 <= limit <= MAX_SUGGESTIONS:
        found.append(
            Problem("limit", str(limit), "limit_range", {"minimum": 1, "maximum": MAX_SUGGESTIONS})
        )
    assert isinstance(types, tuple)
    known: dict[str, tuple[str, ...]] = {one: (one,) for one in TYPES}
    unknown = (one for one in types if one not in known)
    found += [
        Problem("types", one, "unknown_value", {"value": one}, close_values(one, known))
        for one in unknown
    ]
    return found
