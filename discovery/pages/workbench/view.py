"""`/relevance`: the analysts' workbench, opened by a token. Two profiles side by side; nothing is ever written."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from html import escape
from typing import Any

from flask import Blueprint, Response, request

from discovery.answers.search import message
from discovery.engine.port import EngineUnavailable
from discovery.http.problems import Details, Refused
from discovery.mappings import DEFAULT_PROFILE
from discovery.mappings.profiles import Profile
from discovery.pages.frame import responding
from discovery.pages.frame.urls import PageUrls
from discovery.pages.workbench import page
from discovery.search.query import MAX_Q, InvalidQuery, Query
from discovery.texts import language, t
from tools.judge.comparison import compare
from tools.judge.corpus import WrongCorpusError
from tools.judge.judged import judged
from tools.judge.report import comparison_page

PATH = "/relevance"
SPLIT = "tune"
"""The judged queries that are measured here: the held ones stay unseen until a change is done."""
blueprint = Blueprint("workbench", __name__)
View = Callable[[], Response]


def opened(view: View) -> View:
    """Only with the token, as the password of HTTP Basic (any user); not there at all where no token is set."""

    @wraps(view)
    def guarded() -> Response:
        token = responding.services().settings.relevance_token
        given = request.authorization.password if request.authorization else None
        if not (token and given and hmac.compare_digest(given.encode(), token.encode())):
            raise Refused(Details("token_needed", headers=(("WWW-Authenticate", 'Basic realm="relevance"'),)))
        response = view()
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded


@blueprint.get(PATH)
@opened
def show() -> Response:
    """A phrase, two profiles, each hit explained."""
    site, services = responding.site(), responding.services()
    q = request.args.get("q", "")[:MAX_Q]
    left, right = _profiles()
    context: dict[str, Any] = {
        "q": q,
        "profiles": [(name, page.label(one, site.lang)) for name, one in _known().items()],
        "left": left.name,
        "right": right.name,
        "path": PATH,
        "problem": "",
        "compared": None,
    }
    if q.strip():
        try:
            sides = [page.side(services.search, _query(q, one, site.lang), site.lang) for one in (left, right)]
            analysis = services.engine.analysis()
            context["compared"] = page.compared(sides[0], sides[1], analysis, site.lang)
        except InvalidQuery as error:
            context["problem"] = " ".join(message(one, site.lang) for one in error.problems)
        except EngineUnavailable as error:
            context["problem"] = str(error)
    here = PageUrls(request.args.items(multi=True), PATH)
    return Response(responding.drawn("workbench.html", site, here, context), mimetype="text/html")


@blueprint.get(f"{PATH}/judged")
@opened
def measure() -> Response:
    """The page of `discovery compare A B --html` over the tuning queries, made in the request. Where nobody judged what
    the index holds, the rules alone grade it, and the page's corpus says so."""
    search = responding.services().search
    left, right = _profiles()
    try:
        known = judged(search, else_by_rules=True)
    except WrongCorpusError as error:
        return Response(f'<p class="warning">{escape(str(error))}</p>', mimetype="text/html")
    one, other = (known.of(search, profile.name, SPLIT) for profile in (left, right))
    if known.by_rules:
        note = t("workbench.by_rules", responding.site().lang)
        one, other = (replace(side, corpus=f"{side.corpus}: {note}") for side in (one, other))
    response = Response(comparison_page(compare(one, other)), mimetype="text/html")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'"  # its own, in the page
    )
    return response


def _known() -> dict[str, Profile]:
    return dict(responding.services().search.mappings.profiles)


def _profiles() -> tuple[Profile, Profile]:
    """A and B; a name that no profile has counts as not given."""
    known = _known()
    default = known[DEFAULT_PROFILE]
    return known.get(request.args.get("a", ""), default), known.get(request.args.get("b", ""), default)


def _query(q: str, profile: Profile, lang: str) -> Query:
    return Query(q=q, profile=profile.name, per_page=page.SHOWN, facets=(), lang=language(lang))
