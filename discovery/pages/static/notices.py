"""Legal notice, privacy, accessibility: texts that whoever runs the service may replace, file by file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response
from markupsafe import Markup

from discovery.mappings import Settings
from discovery.pages.frame import responding
from discovery.pages.frame.render import Site
from discovery.pages.frame.site_map import NOTICES
from discovery.texts import t, written

_HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)

blueprint = Blueprint("notices", __name__)


@blueprint.get(NOTICES["legal"])
def legal() -> Response:
    return _page("legal")


@blueprint.get(NOTICES["privacy"])
def privacy() -> Response:
    return _page("privacy")


@blueprint.get(NOTICES["accessibility"])
def accessibility() -> Response:
    return _page("accessibility")


def _page(name: str) -> Response:
    site, services = responding.site(), responding.services()
    text = fragment(name, site.lang, services.settings.notices, facts(services.settings, site))
    context = {"title": heading(text), "text": Markup(text)}  # noqa: S704  (the deployer's own file)
    return responding.html(responding.page_at(NOTICES[name], "notice.html", site, context))


def fragment(name: str, lang: str, folder: Path | None, facts: Mapping[str, str]) -> str:
    """HTML of a text, with `{fact}` replaced by what the settings say.

    The file is `<name>.<language>.html`, a fragment that starts with its `<h1>`: the deployer's when the folder holds
    it, else the packaged one.
    """
    file = f"{name}.{lang}.html"
    own = folder / file if folder else None
    source = own if own and own.is_file() else resources.files("discovery.pages.static") / "notices" / file
    text = source.read_text(encoding="utf-8")
    for fact, value in facts.items():
        text = text.replace(f"{{{fact}}}", value)
    return text


def facts(settings: Settings, site: Site) -> dict[str, str]:
    """What the texts say of this deployment."""
    kept = "notice.words_kept" if settings.query_log else "notice.words_not_kept"
    tiles = urlsplit(settings.tiles_from[0]).netloc.removeprefix("{s}.")
    alerts = t("notice.alerts", site.lang) if settings.alerts is not None else ""
    return {
        "log_days": written(settings.log_days, site.lang),
        "query_log": t(kept, site.lang),
        "tiles": t("notice.tiles", site.lang, host=escape(tiles)) if tiles else t("notice.no_tiles", site.lang),
        "alerts": alerts,
    }


def heading(text: str) -> str:
    """The first heading of a page's HTML, as plain text; "" without one."""
    found = _HEADING.search(text)
    return unescape(re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""
