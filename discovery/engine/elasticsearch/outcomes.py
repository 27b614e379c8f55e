"""Actions as lines of a bulk, and its items as outcomes: pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from discovery.engine.elasticsearch.connection import said
from discovery.engine.json_safety import PLAIN, no_number
from discovery.engine.port import Action, Document, WriteOutcome, WriteStatus

MAX_BYTES = 5_000_000
"""Of a bulk: Elastic advises a few megabytes."""

MAX_DOCUMENT_BYTES = 50_000_000
"""Of a document: the server cuts the connection of whoever sends more than 100 MB."""

MAX_ACTIONS = 1_000

_PASSING = frozenset({429, 500, 502, 503, 504})
_MISSING_INDEX = frozenset({"index_not_found_exception", "index_closed_exception", "cluster_block_exception"})


@dataclass(frozen=True, slots=True)
class Lines:
    """An action ready to be sent, or refused beforehand: then `refused` says why."""

    action: Action
    text: str = ""
    refused: str = ""


def lines(action: Action, prepare: Callable[[Document], Document]) -> Lines:
    """The action in the bulk's language. `prepare` makes the document that is indexed."""
    document = action.document
    header = {"_id": action.id, "version": action.version, "version_type": "external_gte"}
    if not 0 <= action.version < 2**63:
        return Lines(action, refused=f"version: {action.version} is not a number from 0 to 2^63 - 1")
    if document is None:
        return Lines(action, _json({"delete": header}))
    if not isinstance(document, dict):
        return Lines(action, refused=f"expected an object, got {document!r:.60}")
    if document.get("id") != action.id:
        return Lines(action, refused=f"id: the document says {document.get('id')!r:.60}, the action {action.id!r}")
    try:
        text = _json({"index": header}) + _json(prepare(document))
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        return Lines(action, refused=f"the document can't be written as JSON: {error}")
    if size > MAX_DOCUMENT_BYTES:
        return Lines(action, refused=f"the document has {size} bytes, larger than the {MAX_DOCUMENT_BYTES} allowed")
    return Lines(action, text)


def _json(value: Any) -> str:
    """A line of JSON: by orjson what it writes as json does; the rest by json, which says what is wrong with it."""
    if no_number(value) is None:
        try:
            return orjson.dumps(value, option=PLAIN | orjson.OPT_APPEND_NEWLINE).decode()
        except TypeError:
            pass
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def lots(ready: Iterable[Lines]) -> Iterator[list[Lines]]:
    """Cut actions into lots small enough to be sent at once, in order."""
    lot: list[Lines] = []
    size = 0
    for one in ready:
        if lot and (size + len(one.text) > MAX_BYTES or len(lot) == MAX_ACTIONS):
            yield lot
            lot, size = [], 0
        lot.append(one)
        size += len(one.text)
    if lot:
        yield lot


def outcome(action: Action, item: Mapping[str, Any]) -> WriteOutcome:
    """What became of an action, by the bulk's answer to it.

    A deletion of what is not there is a deletion: its version is kept, so that an older write does not bring it back.
    """
    status, error = item["status"], item.get("error")
    reason = said(error) if error else ""
    if status == 409:
        return WriteOutcome(action.id, WriteStatus.STALE, reason)
    if error is None and (status < 300 or (status == 404 and action.document is None)):
        done = WriteStatus.DELETED if action.document is None else WriteStatus.INDEXED
        return WriteOutcome(action.id, done)
    kind = error.get("type") if isinstance(error, dict) else None
    if status in _PASSING or kind in _MISSING_INDEX:
        return WriteOutcome(action.id, WriteStatus.RETRY, reason)
    return WriteOutcome(action.id, WriteStatus.DEAD, reason)


def all_retried(lot: Iterable[Lines], reason: str) -> list[WriteOutcome]:
    """Outcomes of a lot that could not be sent: RETRY; but documents refused beforehand stay DEAD, writing them
    again would not help."""
    return [
        WriteOutcome(one.action.id, WriteStatus.DEAD, one.refused)
        if one.refused
        else WriteOutcome(one.action.id, WriteStatus.RETRY, reason)
        for one in lot
    ]
