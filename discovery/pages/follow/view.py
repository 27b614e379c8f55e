"""A search to follow. `/feed.atom`, `/feed.json`: who is new in it, with the parameters of the
page; `/marches.atom`: open lots for those who match, or for one supplier. A browser that opens an
Atom feed, which it could only show as code, gets a page that says the same. `/suivre`: the same by
e-mail, without an account; confirmed and ended by links that mails hold.

Complete without JavaScript. A link shows a button, which acts: programs that open links in mails do
nothing by it.
"""

import time
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from discovery.answers import feed, links
from discovery.answers.feed import ATOM, FEEDS, JSON, Feed
from discovery.answers.search import PAGES_PATH
from discovery.answers.supplier import Names
from discovery.desk.alerts import (
    CONFIRM_PATH,
    FOLLOW_PATH,
    NOTICES_PATH,
    STOP_PATH,
    TOKEN,
    Asked,
    Do,
    Every,
)
from discovery.engine.port import Document, EngineUnavailable
from discovery.http.addresses import by_own_page
from discovery.http.api import alerts, endpoint
from discovery.http.api.endpoint import readable, without
from discovery.http.problems import Details, Refused
from discovery.http.requests import note
from discovery.http.responses import encoded, validated
from discovery.mappings.mailbox import MAX_LENGTH
from discovery.model import replace
from discovery.pages.frame import responding
from discovery.pages.frame.responding import EMAIL, RHYTHM, Site, follow_form
from discovery.pages.frame.urls import VIEW, PageUrls
from discovery.pages.results import chips
from discovery.search.answer import Answer
from discovery.search.query import InvalidQuery
from discovery.texts import Translate, language, t, translator

ATOM_PATH = FEEDS[ATOM]
ENTRIES = 50
"""The newest. Readers come back long before as many more are listed; the page shows them all."""
NOT_OF_A_FEED = frozenset({"sort", "page", "per_page", "cursor", "facets", "key", "view"})
"""Parameters that tell how the page lists what is found: a feed has its own way."""

blueprint = Blueprint("follow", __name__)


@blueprint.get(FEEDS[ATOM])
@blueprint.get(NOTICES_PATH)
def as_atom() -> Response:
    """The feed of a search, or of open lots, as Atom; to a browser, as a page."""
    followed = _feed() if request.path == ATOM_PATH else _lots()
    accepted = request.headers.get("Accept", "").lower()
    # Readers of feeds ask for anything, or name a format of theirs.
    for_people = "text/html" in accepted and not any(
        one in accepted for one in ("atom", "rss", "feed")
    )
    response = _feed_page(followed) if for_people else _answered(feed.atom(followed), ATOM)
    response.vary.add("Accept")
    return response


@blueprint.get(FEEDS[JSON])
def as_json() -> Response:
    return _answered(encoded(feed.as_json(_feed())), JSON)


def _feed() -> Feed:
    """The feed of suppliers that match strictly. InvalidQuery, or EngineUnavailable.

    A page whose words find too little widens them, and that hangs on how much is found: in a feed,
    suppliers who match only widely would be announced as new one day and be gone the next. One that
    has nobody yet is empty, and its first entry is the news that a buyer waits for.
    """
    services, site = responding.services(), responding.site()
    query = readable(services.search, without(request.args, NOT_OF_A_FEED))
    asked = links.pairs(query)
    answer = services.search.search(
        replace(query, sort="listed", per_page=ENTRIES, facets=()), strict=True
    )
    note(total=answer.page.total, zero=answer.page.total == 0)
    shown = zip(services.presenter.answer(answer)["results"], answer.page.hits, strict=True)
    entries = [feed.entry(one, hit.document, site.base, site.query) for one, hit in shown]
    t = translator(site.lang)
    told = followed(answer, services.presenter.names, t)
    return Feed(
        id=feed.tag(site.base, PageUrls(asked, "search").set()),
        title=t("follow.feed_title", search=told) if told else t("follow.feed_title_all"),
        about=" ".join(
            [
                t("follow.feed_about", limit=ENTRIES),
                *([site.scope["sentence"]] if site.scope else []),
            ]
        ),
        author=t("page.title"),
        lang=site.lang,
        home=PageUrls(asked, f"{site.base}/").set(sort="listed"),
        addresses={media: PageUrls(asked, site.base + path).set() for media, path in FEEDS.items()},
        entries=tuple(one for one in entries if one),
    )


def _lots() -> Feed:
    """Of open lots for the suppliers of a search, or for one. InvalidQuery, Refused, or
    EngineUnavailable.
    """
    site = responding.site()
    supplier = alerts.named_supplier(request.args, site.lang)
    lots = alerts.open_lots(request.args, site.lang, supplier)
    t, here = (
        translator(site.lang),
        PageUrls(without(request.args, NOT_OF_A_FEED).items(multi=True)),
    )
    return Feed(
        id=feed.tag(site.base, PageUrls(here.pairs, "lots").set()),
        title=t("follow.lots.title", whose=_whose(site, supplier)),
        about=t("follow.lots.about"),
        author=t("page.title"),
        lang=site.lang,
        home=f"{site.base}{PAGES_PATH}{links.segment(supplier['id'])}"
        if supplier
        else site.base + here.set(),
        addresses={ATOM: PageUrls(here.pairs, site.base + NOTICES_PATH).set()},
        entries=tuple(feed.of_lot(one, site.base, site.lang, t) for one in lots[:ENTRIES]),
    )


