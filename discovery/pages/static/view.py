"""Pages that need no view of their own, a row of `PAGES` each: kinds, open data, notices; and
`/verifier`.

At `/verifier` a list of suppliers is pasted and each line answered, as a page or a table; nothing
that is sent is kept, so that the form needs no token. Whoever runs the service may replace notices,
file by file.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from html import escape, unescape
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request, send_file
from markupsafe import Markup

from discovery.answers import files, inclusive
from discovery.desk.figures import employer_of
from discovery.desk.suppliers import MAX_TEXT, lines_of_text
from discovery.engine.port import EngineUnavailable
from discovery.http.api.export import XLSX
from discovery.http.api.suppliers import checked
from discovery.http.problems import Details, Refused
from discovery.http.responses import attachment, unkept
from discovery.mappings import Settings
from discovery.pages.figures import view as figures
from discovery.pages.frame import responding
from discovery.pages.frame.responding import Site
from discovery.pages.frame.urls import CHECK_PATH, KINDS_PATH, NOTICES, OPEN_DATA_PATH
from discovery.search.query import InvalidQuery
from discovery.texts import t, typeset, written

FIELD, EXPORT, BOOK = "fournisseurs", "csv", "xlsx"
FOLDER = "open-data"
MEDIA = {
    "suppliers.jsonl": "application/jsonl",
    "suppliers.csv": "text/csv",
    "suppliers.geojson": "application/geo+json",
    "schema.json": "application/json",
    "catalogue.jsonld": "application/ld+json",
}
"""The files of a dump."""
MAX_AGE = 3_600
_HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)


def kinds(site: Site) -> dict[str, Any]:
    """Every kind of supplier in plain words, by group, counted unless the engine is away."""
    try:
        counts: Mapping[str, int] | None = figures.current().facets["kind"]
    except EngineUnavailable:
        counts = None
    vocabulary, urls = responding.services().mappings.vocabulary, responding.home(site)
    groups = [
        (group, [*vocabulary.kinds_of(group.value)]) for group in vocabulary.kind_groups.values()
    ]
    return {"groups": groups, "counts": counts, "url": lambda kind: urls.set(kind=kind)}


def open_data(site: Site) -> dict[str, Any]:
    """The files that `discovery dump` wrote, for everybody."""
    held = [(name, _folder() / name) for name in MEDIA if (_folder() / name).is_file()]
    sources = [
        source
        for source in responding.services().mappings.vocabulary.sources.values()
        if source.licence
    ]
    return {
        "files": [(name, file.stat().st_size / 1e6) for name, file in held],
        "day": datetime.fromtimestamp(held[0][1].stat().st_mtime, UTC).date().isoformat()
        if held
        else "",
        "labels": list(dict.fromkeys(source.label(site.lang) for source in sources)),
        "open_data_path": OPEN_DATA_PATH,
    }


def _folder() -> Path:
    return responding.services().settings.home.resolve() / FOLDER


def notice(name: str, site: Site) -> dict[str, Any]:
    """A notice's text under its own heading."""
    settings = responding.services().settings
    text = fragment(name, site.lang, settings.notices, facts(settings, site))
    return {"title": heading(text), "text": Markup(text)}  # noqa: S704  (the deployer's own file)


def fragment(name: str, lang: str, folder: Path | None, facts: Mapping[str, str]) -> str:
    """HTML of a text, with `{fact}` replaced by what the settings say.

    The file is `<name>.<language>.html`, a fragment that starts with its `<h1>`: the deployer's
    when the folder holds it, else the packaged one.
    """
    file = f"{name}.{lang}.html"
    own = folder / file if folder else None
    source = (
        own
        if own and own.is_file()
        else resources.files("discovery.pages.static") / "notices" / file
    )
    text = source.read_text(encoding="utf-8")
    for fact, value in facts.items():
        text = text.replace(f"{{{fact}}}", value)
    return typeset(text, lang)


