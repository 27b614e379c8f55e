"""Files that pages load: kept for a year at addresses that hold a hash of their content, short-lived elsewhere."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Response, request

from discovery.http.problems import Details, Refused
from discovery.http.responses import MAX_AGE, accepted, shared, weak_etag
from discovery.pages.files.bundles import PAGES_ROOT, Bundle, File, page_files, tile

ROOMS = Path(__file__).parent.parent
KINDS = ("css", "js", "svg")
"""Of files beside a page's view; scripts that are joined have folders of their own."""
PATH = "/static/"


@dataclass(frozen=True, slots=True)
class Asset:
    """`address`: the path under the service's root, such as `/static/1f0c….page.css`."""

    name: str
    content: bytes
    mimetype: str
    address: str


@cache
def assets() -> dict[str, Asset]:
    """Name → file, read once: a handful of small texts."""
    return {path.name: _read(path) for kind in KINDS for path in sorted(ROOMS.glob(f"*/*.{kind}"))}


def address(name: str) -> str:
    """The address of a file. Raises KeyError for one that is not there: a template's mistake is seen at once."""
    return assets()[name].address


def find(requested: str) -> tuple[Asset, bool] | None:
    """The file of `<hash>.<name>`, and whether the hash is today's: a page kept from before an upgrade asks for the
    former one, and gets today's file."""
    _, _, name = requested.partition(".")
    asset = assets().get(name)
    return (asset, asset.address == PATH + requested) if asset else None


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    digest = blake2b(content, digest_size=8).hexdigest()
    mimetype = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(path.name, content, mimetype, f"{PATH}{digest}.{path.name}")


YEAR = 31_536_000
UPGRADE = 600
"""Seconds: how long a page may keep a former version's file after an upgrade."""


def versioned(made: Bundle, address: str, name: str) -> Response:
    """A file of a bundle, or a tile of its map. A former version's address gets today's file, for pages that are open
    during an upgrade."""
    file = made.files.get(name) or tile(name)
    if file is None:
        raise Refused(Details("not_found"))
    current = made.address == address
    return served(file, YEAR if current else UPGRADE, immutable=current)


def served(file: File, max_age: int, *, immutable: bool = False) -> Response:
    """A file of ours, packed where that is taken, for pages of any origin; 304 when the client holds it. `max_age`:
    seconds."""
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
    assets()
    page_files()


@blueprint.get(f"{PATH}<path:requested>")
def static(requested: str) -> Response:
    """A file of the pages; for a year when the address holds today's hash."""
    found = find(requested)
    if found is None:
        raise Refused(Details("not_found"))
    asset, current = found
    response = shared(Response(asset.content, mimetype=asset.mimetype), YEAR if current else MAX_AGE)
    if current:
        response.cache_control.immutable = True
    return response


@blueprint.get(f"{PAGES_ROOT}<version>/<name>")
def script(version: str, name: str) -> Response:
    """A script of the pages, or what it loads on demand."""
    return versioned(page_files(), f"{PAGES_ROOT}{version}/", name)
