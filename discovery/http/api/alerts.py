"""`POST /api/v1/alerts`: follow a search by e-mail. `GET /api/v1/matches`: who matches it, as ids.

The address goes into the hand-over (`discovery.desk.alerts`), signed, and nowhere else.
"""

import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TypedDict
from urllib.parse import urlencode

import structlog
from flask import Response, request
from marshmallow import EXCLUDE

from discovery.answers import links
from discovery.desk.alerts import RHYTHMS, Asked, Do, Every, Signer, Spool, SpoolFull, new_id
from discovery.http.api.endpoint import (
    Arguments,
    endpoint,
    one_state,
    readable,
    scope,
    sent_json,
    services,
    v1,
    without,
)
from discovery.http.api.parameters import SHOWN, Parameters, SearchParameters
from discovery.http.long_work import alone
from discovery.http.problems import Details, Refused
from discovery.http.requests import note
from discovery.http.responses import json_response, unkept_json
from discovery.mappings import SettingsError, mailbox
from discovery.search.listing import scan_hits
from discovery.search.query import MAX_DEPTH, InvalidQuery, Problem, Query
from discovery.texts import language, t

JSON = "application/json"
NOT_FOLLOWED = ("sort", "page", "per_page", "cursor", "facets")
"""Parameters that tell how a list is shown: who follows a search hears of who is new."""
MAX_SEARCH = 2_000
"""Characters of a search that is followed, as a query string."""
RETRY_SECONDS = 60


class FollowedParameters(SearchParameters):
    class Meta:
        unknown = EXCLUDE
        exclude = NOT_FOLLOWED


class AskedAlert(TypedDict):
    email: Annotated[
        str, "The mailbox, alone.", {"example": "first.last@council.example", "maxLength": mailbox.MAX_LENGTH}
    ]
    every: Annotated[str, "How often new suppliers are told.", {"enum": [*RHYTHMS]}]


class AlertAnswer(TypedDict):
    said: Annotated[str, "What to tell whoever asked."]


class MatchesAnswer(TypedDict):
    total: Annotated[int, "How many match."]
    ids: Annotated[list[str], "Of the newest 10,000."]


@endpoint(
    v1,
    "/alerts",
    AlertAnswer,
    "A mail is on its way to that address; nothing is followed before the link in it is.",
    parameters=[Parameters(FollowedParameters)],
    problems=(400, 404, 413, 414, 415, 422, 503),
    body={JSON: AskedAlert},
)
def follow_search() -> Response:
    """Follow a search by e-mail

    The search is that of the parameters. New suppliers that match it are told every day or week, until the link in
    each mail is used. The answer is the same whether the address is known or not. 404 where no alerts are offered.
    """
    lang = language(request.args.get("lang"))
    body = sent_json(JSON)
    if not isinstance(body, dict):
        raise InvalidQuery((Problem("body", "", "alert_body"),))
    asked = followed(request.args, str(body.get("email", "")), str(body.get("every", "")))
    hand_over(subscription(asked, str(body["email"]), str(body["every"])))
    return unkept_json(AlertAnswer(said=t("alert.sent", lang)), lang)


@endpoint(
    v1,
    "/matches",
    MatchesAnswer,
    "The ids, newest first.",
    parameters=[Parameters(FollowedParameters, {})],
    problems=(400, 414, 422, 503),
    whole=False,
)
def matches() -> Response:
    """Everybody who matches, as ids

    Only who matches the words as they are read, as in feeds; the newest 10,000. For who compares two moments.
    """
    asked = readable(services().search, without(request.args, NOT_FOLLOWED), scope())
    with one_state() as index, alone():
        made = services().search.settled(replace(asked, sort="listed", facets=()), strict=True)
        total, hits = scan_hits(index, made.request, MAX_DEPTH)
        ids = [hit.id for hit in hits]
    note(total=total, zero=not total)
    return json_response(MatchesAnswer(total=total, ids=ids))


def followed(arguments: Arguments, address: str, every: str) -> Query:
    """The search of these arguments. InvalidQuery tells all that is wrong, with it, the address and the rhythm; Refused
    where no alerts are offered."""
    offered()
    faults = []
    if mailbox.parsed(address) is None:
        faults.append(Problem("email", "", "not_an_address"))  # not given back: what is at fault may be somebody's
    if every not in RHYTHMS:
        faults.append(Problem("every", every[:SHOWN], "not_a_rhythm", {"value": every[:SHOWN]}, RHYTHMS))
    asked = links.for_people(readable(services().search, without(arguments, NOT_FOLLOWED), scope(), faults))
    if len(urlencode(links.pairs(asked))) > MAX_SEARCH:
        raise InvalidQuery((Problem("q", "", "search_too_long"),))
    services().search.plan(asked)  # tells of values that nobody has
    return asked


def subscription(asked: Query, address: str, every: str) -> Asked:
    """The request that is handed over for a new subscription."""
    return Asked(
        Do.SUBSCRIBE,
        new_id(),
        int(time.time()),
        address=mailbox.parsed(address) or "",
        lang=asked.lang,
        every=Every(every),
        search=urlencode(links.pairs(asked)),
    )


def hand_over(asked: Asked) -> None:
    """Leave a request for the indexer's alerts program; the log says what was asked, and nothing of whom. Raises
    Refused when it can't be kept."""
    folder = offered()
    try:
        Spool(folder).put(signer().request(asked), asked.at)
    except (OSError, SpoolFull, SettingsError) as error:
        structlog.get_logger().warning("an alert can't be handed over", reason=str(error))
        raise Refused(Details("alerts_away", headers=(("Retry-After", str(RETRY_SECONDS)),))) from None
    note(alert=asked.do.value)


def signer() -> Signer:
    """What signs requests with the secret that both programs share."""
    return Signer(services().settings.secret)


def offered() -> Path:
    """The folder of requests. Refused where no alerts are."""
    folder = services().settings.alerts
    if folder is None:
        raise Refused(Details("alerts_closed"))
    return folder
