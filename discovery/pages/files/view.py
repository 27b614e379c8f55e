"""Files that pages load: styles and scripts, for a year where the address holds today's hash."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from discovery.http.problems import Details, Refused
from discovery.http.responses import MAX_AGE, shared
from discovery.pages.files import assets
from discovery.pages.files.bundles import PAGES_ROOT, page_files
from discovery.pages.files.served import YEAR, versioned

blueprint = Blueprint("files", __name__)


@blueprint.record_once
def _prepare(_: Any) -> None:
    assets.assets()
    page_files()


@blueprint.get(f"{assets.PATH}<path:requested>")
def static(requested: str) -> Response:
    """A file of the pages; for a year when the address holds today's hash."""
    found = assets.find(requested)
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
