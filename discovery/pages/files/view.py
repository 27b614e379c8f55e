"""Files that pages load: kept for a year at addresses that hold a hash of them all, short-lived
elsewhere.
"""

from typing import Any, cast

from flask import Blueprint, Response, request

from discovery.http.problems import Details, Refused
from discovery.http.responses import accepted, shared, weak_etag
from discovery.pages.files.bundles import PAGES_ROOT, Bundle, File, page_files, tile

YEAR = 31_536_000
UPGRADE = 600
"""Seconds: how long a page may keep a former version's file after an upgrade."""


def versioned(made: Bundle, address: str, name: str) -> Response:
    """A file of a bundle, or a tile of its map. A former version's address gets today's file, for
    pages that are open during an upgrade.
    """
    found = made.files.get(name) or tile(name)
    if found is None:
        raise Refused(Details("not_found"))
    current = made.address == address
    return served(found, YEAR if current else UPGRADE, immutable=current)


def served(file: File, max_age: int, *, immutable: bool = False) -> Response:
    """A file of ours, packed where that is taken, for pages of any origin; 304 when the client
    holds it. `max_age`: seconds.
    """
    packed = accepted()
    response = Response(file.packed if packed else file.content, mimetype=file.mimetype)
    if packed:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    shared(response, max_age)
    if immutable:
        response.cache_control.immutable = True
    # Modules are fetched with CORS, by pages of any origin, isolated ones too.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(weak_etag(file.content), weak=True)
    return cast(Response, response.make_conditional(request))


blueprint = Blueprint("files", __name__)


@blueprint.record_once
def _prepare(_: Any) -> None:
    page_files()


@blueprint.get(f"{PAGES_ROOT}<version>/<name>")
def file(version: str, name: str) -> Response:
    """A style, script or picture of the pages, or what a script loads on demand."""
    return versioned(page_files(), f"{PAGES_ROOT}{version}/", name)
