"""Map clusters → GeoJSON (RFC 7946). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from discovery.engine.port import Box, Cluster, Clusters, Document, Point
from discovery.serialize.supplier import Names, label

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
