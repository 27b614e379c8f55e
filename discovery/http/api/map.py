"""`GET /api/v1/map`: the same search on a map, as GeoJSON (RFC 7946)."""

from collections.abc import Iterator
from typing import Annotated, Literal, NotRequired, TypedDict

from flask import Response, request

from discovery.answers.search import OPENED, NoticeBody, Scope, Total, warning
from discovery.answers.supplier import Names, label
from discovery.engine.port import Box, Cluster, Document, Point
from discovery.http.api.endpoint import endpoint, load, readable, scope, services, v1, without
from discovery.http.api.parameters import (
    MAP_EXAMPLES,
    Frame,
    Parameters,
    SearchParameters,
    Whole,
    about,
)
from discovery.http.requests import note
from discovery.http.responses import json_response
from discovery.search.query import Problem, box_problems
from discovery.search.where import MAX_ZOOM, ZOOM, grid, zoom_of
from discovery.trace import stage

DECIMALS = 5
"""Of degrees: about a metre."""


class PointGeometry(TypedDict):
    type: Literal["Point"]
    coordinates: Annotated[
        list[float], "Longitude, latitude; WGS 84 degrees.", {"minItems": 2, "maxItems": 2}
    ]


class FeatureProperties(TypedDict):
    type: Annotated[Literal["cluster", "supplier"], "What stands there: several suppliers or one."]
    count: NotRequired[Annotated[int, "Of a cluster: its suppliers."]]
    bounds: NotRequired[
        Annotated[
            list[float],
            "Of a cluster: `west,south,east,north` around its suppliers. Show it to expand the cluster.",
        ]
    ]
    display_name: NotRequired[
        Annotated[str, "Of a supplier: the brand when there is one, else the name."]
    ]
    kind: NotRequired[str]
    kind_group: NotRequired[str]
    kind_label: NotRequired[str]
    city: NotRequired[str | None]
    approximate: NotRequired[Annotated[bool, "true: the commune's point, not the supplier's own."]]
    url: NotRequired[Annotated[str, "Page about the supplier, for people."]]


class Feature(TypedDict):
    type: Literal["Feature"]
    id: NotRequired[Annotated[str, "Of a supplier."]]
    geometry: PointGeometry
    properties: FeatureProperties


class MapAnswer(TypedDict):
    type: Literal["FeatureCollection"]
    features: Annotated[
        list[Feature], "Clusters, and single suppliers where few are near each other."
    ]
    total: Annotated[Total, "Of the search: `shown` + `outside` + `unlocated`."]
    shown: Annotated[int, "Suppliers on the map, those of clusters included."]
    outside: Annotated[int, "Located outside `bbox`."]
    unlocated: Annotated[int, "Without a location."]
    zoom: Annotated[
        int,
        "Zoom level of the clusters: that asked for, or less when the view would hold too many.",
    ]
    warnings: list[NoticeBody]
    rebuild_needed: Annotated[
        bool, "true: the index was built from other mappings than the service's."
    ]
    scope: Annotated[Scope | None, OPENED]


def features(cluster: Cluster, names: Names, lang: str) -> Iterator[Feature]:
    """A cluster as Features: its suppliers when they are few, else itself."""
    if cluster.suppliers:
        for document in cluster.suppliers:
            yield supplier(document, names, lang)
        return
    properties: FeatureProperties = {
        "type": "cluster",
        "count": cluster.count,
        "bounds": edges(cluster.bounds),
    }
    yield {"type": "Feature", "geometry": geometry(cluster.centre), "properties": properties}


def supplier(document: Document, names: Names, lang: str) -> Feature:
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


def geometry(point: Point) -> PointGeometry:
    """A point, longitude first as GeoJSON has it."""
    return {
        "type": "Point",
        "coordinates": [round(point.lon, DECIMALS), round(point.lat, DECIMALS)],
    }


def edges(box: Box) -> list[float]:
    """A box as [west, south, east, north], in degrees."""
    return [round(edge, DECIMALS) for edge in (box.west, box.south, box.east, box.north)]


NOT_OF_A_LIST = ("page", "per_page", "sort", "facets", "cursor", "profile", "without")
"""Parameters of a search that only tell how its answer is listed."""


class MapParameters(SearchParameters):
    class Meta(SearchParameters.Meta):
        exclude = NOT_OF_A_LIST

    bbox = Frame(
        metadata=about(
            "What the map shows, `west,south,east,north` in degrees: suppliers elsewhere are counted in `outside`. "
            "Unlike in a search it filters nothing, so the total is the search's own."
        )
    )
    zoom = Whole(
        load_default=ZOOM,
        metadata=about("Zoom level of the map's tiles (256 points).", minimum=0, maximum=MAX_ZOOM),
    )


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

    The same phrase and filters as a search, clustered on a grid for the zoom level; suppliers one
    by one where few remain. Nobody is lost: `shown`, `outside` and `unlocated` add up to the
    search's total.
    """
    values, faults = load(MapParameters, request.args, only=_OWN)
    zoom, view = values.get("zoom", 0), values.get("bbox")
    faults += box_problems(view) if view else []
    if not 0 <= zoom <= MAX_ZOOM:
        faults.append(Problem("zoom", str(zoom), "zoom_range", {"minimum": 0, "maximum": MAX_ZOOM}))
    asked = readable(
        services().search, without(request.args, {*_OWN, *NOT_OF_A_LIST}), scope(), faults
    )
    made = services().search.settled(asked)
    cut = grid(zoom, view)
    with stage("engine"):
        found = services().index.clusters(made.request, cut)
    note(total=found.total, zero=not found.total)
    presenter, lang = services().presenter, asked.lang
    with stage("present"):
        body: MapAnswer = {
            "type": "FeatureCollection",
            "features": [
                one
                for cluster in found.clusters
                for one in features(cluster, presenter.names, lang)
            ],
            "total": {"value": found.total, "relation": "eq"},
            "shown": sum(cluster.count for cluster in found.clusters),
            "outside": found.outside,
            "unlocated": found.unlocated,
            "zoom": zoom_of(cut),
            "warnings": [warning(one, lang) for one in made.notices],
            "rebuild_needed": presenter.rebuild_needed(services().status()),
            "scope": presenter.scope(lang),
        }
    return json_response(body)
