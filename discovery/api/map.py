"""`GET /api/v1/map`: the same search on a map."""

from __future__ import annotations

from flask import Response, request
from werkzeug.datastructures import MultiDict

from discovery.api import query
from discovery.api.endpoint import endpoint, scope, services, v1
from discovery.api.examples import MAP_EXAMPLES, Parameters
from discovery.api.schemas.map import NOT_OF_A_LIST, MapAnswer, MapParameters
from discovery.http.requests import note
from discovery.http.responses import json_response
from discovery.search.map_grid import MAX_ZOOM, grid, zoom_of
from discovery.search.parameters import box_problems
from discovery.search.problems import Problem
from discovery.serialize import geojson
from discovery.serialize.answer import warning
from discovery.trace import stage

_OWN = ("bbox", "zoom")


@endpoint(
    v1,
    "/map",
    MapAnswer,
    "A GeoJSON FeatureCollection of clusters and suppliers.",
    parameters=[Parameters(MapParameters, MAP_EXAMPLES)],
    problems=(400, 414, 422, 503),
)
def map() -> Response:
    """Suppliers on a map

    The same phrase and filters as a search, clustered on a grid for the zoom level; suppliers one by one where few
    remain. Nobody is lost: `shown`, `outside` and `unlocated` add up to the search's total.
    """
    values, faults = query.load(MapParameters, request.args, only=_OWN)
    zoom, view = values.get("zoom", 0), values.get("bbox")
    faults += box_problems(view) if view else []
    if not 0 <= zoom <= MAX_ZOOM:
        faults.append(Problem("zoom", str(zoom), "zoom_range", {"minimum": 0, "maximum": MAX_ZOOM}))
    asked = query.readable(services().search, searched(request.args), scope(), faults)
    made = services().search.settled(asked)
    cut = grid(zoom, view)
    with stage("engine"):
        found = services().index.clusters(made.request, cut)
    note(total=found.total, zero=not found.total)
    presenter, lang = services().presenter, asked.lang
    with stage("present"):
        body = geojson.collection(found, presenter.names, lang, zoom_of(cut))
    body["warnings"] = [warning(one, lang) for one in made.notices]
    body["rebuild_needed"] = presenter.rebuild_needed(services().status())
    body["scope"] = presenter.scope(lang)
    return json_response(body)


def searched(arguments: MultiDict[str, str]) -> MultiDict[str, str]:
    """The parameters of the search itself."""
    return query.without(arguments, {*_OWN, *NOT_OF_A_LIST})
