"""`POST /api/v1/alerts`: follow a search by e-mail. `GET /api/v1/matches`: who matches it, as ids;
`GET /api/v1/notices`: open lots for them.

The address goes into the hand-over (`discovery.desk.alerts`), signed, and nowhere else.
"""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, TypedDict, cast
from urllib.parse import urlencode

import structlog
from flask import Response, request

from discovery.answers import links
from discovery.answers.supplier import label as value_label
from discovery.desk.alerts import (
    NOTICES,
    RHYTHMS,
    SUPPLIER,
    Asked,
    Do,
    Every,
    Signer,
    Spool,
    SpoolFull,
    new_id,
)
from discovery.desk.notices import lots_for
from discovery.engine.port import Document
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
from discovery.http.api.parameters import SHOWN, Parameters, SearchParameters, Word, about
from discovery.http.api.suppliers import listed
from discovery.http.long_work import alone
from discovery.http.problems import Details, Refused
from discovery.http.requests import note
from discovery.http.responses import json_response, unkept_json
from discovery.mappings import SettingsError, mailbox
from discovery.model import replace
from discovery.search.listing import scan_hits
from discovery.search.query import MAX_DEPTH, InvalidQuery, Problem, Query
from discovery.texts import language, t

JSON = "application/json"
NOT_FOLLOWED = ("sort", "page", "per_page", "cursor", "facets")
"""Parameters that tell how a list is shown: who follows a search hears of who is new."""
MAX_SUPPLIERS = 1_000
"""The newest of a search for which open lots are looked for, and the lots that are told."""
MAX_SEARCH = 2_000
"""Characters of a search that is followed, as a query string."""
RETRY_SECONDS = 60


class FollowedParameters(SearchParameters):
    class Meta(SearchParameters.Meta):
        exclude = NOT_FOLLOWED


class NoticesParameters(FollowedParameters):
    supplier = Word(
        metadata=about("An id or slug: lots for that supplier alone, whatever else is asked.")
    )


class AlertParameters(NoticesParameters):
    notices = Word(
        metadata=about(
            "Given: open lots for those suppliers are followed, rather than new suppliers."
        )
    )


class AskedAlert(TypedDict):
    email: Annotated[
        str,
        "The mailbox, alone.",
        {"example": "first.last@council.example", "maxLength": mailbox.MAX_LENGTH},
    ]
    every: Annotated[str, "How often new suppliers are told.", {"enum": [*RHYTHMS]}]


class AlertAnswer(TypedDict):
    said: Annotated[str, "What to tell whoever asked."]


class MatchesAnswer(TypedDict):
    total: Annotated[int, "How many match."]
    ids: Annotated[list[str], "Of the newest 10,000."]


class OpenNotice(TypedDict):
    id: str
    title: Annotated[str, "Of the lot."]
    object: Annotated[str, "Of its notice."]
    buyer: str
    cpv: Annotated[str, "Eight digits; empty where the notice tells none."]
    sector: Annotated[str, "The trade that its words and its code mean."]
    sector_label: str
    places: Annotated[
        list[str], "Where it is done: a post code, or the departments that the notice names."
    ]
    deadline: Annotated[str, "As the notice says it: day, or instant."]
    published: str
    url: Annotated[str, "Of the notice."]
    suppliers: Annotated[list[str], "Ids of those it is for, of the suppliers asked about."]


class NoticesAnswer(TypedDict):
    total: Annotated[int, "How many lots."]
    results: Annotated[list[OpenNotice], "The newest 1,000."]


