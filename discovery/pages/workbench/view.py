"""`/relevance`: the analysts' workbench, opened by a token: the report of two profiles. Nothing is
ever written.
"""

import hmac
from collections.abc import Callable
from functools import wraps
from html import escape

from flask import Blueprint, Response, request

from discovery.http.problems import Details, Refused
from discovery.mappings import DEFAULT_PROFILE
from discovery.model import replace
from discovery.pages.frame import responding
from discovery.pages.frame.urls import PageUrls
from discovery.texts import t
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
    """Only with the token, as the password of HTTP Basic (any user); not there at all where no
    token is set.
    """

    @wraps(view)
    def guarded() -> Response:
        token = responding.services().settings.relevance_token
        given = request.authorization.password if request.authorization else None
        if not (token and given and hmac.compare_digest(given.encode(), token.encode())):
            raise Refused(
                Details("token_needed", headers=(("WWW-Authenticate", 'Basic realm="relevance"'),))
            )
        response = view()
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded


@blueprint.get(PATH)
@opened
def show() -> Response:
    """The workbench: a form to choose the two profiles that are compared."""
    site, known = responding.site(), responding.services().mappings.profiles
    context = {
        "profiles": [(name, one.labels.get(site.lang) or name) for name, one in known.items()],
        "chosen": _profiles(),
        "path": PATH,
    }
    here = PageUrls(request.args.items(multi=True), PATH)
    return Response(responding.drawn("workbench.html", site, here, context), mimetype="text/html")


@blueprint.get(f"{PATH}/judged")
@opened
def measure() -> Response:
    """The page of `discovery compare A B --html` over the tuning queries, made in the request.
    Where nobody judged what the index holds, the rules alone grade it, and the page's corpus says
    so.
    """
    search = responding.services().search
    try:
        known = judged(search, else_by_rules=True)
    except WrongCorpusError as error:
        return Response(f'<p class="warning">{escape(str(error))}</p>', mimetype="text/html")
    one, other = (known.of(search, name, SPLIT) for name in _profiles())
    if known.by_rules:
        note = t("workbench.by_rules", responding.site().lang)
        one, other = (replace(side, corpus=f"{side.corpus}: {note}") for side in (one, other))
    response = Response(comparison_page(compare(one, other)), mimetype="text/html")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'"  # its own, in the page
    )
    return response


def _profiles() -> list[str]:
    """Names of A and B; one that no profile has counts as not given."""
    known, given = (
        responding.services().mappings.profiles,
        (request.args.get(name, "") for name in "ab"),
    )
    return [name if name in known else DEFAULT_PROFILE for name in given]