def facts(settings: Settings, site: Site) -> dict[str, str]:
    """What the texts say of this deployment."""
    kept = "notice.words_kept" if settings.query_log else "notice.words_not_kept"
    tiles = urlsplit(settings.tiles_from[0]).netloc.removeprefix("{s}.")
    return {
        "log_days": written(settings.log_days, site.lang),
        "query_log": t(kept, site.lang),
        "tiles": t("notice.tiles", site.lang, host=escape(tiles))
        if tiles
        else t("notice.no_tiles", site.lang),
        "alerts": t("notice.alerts", site.lang) if settings.alerts is not None else "",
    }


def heading(text: str) -> str:
    """The first heading of a page's HTML, as plain text; "" without one."""
    found = _HEADING.search(text)
    return unescape(re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""


PAGES: dict[str, tuple[str, Callable[[Site], dict[str, Any]]]] = {
    KINDS_PATH: ("kinds.html", kinds),
    OPEN_DATA_PATH: ("open_data.html", open_data),
    **{path: ("notice.html", partial(notice, name)) for name, path in NOTICES.items()},
}
"""Address → template, and what it shows."""

blueprint = Blueprint("static", __name__)


def _page(path: str, template: str, shown: Callable[[Site], dict[str, Any]]) -> Response:
    site = responding.site()
    return responding.html(responding.page_at(path, template, site, shown(site)))


for _path, _row in PAGES.items():
    blueprint.add_url_rule(_path, _path.strip("/"), partial(_page, _path, *_row))


@blueprint.get(f"{OPEN_DATA_PATH}/<name>")
def file(name: str) -> Response:
    """A file of the dump, by parts and only when it changed, as clients ask for it."""
    if name not in MEDIA or not (_folder() / name).is_file():
        raise Refused(Details("not_found"))
    response = send_file(_folder() / name, mimetype=MEDIA[name], max_age=MAX_AGE, conditional=True)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.get(CHECK_PATH)
def empty() -> Response:
    return responding.html(_check_page(responding.site(), ""))


@blueprint.post(CHECK_PATH)
def answer() -> Response:
    """The checked list: which of its suppliers are inclusive, and what was spent with them."""
    site, services = responding.site(), responding.services()
    text = request.form.get(FIELD, "")
    try:
        looked_up, figures_of = checked(lines_of_text(text)), services.search.mappings.figures
        employer = employer_of(request.form.get("contribution", ""), request.form.get("taux", ""))
        found = inclusive.body(looked_up, services.presenter.names, site.lang, figures_of, employer)
    except (InvalidQuery, EngineUnavailable) as error:
        said, details = responding.at_fault(error, site.lang)
        return responding.refused(_check_page(site, text, problems=said), details, site.lang)
    if request.form.get("format") == BOOK:
        book = Response(
            files.pieces(files.workbook(*inclusive.sheets(found, site.lang))), content_type=XLSX
        )
        return unkept(attachment(book, f"{FIELD}.{BOOK}"), site.lang)
    if request.form.get("format") == EXPORT:
        pieces = files.lines(inclusive.headers(site.lang), inclusive.rows(found), site.lang)
        response = Response(pieces, content_type="text/csv; charset=utf-8")
        return unkept(attachment(response, f"{FIELD}.{EXPORT}"), site.lang)
    return responding.unkept_page(_check_page(site, text, answer=found), site.lang)


def _check_page(
    site: Site,
    text: str,
    answer: inclusive.CheckAnswer | None = None,
    problems: list[str] | None = None,
) -> str:
    context = {
        "field": FIELD,
        "given": text,
        "longest": MAX_TEXT,
        "answer": answer,
        "spent": inclusive.said_spend(answer["spend"], site.lang)
        if answer and answer["spend"]
        else "",
        "book": BOOK,
        "contribution": request.form.get("contribution", ""),
        "rate": request.form.get("taux", ""),
        "problems": problems or [],
        "export": EXPORT,
        "check_path": CHECK_PATH,
    }
    return responding.page_at(CHECK_PATH, "inclusive.html", site, context)
