"""`/open-data`: the files that `discovery dump` wrote, for everybody."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, Response, send_file

from discovery.http.problems import Details, Refused
from discovery.pages.frame import responding
from discovery.pages.frame.site_map import OPEN_DATA_PATH

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

blueprint = Blueprint("open_data", __name__)


@blueprint.get(OPEN_DATA_PATH)
def page() -> Response:
    site, services = responding.site(), responding.services()
    files = [(name, _folder() / name) for name in MEDIA if (_folder() / name).is_file()]
    sources = [one for one in services.mappings.vocabulary.sources.values() if one.licence]
    context = {
        "files": [(name, file.stat().st_size / 1e6) for name, file in files],
        "day": datetime.fromtimestamp(files[0][1].stat().st_mtime, UTC).date().isoformat() if files else "",
        "labels": list(dict.fromkeys(one.label(site.lang) for one in sources)),
        "open_data_path": OPEN_DATA_PATH,
    }
    return responding.html(responding.page_at(OPEN_DATA_PATH, "open_data.html", site, context))


@blueprint.get(f"{OPEN_DATA_PATH}/<name>")
def file(name: str) -> Response:
    """One of them, by parts and only when it changed, as clients ask for it."""
    if name not in MEDIA or not (_folder() / name).is_file():
        raise Refused(Details("not_found"))
    response = send_file(_folder() / name, mimetype=MEDIA[name], max_age=MAX_AGE, conditional=True)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _folder() -> Path:
    return responding.services().settings.home.resolve() / FOLDER
