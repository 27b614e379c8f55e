"""`/feed.atom`, `/feed.json`: a search to follow, as a feed of who is new in it; same parameters as the page.

A browser that opens the first, which it could only show as code, is answered by a page that says the same.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request

from discovery.answers import feed, links
from discovery.answers.feed import ATOM, FEEDS, JSON, Feed
from discovery.answers.supplier import Names
from discovery.api import query as parameters
from discovery.http.requests import note
from discovery.http.responses import encoded, validated
from discovery.locales import Translate, language, translator
from discovery.search.answer import Answer
from discovery.web.frame import responding
from discovery.web.frame.form import empty_form
from discovery.web.frame.render import render
from discovery.web.frame.urls import PageUrls
from discovery.web.results import chips

ATOM_PATH = FEEDS[ATOM]
ENTRIES = 50
"""The newest. Readers come back long before as many more are listed; the page shows them all."""
NOT_OF_A_FEED = frozenset({"sort", "page", "per_page", "cursor", "facets", "key", "view"})
"""Parameters that tell how the page lists what is found: a feed has its own way."""

blueprint = Blueprint("feeds", __name__)


@blueprint.get(FEEDS[ATOM])
def as_atom() -> Response:
    followed = _feed()
    for_people = of_a_browser(request.headers.get("Accept", ""))
    response = _page(followed) if for_people else _answered(feed.atom(followed), ATOM)
    response.vary.add("Accept")
    return response


@blueprint.get(FEEDS[JSON])
def as_json() -> Response:
    return _answered(encoded(feed.as_json(_feed())), JSON)


def _feed() -> Feed:
    """Of suppliers that match strictly. InvalidQuery, or EngineUnavailable.

    A page whose words find too little widens them, and that hangs on how much is found: in a feed, suppliers who match
    only widely would be announced as new one day and be gone the next. One that has nobody yet is empty, and its first
    entry is the news that a buyer waits for.
    """
    services, site = responding.services(), responding.site()
    query = parameters.readable(services.search, parameters.without(request.args, NOT_OF_A_FEED))
    asked = links.pairs(query)
    answer = services.search.search(replace(query, sort="listed", per_page=ENTRIES, facets=()), strict=True)
    note(total=answer.page.total, zero=answer.page.total == 0)
    shown = zip(services.presenter.answer(answer)["results"], answer.page.hits, strict=True)
    entries = [feed.entry(one, hit.document, site.base, site.query) for one, hit in shown]
    t = translator(site.lang)
    return Feed(
        id=feed.tag(site.base, PageUrls(asked, "search").set()),
        title=title(answer, services.presenter.names, t),
        about=" ".join([t("follow.feed_about", limit=ENTRIES), *([site.scope["sentence"]] if site.scope else [])]),
        author=t("page.title"),
        lang=site.lang,
        home=PageUrls(asked, f"{site.base}/").set(sort="listed"),
        addresses={media: PageUrls(asked, site.base + path).set() for media, path in FEEDS.items()},
        entries=tuple(one for one in entries if one),
    )


def of_a_browser(accept: str) -> bool:
    """Whether a page is asked for: readers of feeds ask for anything, or name a format of theirs."""
    asked = accept.lower()
    return "text/html" in asked and not any(one in asked for one in ("atom", "rss", "feed"))


def _page(followed: Feed) -> Response:
    site = responding.site()
    here = PageUrls(parameters.without(request.args, NOT_OF_A_FEED).items(multi=True), ATOM_PATH)
    context = {
        **empty_form(responding.home(site), responding.services().presenter.names),
        "feed": followed,
        "address": followed.addresses[ATOM],
    }
    response = responding.html(render("feed.html", site, responding.other_language(here, site), context))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def title(answer: Answer, names: Names, t: Translate) -> str:
    """The title of a search's feed."""
    told = followed(answer, names, t)
    return t("follow.feed_title", search=told) if told else t("follow.feed_title_all")


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
