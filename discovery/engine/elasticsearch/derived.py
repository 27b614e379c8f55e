"""What this engine adds to the index body and to documents: the words of look-ups, what all
activities of a supplier say together, and its lot among equals, which the embedded engine derives
for itself too. Pure.
"""

import copy
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from discovery.engine import predicate
from discovery.engine.analysis import Analysis
from discovery.engine.definition import NAMES, VOCABULARY_SUFFIX, Definition
from discovery.engine.elasticsearch.query.facets import ON_ACTIVITIES, TOGETHER
from discovery.engine.elasticsearch.query.order import LOT
from discovery.engine.port import Document, lot

FOLDED = "folded"
"""The analyzer of words as people type them."""

REMEMBERED = 4_096
"""Texts of the vocabulary: there are some hundred."""

_FIELDS: Mapping[str, Any] = {
    "words": {"type": "keyword"},  # every word of the text fields: the dictionary of corrections
    "name_words": {"type": "keyword", "doc_values": False},  # those of the names: `names`
    # Of all activities together: where no zone or other value of the same activity is asked for,
    # facets count these, which costs a fraction of counting activities and finding their suppliers.
    **{name: {"type": "keyword", "index": False} for name in TOGETHER.values()},
    "one_zone": {"type": "boolean"},  # its activities all serve the same places
    **{name: {"type": "boolean", "index": False} for name in LOT},
}

_ZONE = ("scope", "radius_km", "location", "places", "places_within")

_SETTINGS: Mapping[str, Any] = {
    # an export pages through everything; one shard sorts that many in a blink
    "max_result_window": 100_000,
    "mapping.coerce": False,  # "12" is no number: both engines refuse the same documents
}


def index_body(definition: Definition) -> dict[str, Any]:
    """The body that creates an index: the definition's `settings` and `mappings`, with the derived
    fields and the fingerprint.
    """
    body = copy.deepcopy(definition.body)
    mappings = body["mappings"]
    mappings["properties"] |= copy.deepcopy(dict(_FIELDS))
    mappings["_meta"] = mappings.get("_meta", {}) | {"fingerprint": definition.fingerprint}
    source = mappings.setdefault("_source", {})
    source["excludes"] = [*source.get("excludes", []), *_FIELDS]
    return {"settings": {**_SETTINGS, **body["settings"]}, "mappings": mappings}


def own_mappings(made: Mapping[str, Any]) -> dict[str, Any]:
    """The definition's mappings, from those of an index: the inverse of `index_body`."""
    mappings = copy.deepcopy(dict(made))
    for name in _FIELDS:
        mappings["properties"].pop(name, None)
    mappings["_source"]["excludes"] = [
        name for name in mappings["_source"].get("excludes", []) if name not in _FIELDS
    ]
    mappings["_meta"].pop("fingerprint", None)
    return mappings


def text_fields(definition: Definition) -> tuple[str, ...]:
    """Names of the definition's analysed fields, in its order."""
    properties = definition.body["mappings"]["properties"]
    return tuple(name for name, mapping in properties.items() if mapping.get("type") == "text")


class Indexed:
    """A document as it is indexed, with what is derived from it. What many suppliers hold, texts of
    the vocabulary, is read once.
    """

    def __init__(self, fields: Sequence[str], analysis: Analysis) -> None:
        """`fields`: those of text."""
        self._fields = fields
        self._words = lambda text: dict.fromkeys(analysis.terms(FOLDED, text))
        self._known = lru_cache(REMEMBERED)(self._words)

    def __call__(self, document: Document) -> Document:
        found: dict[str, dict[str, None]] = {"words": {}, "name_words": {}}
        for field in self._fields:
            read = self._known if field.endswith(VOCABULARY_SUFFIX) else self._words
            for value in predicate.values(document, field):
                if isinstance(value, str):  # anything else is for the engine to refuse
                    words = read(value)
                    found["words"].update(words)
                    if field in NAMES:
                        found["name_words"].update(words)
        bits = lot(document["id"])
        return {
            **document,
            **{name: list(words) for name, words in found.items()},
            **_together(document),
            **{name: bool(bits >> bit & 1) for bit, name in enumerate(LOT)},
        }


def _together(document: Document) -> Document:
    """Of what is no activity at all nothing is derived: the engine refuses the document."""
    activities = [one for one in predicate.activities(document) if isinstance(one, Mapping)]
    found: Document = {}
    for facet, path in ON_ACTIVITIES.items():
        values = (
            value for one in activities for value in predicate.values(one, path.partition(".")[2])
        )
        found[TOGETHER[facet]] = list(
            dict.fromkeys(value for value in values if isinstance(value, str))
        )
    zones = [[one.get(name) for name in _ZONE] for one in activities]
    return found | {"one_zone": all(zone == zones[0] for zone in zones[1:])}
