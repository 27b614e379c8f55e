"""`GET /api/v1/map`: the same search on a map, as GeoJSON (RFC 7946)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, request
from werkzeug.datastructures import MultiDict

from discovery.answers.search import warning
from discovery.answers.supplier import Names, label
from discovery.api import query
from discovery.api.endpoint import endpoint, scope, services, v1
from discovery.api.examples import MAP_EXAMPLES, Parameters
from discovery.api.schemas.map import NOT_OF_A_LIST, MapAnswer, MapParameters
from discovery.engine.port import Box, Cluster, Clusters, Document, Point
from discovery.http.requests import note
from discovery.http.responses import json_response
from discovery.search.map_grid import MAX_ZOOM, grid, zoom_of
from discovery.search.parameters import box_problems
from discovery.search.problems import Problem
from discovery.trace import stage

DECIMALS = 5
"""About a metre."""


def collection(found: Clusters, names: Names, lang: str, zoom: int) -> dict[str, Any]:
    """A map's answer as a FeatureCollection; what is not on it is counted beside."""
    return {
        "type": "FeatureCollection",
        "features": [one for cluster in found.clusters for one in features(cluster, names, lang)],
        "total": {"value": found.total, "relation": "eq"},
        "shown": sum(cluster.count for cluster in found.clusters),
        "outside": found.outside,
        "unlocated": found.unlocated,
        "zoom": zoom,
    }


def features(cluster: Cluster, names: Names, lang: str) -> Iterator[dict[str, Any]]:
    """A cluster as Features: its suppliers when they are few, else itself."""
    if cluster.suppliers:
        for document in cluster.suppliers:
            yield supplier(document, names, lang)
        return
    properties = {"type": "cluster", "count": cluster.count, "bounds": edges(cluster.bounds)}
    yield {"type": "Feature", "geometry": geometry(cluster.centre), "properties": properties}


def supplier(document: Document, names: Names, lang: str) -> dict[str, Any]:
    """A supplier as a Feature. `document` must have a location."""
    public = document["public"]
    location, kind = public["location"], names.vocabulary.kinds.get(document["kind"])
    return {
        "type": "Feature",
        "id": public["id"],
        "geometry": geometry(Point(location["lat"], location["lon"])),
        "properties": {
            "type": "supplier",
            "display_name": public.get("brand") or public.get("name", ""),
            "kind": document["kind"],
            "kind_group": kind.group if kind else "",
            "kind_label": label(document["kind"], names.vocabulary.kinds, lang),
            "city": (public.get("address") or {}).get("city") or None,
            "approximate": bool(location.get("approximate")),
            "url": names.supplier_url(public),
        },
    }


def geometry(point: Point) -> dict[str, Any]:
    """A point, longitude first as GeoJSON has it."""
    return {"type": "Point", "coordinates": [round(point.lon, DECIMALS), round(point.lat, DECIMALS)]}


def edges(box: Box) -> list[float]:
    """A box as [west, south, east, north], in degrees."""
    return [round(edge, DECIMALS) for edge in (box.west, box.south, box.east, box.north)]


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
        body = collection(found, presenter.names, lang, zoom_of(cut))
    body["warnings"] = [warning(one, lang) for one in made.notices]
    body["rebuild_needed"] = presenter.rebuild_needed(services().status())
    body["scope"] = presenter.scope(lang)
    return json_response(body)


def searched(arguments: MultiDict[str, str]) -> MultiDict[str, str]:
    """The parameters of the search itself."""
    return query.without(arguments, {*_OWN, *NOT_OF_A_LIST})
