"""`/oembed`: an address of the search in a frame (`/widget/frame?…`) → what a site that knows oEmbed 1.0 shows."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from flask import Blueprint, Response, current_app, request

from discovery.http.problems import Details, Refused
from discovery.http.responses import validated
from discovery.pages.files.bundles import widget
from discovery.pages.frame import responding
from discovery.pages.widget.snippet import FRAME_HEIGHT, FRAME_PATH, Snippet, attributes_of, frame_address
from discovery.texts import language, t

OEMBED_PATH = "/oembed"
WIDTH = 800
"""Pixels, where a site does not say how many it has."""
MEDIA = "application/json"

blueprint = Blueprint("oembed", __name__)


def address(base: str, key: str, attributes: Mapping[str, str]) -> str:
    """Where the page of a frame says that this can be asked."""
    return f"{base}{OEMBED_PATH}?{urlencode({'url': frame_address(base, key, attributes)})}"


@blueprint.get(OEMBED_PATH)
def oembed() -> Response:
    """404 for an address of which we have no frame, 501 for another format than JSON, as oEmbed has it."""
    if request.args.get("format", "json") != "json":
        raise Refused(Details("refused", {"status": "501"}, refused=501))
    site, asked = responding.site(), _parts(request.args.get("url", ""))
    here = urlsplit(site.base)
    if asked is None or (asked.netloc.lower(), asked.path) != (here.netloc.lower(), FRAME_PATH):
        raise Refused(Details("not_found"))
    given = dict(parse_qsl(asked.query))
    key = given.get("key", "").strip()
    if key and current_app.extensions["discovery-keys"].find(key) is None:
        raise Refused(Details("unknown_key"))
    lang = language(given.get("lang"))
    made = Snippet(site.base, widget().module, widget().integrity, t("builder.link", lang), key, attributes_of(given))
    width, height = _at_most("maxwidth", WIDTH), _at_most("maxheight", FRAME_HEIGHT)
    told = {
        "version": "1.0",
        "type": "rich",
        "title": t("builder.frame_title", lang),
        "provider_name": t("page.title", lang),
        "provider_url": site.base,
        "width": width,
        "height": height,
        "html": made.iframe(str(width), height),
    }
    return validated(current_app.json.dumps(told).encode(), MEDIA)


def _parts(url: str) -> SplitResult | None:
    """None for what is no address."""
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _at_most(name: str, usual: int) -> int:
    given = request.args.get(name, "")
    return min(usual, int(given[:6])) if given.isascii() and given.isdigit() and int(given[:6]) else usual