def _whose(site: Site, supplier: Document | None) -> str:
    """For whom lots are open: the supplier's name, or the search's words."""
    if supplier:
        return str(supplier["public"]["name"])
    return request.args.get("q", "") or t("follow.everything", site.lang)


def _feed_page(followed: Feed) -> Response:
    site = responding.site()
    here = PageUrls(without(request.args, NOT_OF_A_FEED).items(multi=True), ATOM_PATH)
    context = {
        "feed": followed,
        "address": followed.addresses[ATOM],
        "lots": request.path == NOTICES_PATH,
    }
    response = responding.html(responding.drawn("feed.html", site, here, context))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def followed(answer: Answer, names: Names, t: Translate) -> str:
    """What is followed, in words: the buyer's own, then the filters'; "" when it is everything."""
    q = answer.plan.query.q.strip()
    filters = [one.label for one in chips.active(answer, PageUrls(()), names, t)]
    return ", ".join([*([t("follow.feed_words", text=q)] if q else []), *filters])


def _answered(body: bytes, media: str) -> Response:
    response = validated(body, media)
    response.headers["Content-Language"] = language(request.args.get("lang"))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get(FOLLOW_PATH)
def form() -> Response:
    """The form, for the search of the address."""
    alerts.offered()
    return responding.unkept_page(_page(responding.site(), "form"), responding.site().lang)


@blueprint.post(FOLLOW_PATH)
def ask() -> Response:
    """Ask for an alert by the form; refused to pages of other sites, whose visitors would ask for
    somebody else.
    """
    site = responding.site()
    if not by_own_page(responding.services().settings):
        raise Refused(Details("refused", {"status": "403"}, refused=403))
    address, every = request.form.get(EMAIL, ""), request.form.get(RHYTHM, "")
    try:
        asked = alerts.followed(_arguments(), address, every)
    except (InvalidQuery, EngineUnavailable) as error:
        said, details = responding.at_fault(error, site.lang)
        return responding.refused(_page(site, "form", said, address, every), details, site.lang)
    lots = alerts.lots_followed(request.args, alerts.named_supplier(request.args, site.lang))
    alerts.hand_over(alerts.subscription(asked, address, every, lots))
    return responding.unkept_page(_page(site, "sent"), site.lang)


LINKS = {
    CONFIRM_PATH: ("confirm", "confirmed", Do.CONFIRM),
    STOP_PATH: ("stop", "stopped", Do.STOP),
}
"""Address of a link in a mail → what its page says before and after, and what its button does."""


@blueprint.route(CONFIRM_PATH, methods=["GET", "POST"])
@blueprint.route(STOP_PATH, methods=["GET", "POST"])
def by_link() -> Response:
    """Confirm or end an alert: by the button of a link's page; or, to end it, by a mail program at
    its reader's one click (RFC 8058), which comes from anywhere.
    """
    alerts.offered()
    site, signer, token = responding.site(), alerts.signer(), request.args.get(TOKEN, "")
    before, after, do = LINKS[request.path]
    id_ = signer.confirmed(token, time.time()) if do is Do.CONFIRM else signer.stopped(token)
    if id_ is None:
        return responding.refused(_page(site, "void"), Details("bad_request"), site.lang)
    if request.method != "POST":
        return responding.unkept_page(_page(site, before), site.lang)
    alerts.hand_over(Asked(do, id_, int(time.time())))
    return responding.unkept_page(_page(site, after), site.lang)


def _arguments() -> MultiDict[str, str]:
    return endpoint.without(request.args, {VIEW, "key"})


def _page(
    site: Site,
    state: str,
    problems: list[str] | None = None,
    address: str = "",
    every: str = Every.WEEK,
) -> str:
    """`state`: form, sent, confirm, confirmed, stop, stopped, void."""
    asked, _ = endpoint.read_query(_arguments())
    here = PageUrls((*request.args.items(multi=True),), request.path)
    supplier = alerts.named_supplier(request.args, site.lang)
    lots = alerts.lots_followed(request.args, supplier)
    search = PageUrls((*links.pairs(asked), *lots), NOTICES_PATH if lots else "/")
    context: dict[str, Any] = {
        **follow_form(here.keep(), address[:MAX_LENGTH], every),
        "state": state,
        "problems": problems or [],
        "lots": bool(lots),
        "what": _whose(site, supplier),
        "back": search.keep(),
    }
    return responding.drawn("follow_page.html", site, here, context)
