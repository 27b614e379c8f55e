"""What this engine adds to the index body and to documents, as the embedded engine does for itself: the words of
look-ups, the cells of zones. Pure."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from discovery.engine import predicate
from discovery.engine.analysis import Analysis
from discovery.engine.definition import Definition
from discovery.engine.elasticsearch import cells
from discovery.engine.port import Document, Point

FOLDED = "folded"
"""The analyzer of words as people type them."""

NAMES = ("name", "brand")

_FIELDS: Mapping[str, Any] = {
    "words": {"type": "keyword"},  # every word of the text fields: the dictionary of corrections
    "name_words": {"type": "keyword", "doc_values": False},  # those of the names: `names`
}

_OF_ACTIVITIES: Mapping[str, Any] = {
    "cells": {"type": "keyword", "doc_values": False},  # touched by the zone's circle: `query.where`
}

_SETTINGS: Mapping[str, Any] = {
    "max_result_window": 100_000,  # an export pages through everything; one shard sorts that many in a blink
    "mapping.coerce": False,  # "12" is no number: both engines refuse the same documents
}


def index_body(definition: Definition) -> dict[str, Any]:
    """`settings` and `mappings` that create an index: the definition's, with the derived fields and the fingerprint."""
    body = copy.deepcopy(definition.body)
    mappings = body["mappings"]
    mappings["properties"] |= copy.deepcopy(dict(_FIELDS))
    mappings["properties"]["activities"]["properties"] |= copy.deepcopy(dict(_OF_ACTIVITIES))
    mappings["_meta"] = mappings.get("_meta", {}) | {"fingerprint": definition.fingerprint, "base": definition.base}
    source = mappings.setdefault("_source", {})
    source["excludes"] = [*source.get("excludes", []), *_FIELDS, *(f"activities.{name}" for name in _OF_ACTIVITIES)]
    return {"settings": {**_SETTINGS, **body["settings"]}, "mappings": mappings}


def own_mappings(made: Mapping[str, Any]) -> dict[str, Any]:
    """The definition's mappings, from those of an index: the inverse of `index_body`."""
    mappings = copy.deepcopy(dict(made))
    added = {*_FIELDS, *(f"activities.{name}" for name in _OF_ACTIVITIES)}
    for name in _FIELDS:
        mappings["properties"].pop(name, None)
    for name in _OF_ACTIVITIES:
        mappings["properties"].get("activities", {}).get("properties", {}).pop(name, None)
    mappings["_source"]["excludes"] = [name for name in mappings["_source"].get("excludes", []) if name not in added]
    mappings["_meta"] = {
        name: value for name, value in mappings["_meta"].items() if name not in ("fingerprint", "base")
    }
    return mappings


def text_fields(definition: Definition) -> tuple[str, ...]:
    properties = definition.body["mappings"]["properties"]
    return tuple(name for name, mapping in properties.items() if mapping.get("type") == "text")


def indexed(document: Document, fields: tuple[str, ...], analysis: Analysis) -> Document:
    """The document as it is indexed. `fields`: those of text. What is malformed stays so, for the engine to refuse."""
    words = dict.fromkeys(word for field in fields for word in _words(document, field, analysis))
    names = dict.fromkeys(word for field in NAMES for word in _words(document, field, analysis))
    derived: Document = {"words": list(words), "name_words": list(names)}
    if isinstance(document.get("activities"), list):
        derived["activities"] = [_with_cells(activity) for activity in document["activities"]]
    return document | derived


def _with_cells(activity: Any) -> Any:
    """An activity whose zone is a circle, with the cells that it touches; any other as it is."""
    match activity:
        case {"scope": "radius", "radius_km": int(radius), "location": {"lat": int() | float() as lat, "lon": lon}}:
            pass
        case _:
            return activity
    if not isinstance(lon, int | float) or not (abs(lat) <= 90 and abs(lon) <= 180 and 0 <= radius < 2**31):
        return activity
    return activity | {"cells": cells.touched(Point(lat, lon), radius)}


def _words(document: Document, field: str, analysis: Analysis) -> Iterator[str]:
    for value in predicate.values(document, field):
        if isinstance(value, str):
            yield from analysis.terms(FOLDED, value)
