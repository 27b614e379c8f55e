"""The catalog of a cluster's indices: an alias for the one that serves, another for the one that is
being built.
"""

import re
from datetime import datetime
from typing import Any

from elasticsearch import ApiError, ConflictError, Elasticsearch, NotFoundError

from discovery.engine.catalog import Note, Targets, following, ours
from discovery.engine.definition import Definition
from discovery.engine.elasticsearch import indices
from discovery.engine.elasticsearch.connection import Connection, IndexMissingError, connect
from discovery.engine.elasticsearch.engine import ElasticsearchEngine
from discovery.engine.elasticsearch.writer import ElasticsearchWriter
from discovery.engine.port import EngineUnavailable
from discovery.mappings import Settings

_ID = "1"
_BODY: dict[str, Any] = {
    "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1"},
    "mappings": {"dynamic": False, "properties": {"at": {"type": "date"}}},
}


class DocumentSlot:
    """A `Slot` in one document. Its mark is the document's sequence number and primary term."""

    def __init__(self, connection: Connection, index: str) -> None:
        self._connection = connection
        self._index = index

    def read(self) -> tuple[Note | None, Any]:
        try:
            found = self._connection.call(lambda client: client.get(index=self._index, id=_ID))
        except IndexMissingError:  # no such document, or no such index
            return None, None
        return found["_source"], (found["_seq_no"], found["_primary_term"])

    def write(self, note: Note | None, mark: Any) -> bool:
        if note is None and mark is None:
            return True
        if mark is None:
            _make(self._connection, self._index)
        return self._connection.call(lambda client: self._swap(client, note, mark))

    def _swap(self, client: Elasticsearch, note: Note | None, mark: Any) -> bool:
        try:
            if mark is None:
                client.create(index=self._index, id=_ID, document=note)
                return True
            number, term = mark
            if note is None:
                client.delete(index=self._index, id=_ID, if_seq_no=number, if_primary_term=term)
            else:
                client.index(
                    index=self._index, id=_ID, document=note, if_seq_no=number, if_primary_term=term
                )
        except (ConflictError, NotFoundError):
            return False
        return True


class DocumentJournal:
    """A `Journal` of one document a note."""

    def __init__(self, connection: Connection, index: str) -> None:
        self._connection = connection
        self._index = index

    def append(self, note: Note) -> None:
        _make(self._connection, self._index)
        self._connection.call(
            lambda client: client.index(index=self._index, document=note, refresh=True)
        )

    def last(self, limit: int) -> list[Note]:
        try:
            found = self._connection.call(
                lambda client: client.search(index=self._index, sort=[{"at": "desc"}], size=limit)
            )
        except IndexMissingError:
            return []
        return [hit["_source"] for hit in reversed(found["hits"]["hits"])]


def _make(connection: Connection, index: str) -> None:
    """Make the index unless it is there: no guessing of types, and no wait for a cluster that
    forbids guessing.
    """

    def make(client: Elasticsearch) -> None:
        if client.indices.exists(index=index):
            return
        try:
            client.indices.create(index=index, **_BODY)
        except ApiError as error:
            if "resource_already_exists_exception" not in str(error):
                raise

    connection.call(make)


CALL_SECONDS = 30.0
"""Indices are made and moved by the cluster's master, one after the other, and acknowledged by
every node; what was just written is refreshed before it is read.
"""


class ElasticsearchCatalog:
    """A `Catalog`: the indices of one prefix on one cluster."""

    def __init__(self, settings: Settings) -> None:
        self.prefix = settings.index_prefix
        self._settings = settings
        self._connection = connect(settings, seconds=CALL_SECONDS)
        self._serving = indices.alias(self.prefix)
        self._building = f"{self._serving}-building"
        self._pattern = f"{self.prefix}-*"
        self.lock = DocumentSlot(self._connection, f"{self.prefix}-lock")
        self.journal = DocumentJournal(self._connection, f"{self.prefix}-journal")

    def targets(self) -> Targets:
        serving, building = indices.aliased(self._connection, self._serving, self._building)
        if len(serving) > 1:
            raise EngineUnavailable(
                f"the alias {self._serving} stands for {' and '.join(serving)}: take it off all but the right one"
            )
        # Of several that processes that died had under way, the newest takes writes until all are
        # swept.
        return Targets(next(iter(serving), None), next(reversed(ours(self.prefix, building)), None))

    def names(self) -> list[str]:
        return ours(
            self.prefix,
            self._connection.call(lambda client: client.indices.get_alias(index=self._pattern)),
        )

    def foreign(self) -> list[str]:
        held = self._connection.call(lambda client: client.indices.get_alias(index=self._pattern))
        serving = re.compile(rf"{re.escape(self.prefix)}(-format-(?!.*-building).+)?")
        others = (
            index
            for index, body in held.items()
            if any(serving.fullmatch(alias) and alias != self._serving for alias in body["aliases"])
        )
        return ours(self.prefix, others)

    def create(self, definition: Definition, now: datetime) -> str:
        name = following(self.prefix, definition.fingerprint, now, self.names())
        indices.create(
            self._connection, name, definition, aliases=[self._building], settings=indices.FILLING
        )
        return name

    def finish(self, name: str, definition: Definition) -> None:
        indices.finish(self._connection, name, definition)

    def register(self, name: str) -> None:
        indices.move(self._connection, self._pattern, to={self._building: name})

    def unregister(self, name: str) -> None:
        indices.move(self._connection, name, to={}, off=[self._building])

    def promote(self, name: str) -> None:
        indices.move(
            self._connection, self._pattern, to={self._serving: name}, off=[self._building]
        )

    def remove(self, name: str) -> None:
        self._connection.call(
            lambda client: client.indices.delete(index=name, ignore_unavailable=True)
        )

    def definition_of(self, name: str) -> Definition:
        return indices.read_definition(self._connection, name)

    def writer_of(self, name: str) -> ElasticsearchWriter:
        return ElasticsearchWriter(
            connect(self._settings, seconds=CALL_SECONDS), name, self.definition_of(name)
        )

    def reader_of(self, name: str) -> ElasticsearchEngine:
        return ElasticsearchEngine(connect(self._settings, seconds=CALL_SECONDS), name)

    def close(self) -> None:
        self._connection.close()
