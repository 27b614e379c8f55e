"""`/suivre`: a search followed by e-mail, without an account; confirmed and ended by links that mails hold.

Complete without JavaScript. A link shows a button, which acts: programs that open links in mails do nothing by it.
"""

from __future__ import annotations

import time
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from discovery.alerts.signing import CONFIRM_PATH, FOLLOW_PATH, STOP_PATH, TOKEN, Asked, Do, Every
from discovery.answers import links
from discovery.answers.problem import message
from discovery.api import alerts, query
from discovery.config.mailbox import MAX_LENGTH
from discovery.engine.port import EngineUnavailable
from discovery.http.errors import engine_away
from discovery.http.hosts import by_own_page
from discovery.http.problems import Details, Refused, of_parameters
from discovery.locales import t
from discovery.search.query import InvalidQuery
from discovery.web.frame import responding
from discovery.web.frame.form import empty_form
from discovery.web.frame.render import Site, render
from discovery.web.frame.urls import VIEW, PageUrls

EMAIL, RHYTHM = "courriel", "rythme"

blueprint = Blueprint("follow", __name__)


@blueprint.get(FOLLOW_PATH)
def form() -> Response:
    """The form, for the search of the address."""
    alerts.offered()
    return responding.unkept_page(_page(responding.site(), "form"), responding.site().lang)


@blueprint.post(FOLLOW_PATH)
def ask() -> Response:
    """Not for pages of other sites: they would have their visitors ask for somebody else."""
    site = responding.site()
    if not by_own_page(responding.services().settings):
        raise Refused(Details("refused", {"status": "403"}, refused=403))
    address, every = request.form.get(EMAIL, ""), request.form.get(RHYTHM, "")
    try:
        asked = alerts.followed(_arguments(), address, every)
    except InvalidQuery as error:
        said = [message(one, site.lang) for one in error.problems]
        return _failed(site, said, of_parameters(error.problems), address, every)
    except EngineUnavailable as error:
        return _failed(site, [t("page.away_hint", site.lang)], engine_away(error), address, every)
    alerts.hand_over(alerts.subscription(asked, address, every))
    return responding.unkept_page(_page(site, "sent"), site.lang)


@blueprint.get(CONFIRM_PATH)
def confirm_button() -> Response:
    return _button("confirm", _confirmed())


@blueprint.post(CONFIRM_PATH)
def confirm() -> Response:
    return _act("confirmed", Do.CONFIRM, _confirmed())


@blueprint.get(STOP_PATH)
def stop_button() -> Response:
    return _button("stop", _stopped())


@blueprint.post(STOP_PATH)
def stop() -> Response:
    """End an alert: by the button; or by a mail program at its reader's one click (RFC 8058), which comes from
    anywhere."""
    return _act("stopped", Do.STOP, _stopped())


def _token() -> str:
    return request.args.get(TOKEN, "")


def _confirmed() -> str | None:
    alerts.offered()
    return alerts.signer().confirmed(_token(), time.time())


def _stopped() -> str | None:
    alerts.offered()
    return alerts.signer().stopped(_token())


def _button(state: str, id_: str | None) -> Response:
    site = responding.site()
    if id_ is None:
        return responding.refused(_page(site, "void"), Details("bad_request"), site.lang)
    return responding.unkept_page(_page(site, state), site.lang)


def _act(state: str, do: Do, id_: str | None) -> Response:
    site = responding.site()
    if id_ is None:
        return responding.refused(_page(site, "void"), Details("bad_request"), site.lang)
    alerts.hand_over(Asked(do, id_, int(time.time())))
    return responding.unkept_page(_page(site, state), site.lang)


def _arguments() -> MultiDict[str, str]:
    return query.without(request.args, {VIEW, "key"})


def _failed(site: Site, said: list[str], details: Details, address: str, every: str) -> Response:
    return responding.refused(_page(site, "form", said, address, every), details, site.lang)


def _page(site: Site, state: str, problems: list[str] | None = None, address: str = "", every: str = Every.WEEK) -> str:
    """`state`: form, sent, confirm, confirmed, stop, stopped, void."""
    services = responding.services()
    asked, _ = query.read_query(_arguments())
    here = PageUrls((*request.args.items(multi=True),), request.path)
    search = PageUrls(links.pairs(asked), "/")
    context: dict[str, Any] = {
        **empty_form(responding.home(site), services.presenter.names),
        **fields(here.keep(), address[:MAX_LENGTH], every),
        "state": state,
        "problems": problems or [],
        "what": asked.q or t("follow.everything", site.lang),
        "back": search.keep(),
    }
    return render("follow_page.html", site, responding.other_language(here, site), context)


def fields(action: str, given: str = "", every: str = Every.WEEK) -> dict[str, Any]:
    """What the form is made of, here and beneath results. `action`: where it is sent; `given`: the address so far."""
    return {
        "follow_action": action,
        "follow_given": given,
        "follow_every": every,
        "follow_fields": {"email": EMAIL, "rhythm": RHYTHM},
        "longest_address": MAX_LENGTH,
        "rhythms": [*Every],
    }
