"""`/selection?id=…&id=…`: suppliers that people chose, side by side. The address is the selection: a link shares it."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, request

from discovery.answers.problem import message
from discovery.http.requests import note
from discovery.locales import language, typesetter
from discovery.search.listing import Around, around, chosen
from discovery.search.query import MAX_Q, InvalidQuery, Problem
from discovery.web.frame import responding
from discovery.web.frame.contact import quote_request
from discovery.web.frame.form import empty_form
from discovery.web.frame.render import render
from discovery.web.frame.urls import PageUrls
from discovery.web.results.chips import Link
from discovery.web.shortlist import page
from discovery.web.shortlist.page import MAX_SELECTED

PATH = "/selection"

blueprint = Blueprint("shortlist", __name__)


@blueprint.get(PATH)
def selection() -> Response:
    """Suppliers no longer listed are named, never dropped in silence; nothing asked for is an error."""
    services, site = responding.services(), responding.site()
    words = typesetter(site.lang)
    ids, near = page.tidy(request.args.getlist("id")), page.plain(request.args.get("near", ""))
    place, problems = _place(near, site.lang)
    need = page.plain(request.args.get("need", ""))[:MAX_Q]
    kept = chosen(services.search, ids[:MAX_SELECTED], place)
    note(total=len(kept.hits))
    lang = ("lang", "" if site.lang == "fr" else site.lang)
    around_it = (("near", place.code if place else ""), lang)
    urls = PageUrls((*(("id", one) for one in kept.ids), *around_it, ("need", need)), PATH)
    files = PageUrls((*(("id", one.id) for one in kept.hits), *around_it), "/")
    context = {
        **empty_form(responding.home(site), services.presenter.names),
        **page.compared(kept, place, services.presenter, urls, words, site.lang),
        "beyond": len(ids[MAX_SELECTED:]),
        "most": MAX_SELECTED,
        "day": datetime.now(UTC).date().isoformat(),
        "ids": kept.ids,
        "place": place,
        "typed_place": near,
        "wanted": need,
        "unknown_place": [
            {
                "message": message(one, site.lang),
                "choices": [
                    Link(services.gazetteer.label(code, site.lang), urls.set(near=code))
                    for code in one.choices
                    if "=" not in code
                ],
            }
            for one in problems
        ],
        "csv_url": files.elsewhere("/api/v1/export.csv"),
        "xlsx_url": files.elsewhere("/api/v1/export.xlsx"),
        "full_url": site.absolute(urls.keep()),
    }
    context["quote_url"] = quote_request(context["emails"], need, words, place.label if place else "")
    return responding.html(render("selection.html", site, responding.other_language(urls, site), context))


def _place(typed: str, lang: str) -> tuple[Around | None, tuple[Problem, ...]]:
    """The place, or what is wrong with it: a selection is shown whatever the place is."""
    try:
        return around(responding.services().search, typed, language(lang)) if typed else None, ()
    except InvalidQuery as error:
        return None, error.problems
