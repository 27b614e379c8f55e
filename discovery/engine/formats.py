"""Formats of documents: today's, and the one before, which is read and written until a rebuild (decision 11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from discovery.engine.port import Document, EngineUnavailable
from discovery.model.attributes import FIELDS

DOCUMENT_FORMAT = 3
"""Bumped here and in `suppliers.json` (`_meta.format`) by the commit that changes what the document builder writes. A
format only adds fields, and each may be missing: so an index of the format before can be searched."""


class ForeignFormatError(EngineUnavailable):
    """An index of a format that this version knows nothing of: only a rebuild helps."""


def format_of(body: Mapping[str, Any]) -> int | None:
    """The document format that an index body declares."""
    found = body.get("mappings", {}).get("_meta", {}).get("format")
    return found if isinstance(found, int) else None


def current(body: Mapping[str, Any]) -> bool:
    """Whether the index can hold all that documents of today say: else it is of the format before, or lacks an
    attribute that came since."""
    return format_of(body) == DOCUMENT_FORMAT and not _unknown(body)


def _unknown(body: Mapping[str, Any]) -> frozenset[str]:
    """Fields of attributes that the index knows nothing of."""
    return frozenset(name for name in FIELDS.values() if name not in body["mappings"]["properties"])


def check(body: Mapping[str, Any], index: str) -> None:
    """Raise ForeignFormatError, for people, unless the index is of a format that can be read."""
    found = format_of(body)
    if found not in (DOCUMENT_FORMAT, DOCUMENT_FORMAT - 1):
        raise ForeignFormatError(
            f"{index} holds documents of format {found}, this version reads {DOCUMENT_FORMAT} and the one before: "
            "run `indexer rebuild`"
        )


def narrowing(body: Mapping[str, Any]) -> Callable[[Document], Document]:
    """A function from a document of today to what an index of `body` can hold: without the fields that came since."""
    if format_of(body) == DOCUMENT_FORMAT - 1:
        return partial(_known, body["mappings"]["properties"])
    unknown = _unknown(body)
    return partial(_without, unknown) if unknown else _as_it_is


def _as_it_is(document: Document) -> Document:
    return document


def _without(fields: frozenset[str], document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in fields}


def _known(properties: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, list):
        return [_known(properties, one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _inner(properties[name], item) for name, item in value.items() if name in properties}


def _inner(field: Mapping[str, Any], value: Any) -> Any:
    return _known(field["properties"], value) if "properties" in field else value