@endpoint(
    v1,
    "/alerts",
    AlertAnswer,
    "A mail is on its way to that address; nothing is followed before the link in it is.",
    parameters=[Parameters(AlertParameters)],
    problems=(400, 404, 413, 414, 415, 422, 503),
    body={JSON: AskedAlert},
)
def follow_search() -> Response:
    """Follow a search by e-mail

    The search is that of the parameters. New suppliers that match it are told every day or week,
    until the link in each mail is used. The answer is the same whether the address is known or not.
    404 where no alerts are offered.
    """
    lang = language(request.args.get("lang"))
    body = sent_json(JSON)
    if not isinstance(body, dict):
        raise InvalidQuery((Problem("body", "", "alert_body"),))
    asked = followed(request.args, str(body.get("email", "")), str(body.get("every", "")))
    lots = lots_followed(request.args, named_supplier(request.args, lang))
    hand_over(subscription(asked, str(body["email"]), str(body["every"]), lots))
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

    Only who matches the words as they are read, as in feeds; the newest 10,000. For who compares
    two moments.
    """
    asked = readable(services().search, without(request.args, NOT_FOLLOWED), scope())
    with one_state() as index, alone():
        made = services().search.settled(replace(asked, sort="listed", facets=()), strict=True)
        total, hits = scan_hits(index, made.request, MAX_DEPTH)
        ids = [hit.id for hit in hits]
    note(total=total, zero=not total)
    return json_response(MatchesAnswer(total=total, ids=ids))


@endpoint(
    v1,
    "/notices",
    NoticesAnswer,
    "The lots, newest notices first.",
    parameters=[Parameters(NoticesParameters, {})],
    problems=(400, 404, 410, 414, 422, 503),
    whole=False,
)
def notices() -> Response:
    """Open notices for suppliers

    Lots of public buyers' open notices whose trade is surely one of the suppliers', at a place that
    they are seated in or serve: of one `supplier`, or of the newest 1,000 that match a search
    exactly, such as a federation's. Empty where the deployer pulls no notices. A lot may be too
    large for one, or misread: the notice decides.
    """
    lang = language(request.args.get("lang"))
    with alone():
        lots = open_lots(request.args, lang, named_supplier(request.args, lang))
    return json_response(NoticesAnswer(total=len(lots), results=lots[:MAX_SUPPLIERS]))


def named_supplier(arguments: Arguments, lang: str) -> Document | None:
    """The supplier that the arguments name, None where they name none. Raises Refused,
    EngineUnavailable.
    """
    id_ = arguments.get(SUPPLIER, "")
    return listed(services(), id_, lang) if id_ else None


def open_lots(arguments: Arguments, lang: str, supplier: Document | None) -> list[OpenNotice]:
    """The open lots for `supplier`, or for those of the search that the arguments are. Raises
    InvalidQuery, Refused, EngineUnavailable.
    """
    with one_state() as index:
        known = services()
        if supplier:
            found = lots_of([supplier], lang)
        else:
            asked = readable(known.search, without(arguments, NOT_FOLLOWED), scope())
            made = known.search.settled(replace(asked, sort="listed", facets=()), strict=True)
            found = lots_of(
                (hit.document for hit in scan_hits(index, made.request, MAX_SUPPLIERS)[1]), lang
            )
    note(total=len(found), zero=not found)
    return found


def lots_of(suppliers: Iterable[Document], lang: str) -> list[OpenNotice]:
    known = services()
    mappings, label = known.search.mappings, known.gazetteer.label
    lots = lots_for(known.settings.home, suppliers, mappings, known.gazetteer, known.search.today())
    for lot in lots:
        lot["places"] = [label(code, lang) for code in lot["places"]]
        lot["sector_label"] = value_label(lot["sector"], mappings.vocabulary.sectors, lang)
    return cast(list[OpenNotice], lots)


def lots_followed(arguments: Arguments, supplier: Document | None) -> list[tuple[str, str]]:
    """What a followed search has besides when open lots are followed: of `supplier`, or of all that
    match.
    """
    if not arguments.get(NOTICES):
        return []
    return [(NOTICES, "true"), *([(SUPPLIER, str(supplier["id"]))] if supplier else [])]


def followed(arguments: Arguments, address: str, every: str) -> Query:
    """The search of these arguments. InvalidQuery tells all that is wrong, with it, the address and
    the rhythm; Refused where no alerts are offered.
    """
    offered()
    faults = []
    if mailbox.parsed(address) is None:
        faults.append(
            Problem("email", "", "not_an_address")
        )  # not given back: what is at fault may be somebody's
    if every not in RHYTHMS:
        faults.append(
            Problem("every", every[:SHOWN], "not_a_rhythm", {"value": every[:SHOWN]}, RHYTHMS)
        )
    asked = links.for_people(
        readable(services().search, without(arguments, NOT_FOLLOWED), scope(), faults)
    )
    if len(urlencode(links.pairs(asked))) > MAX_SEARCH:
        raise InvalidQuery((Problem("q", "", "search_too_long"),))
    services().search.plan(asked)  # tells of values that nobody has
    return asked


def subscription(
    asked: Query, address: str, every: str, besides: Sequence[tuple[str, str]] = ()
) -> Asked:
    """The request that is handed over for a new subscription. `besides`: parameters of the search,
    for lots.
    """
    return Asked(
        Do.SUBSCRIBE,
        new_id(),
        int(time.time()),
        address=mailbox.parsed(address) or "",
        lang=asked.lang,
        every=Every(every),
        search=urlencode([*links.pairs(asked), *besides]),
    )


def hand_over(asked: Asked) -> None:
    """Leave a request for the indexer's alerts program; the log says what was asked, and nothing of
    whom. Raises Refused when it can't be kept.
    """
    folder = offered()
    try:
        Spool(folder).put(signer().request(asked), asked.at)
    except (OSError, SpoolFull, SettingsError) as error:
        structlog.get_logger().warning("an alert can't be handed over", reason=str(error))
        raise Refused(
            Details("alerts_away", headers=(("Retry-After", str(RETRY_SECONDS)),))
        ) from None
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
