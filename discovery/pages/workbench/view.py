"""`/relevance`: the analysts' workbench, opened by a token. Two profiles side by side; nothing is ever written."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from threading import Lock
from typing import Any, cast

from flask import Blueprint, Response, current_app, request

from discovery.answers.problem import message
from discovery.engine.port import EngineUnavailable
from discovery.http.problems import Details, Refused
from discovery.http.responses import attachment
from discovery.mappings import DEFAULT_PROFILE
from discovery.mappings.profiles import Profile
from discovery.pages.frame import responding
from discovery.pages.frame.render import render
from discovery.pages.frame.urls import PageUrls
from discovery.pages.workbench import page
from discovery.search.query import MAX_Q, InvalidQuery, Query
from discovery.search.service import SearchService
from discovery.texts import language, t
from tools.judge.corpus import WrongCorpusError
from tools.judge.evaluation import Evaluation, summaries
from tools.judge.judged import Judged, judged
from tools.judge.knobs import as_file, tuned

PATH = "/relevance"
TRIED = "atelier"
"""Name of the profile whose numbers are moved."""
KNOB = "w."
"""Start of the parameters that move numbers: `w.signals.distance.weight=1.2`."""
SPLIT = "tune"
"""The judged queries that are measured here: the held ones stay unseen until a change is done."""
MAX_KEPT = 32

blueprint = Blueprint("workbench", __name__)
View = Callable[[], Response]


class Bench:
    """The judged corpus and what profiles reached on it, kept while index and profiles stay as they are."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._generation = ""
        self._judged: Judged | None = None
        self._kept: dict[Any, Evaluation] = {}

    def evaluation(self, search: SearchService, profile: Profile) -> Evaluation:
        """Over the split `tune`; graded by the rules alone where the index holds no judged corpus. WrongCorpusError
        where it holds more suppliers than can be walked."""
        with self._lock:
            generation = search.engine.status().generation
            if self._judged is None or generation != self._generation:
                self._judged, self._kept = judged(search, else_by_rules=True), {}
                self._generation = generation
            key = repr(profile)
            if key not in self._kept:
                if len(self._kept) >= MAX_KEPT:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = self._judged.of(search.with_profile(profile), profile.name, SPLIT)
            return self._kept[key]

    @property
    def by_rules(self) -> bool:
        """Whether nobody judged what was measured last."""
        return self._judged is not None and self._judged.by_rules


@blueprint.record_once
def _prepare(state: Any) -> None:
    state.app.extensions["discovery.bench"] = Bench()


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
    """A phrase, two profiles, each hit explained; the second one's numbers can be moved."""
    site, services = responding.site(), responding.services()
    q = request.args.get("q", "")[:MAX_Q]
    left, base, tried = _profiles()
    context: dict[str, Any] = {
        "q": q,
        "profiles": [(name, page.label(one, site.lang)) for name, one in _known().items()],
        "left": left.name,
        "base": base.name,
        "sliders": page.sliders(base, tried, site.lang),
        "path": PATH,
        "problem": "",
        "compared": None,
        "why": request.args.get("why", ""),
    }
    if q.strip():
        try:
            sides = [
                page.side(services.search.with_profile(one), _query(q, one, site.lang), site.lang)
                for one in (left, tried)
            ]
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
    """A table of nDCG@10 by class, before and after: HTML to put into the page, computed here."""
    site, bench = responding.site(), cast(Bench, current_app.extensions["discovery.bench"])
    left, _, tried = _profiles()
    context: dict[str, Any] = {"rows": [], "by_rules": False, "problem": ""}
    try:
        search = responding.services().search
        before, after = (bench.evaluation(search, one) for one in (left, tried))
        context["rows"] = page.measured(list(zip(summaries(before), summaries(after), strict=True)))
        context["by_rules"] = bench.by_rules
    except WrongCorpusError as error:
        context["problem"] = str(error)
    return Response(render("workbench_judged.html", site, "", context), mimetype="text/html")


@blueprint.get(f"{PATH}/profile.yaml")
@opened
def download() -> Response:
    """The moved profile as a file for `mappings/profiles/`; it extends the default one by what differs."""
    _, base, tried = _profiles()
    lang = responding.site().lang
    why = " ".join(request.args.get("why", "").split())
    if len(why) < 10:  # what `mappings check` would refuse
        why = t("workbench.why_default", lang, day=datetime.now(UTC).date().isoformat())
    whole = _known()[DEFAULT_PROFILE]
    label = f"{page.label(base, lang)} ({TRIED})"
    response = Response(as_file(whole, tried, label, why), mimetype="application/yaml")
    return attachment(response, f"{TRIED}.yaml")


def _known() -> dict[str, Profile]:
    return dict(responding.services().search.mappings.profiles)


def _profiles() -> tuple[Profile, Profile, Profile]:
    """(A, the one B starts from, B with its numbers moved). Unknown names and numbers count as not given."""
    known = _known()
    default = known[DEFAULT_PROFILE]
    left = known.get(request.args.get("a", ""), default)
    base = known.get(request.args.get("b", ""), default)
    return left, base, tuned(base, _changes(), TRIED)


def _changes() -> dict[str, float]:
    found = {}
    for name, value in request.args.items():
        if name.startswith(KNOB):
            try:
                number = float(value)
            except ValueError:
                continue
            if abs(number) < 1e6:  # neither infinite nor not a number
                found[name.removeprefix(KNOB)] = number
    return found


def _query(q: str, profile: Profile, lang: str) -> Query:
    return Query(q=q, profile=profile.name, per_page=page.SHOWN, facets=(), lang=language(lang))
