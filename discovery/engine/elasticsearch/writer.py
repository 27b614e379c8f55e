"""The writing side of an Elasticsearch index."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import methodcaller
from typing import Any

import orjson
from elastic_transport import TransportError
from elasticsearch import ApiError

from discovery.engine.definition import Definition
from discovery.engine.elasticsearch import indices
from discovery.engine.elasticsearch.connection import WRITE_SECONDS, Connection, reason, said, whole
from discovery.engine.elasticsearch.derived import Indexed, text_fields
from discovery.engine.elasticsearch.query import lookups
from discovery.engine.json_safety import PLAIN, no_number
from discovery.engine.port import Action, Document, EngineStatus, Held, WriteOutcome, WriteStatus
from discovery.model import dataclass

MAX_BYTES = 5_000_000
"""Of a bulk: Elastic advises a few megabytes."""

MAX_DOCUMENT_BYTES = 50_000_000
"""Of a document: the server cuts the connection of whoever sends more than 100 MB."""

MAX_ACTIONS = 1_000

_PASSING = frozenset({429, 500, 502, 503, 504})
_MISSING_INDEX = frozenset(
    {"index_not_found_exception", "index_closed_exception", "cluster_block_exception"}
)


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
        return Lines(
            action, refused=f"version: {action.version} is not a number from 0 to 2^63 - 1"
        )
    if document is None:
        return Lines(action, _json({"delete": header}))
    if not isinstance(document, dict):
        return Lines(action, refused=f"expected an object, got {document!r:.60}")
    if document.get("id") != action.id:
        return Lines(
            action,
            refused=f"id: the document says {document.get('id')!r:.60}, the action {action.id!r}",
        )
    try:
        text = _json({"index": header}) + _json(prepare(document))
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        return Lines(action, refused=f"the document can't be written as JSON: {error}")
    if size > MAX_DOCUMENT_BYTES:
        return Lines(
            action,
            refused=f"the document has {size} bytes, larger than the {MAX_DOCUMENT_BYTES} allowed",
        )
    return Lines(action, text)


def _json(value: Any) -> str:
    """A line of JSON: by orjson what it writes as json does; the rest by json, which says what is
    wrong with it.
    """
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

    A deletion of what is not there is a deletion: its version is kept, so that an older write does
    not bring it back.
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


def unsent(
    lot: Iterable[Lines], reason: str, status: WriteStatus = WriteStatus.RETRY
) -> list[WriteOutcome]:
    """Outcomes of a lot that could not be sent; but documents refused beforehand stay DEAD, writing
    them again would not help.
    """
    return [
        WriteOutcome(
            one.action.id, WriteStatus.DEAD if one.refused else status, one.refused or reason
        )
        for one in lot
    ]


_TOO_LARGE = 413


class ElasticsearchWriter:
    """Writes the index named `index`, which `indices.create` made. Any number of processes may.

    Documents are analysed with `definition`: an index that was built with another one gets RETRY
    for every action, because two analyses must not mix in one index. Raises EngineUnavailable at
    construction when the index is away or of a format that is not read.
    """

    def __init__(self, connection: Connection, index: str, definition: Definition) -> None:
        self._connection = connection
        self._identity = indices.identify(connection, index)
        self._held = indices.read_definition(connection, self._identity.index).fingerprint
        self._definition = definition
        self._derived = Indexed(text_fields(definition), definition.analysis)

    def bulk(self, actions: Iterable[Action]) -> list[WriteOutcome]:
        """One outcome per action, in order. Durable when it returns (`index.translog.durability` is
        `request`).
        """
        ready = [lines(action, self._derived) for action in actions]
        if self._held != self._definition.fingerprint:
            return unsent(
                ready,
                f"the index was built with mappings {self._held}, this process has {self._definition.fingerprint}: "
                "rebuild the index",
            )
        return [outcome for lot in lots(ready) for outcome in self._send(lot)]

    def _send(self, lot: list[Lines]) -> list[WriteOutcome]:
        sent = [one for one in lot if not one.refused]
        if not sent:
            return unsent(lot, "")
        client = self._connection.client.options(request_timeout=WRITE_SECONDS, max_retries=0)
        operations: list[Any] = [one.text for one in sent]
        try:
            found = client.bulk(
                index=indices.write_alias(self._identity.index),
                operations=operations,
                require_alias=True,
            )
        except TransportError as error:
            return unsent(lot, f"the search engine can't be reached: {error.message}")
        except ApiError as error:
            if error.status_code == _TOO_LARGE and len(sent) > 1:
                middle = len(lot) // 2
                return [*self._send(lot[:middle]), *self._send(lot[middle:])]
            if error.status_code == _TOO_LARGE:
                return unsent(
                    lot, "the document is larger than the search engine takes", WriteStatus.DEAD
                )
            return unsent(lot, f"the search engine refused the bulk: {reason(error)}")
        items = iter(found["items"])
        return [
            WriteOutcome(one.action.id, WriteStatus.DEAD, one.refused)
            if one.refused
            else outcome(one.action, next(iter(next(items).values())))
            for one in lot
        ]

    def versions(self, after: str = "", limit: int = 1000) -> dict[str, int]:
        found = self._searched(lookups.versions(after, limit))
        return {hit["_id"]: hit["_version"] for hit in found["hits"]["hits"]}

    def _searched(self, body: dict[str, Any]) -> dict[str, Any]:
        """The answer of the index with all that was written so far."""
        index = self._identity.index
        self._connection.call(lambda client: client.indices.refresh(index=index))
        return whole(self._connection.call(lambda client: client.search(index=index, body=body)))

    def everything(self) -> Iterator[list[Held]]:
        index = self._identity.index
        self._connection.call(lambda client: client.indices.refresh(index=index))
        opened = self._connection.call(
            lambda client: client.open_point_in_time(index=index, keep_alive=lookups.KEPT)
        )
        pit, after = opened["id"], None
        try:
            while True:
                body = lookups.everything(pit, after)
                found = whole(self._connection.call(methodcaller("search", body=body)))
                hits = found["hits"]["hits"]
                if not hits:
                    return
                yield [Held(hit["_id"], hit["_version"], hit["_source"]) for hit in hits]
                pit, after = found["pit_id"], hits[-1]["sort"]
        finally:
            self._connection.call(lambda client: client.close_point_in_time(id=pit))

    def held(self, ids: Sequence[str]) -> list[Held]:
        if not ids:
            return []
        index, wanted = self._identity.index, list(ids)
        found = self._connection.call(lambda client: client.mget(index=index, ids=wanted))
        return [
            Held(one["_id"], one["_version"], one["_source"])
            for one in found["docs"]
            if one.get("found")
        ]

    def status(self) -> EngineStatus:
        """What the index holds of all that was written so far, searchable or not."""
        return self._identity.status(lookups.state_in(self._searched(lookups.state())), self._held)

    def close(self) -> None:
        self._connection.close()
