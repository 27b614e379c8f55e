"""The catalog of a cluster's indices: an alias for the one that serves, another for the one that is being built."""

from __future__ import annotations

from datetime import datetime

from discovery.config import Settings
from discovery.engine.catalog import Targets
from discovery.engine.definition import Definition
from discovery.engine.elasticsearch import indices
from discovery.engine.elasticsearch.connection import connect
from discovery.engine.elasticsearch.engine import ElasticsearchEngine
from discovery.engine.elasticsearch.notes import DocumentJournal, DocumentSlot
from discovery.engine.elasticsearch.writer import ElasticsearchWriter
from discovery.engine.names import following, ours
from discovery.engine.port import EngineUnavailable

CALL_SECONDS = 30.0
"""Indices are made and moved by the cluster's master, one after the other, and acknowledged by every node."""


class ElasticsearchCatalog:
    """A `Catalog`: the indices of one prefix on one cluster."""

    def __init__(self, settings: Settings) -> None:
        self.prefix = settings.index_prefix
        self._settings = settings
        self._connection = connect(settings, seconds=CALL_SECONDS)
        self._building = f"{self.prefix}-building"
        self._pattern = f"{self.prefix}-*"
        self.lock = DocumentSlot(self._connection, f"{self.prefix}-lock")
        self.journal = DocumentJournal(self._connection, f"{self.prefix}-journal")

    def targets(self) -> Targets:
        serving, building = indices.aliased(self._connection, self.prefix, self._building)
        if len(serving) > 1:
            raise EngineUnavailable(
                f"the alias {self.prefix} stands for {' and '.join(serving)}: take it off all but the right one"
            )
        # Of several that processes that died had under way, the newest takes writes until all are swept.
        return Targets(next(iter(serving), None), next(reversed(ours(self.prefix, building)), None))

    def names(self) -> list[str]:
        return ours(self.prefix, self._connection.call(lambda client: client.indices.get_alias(index=self._pattern)))

    def create(self, definition: Definition, now: datetime) -> str:
        name = following(self.prefix, definition.fingerprint, now, self.names())
        indices.create(self._connection, name, definition, aliases=[self._building], settings=indices.FILLING)
        return name

    def finish(self, name: str, definition: Definition) -> None:
        indices.finish(self._connection, name, definition)

    def register(self, name: str) -> None:
        indices.move(self._connection, self._pattern, to={self._building: name})

    def unregister(self, name: str) -> None:
        indices.move(self._connection, name, to={}, off=[self._building])

    def promote(self, name: str) -> None:
        indices.move(self._connection, self._pattern, to={self.prefix: name}, off=[self._building])

    def remove(self, name: str) -> None:
        self._connection.call(lambda client: client.indices.delete(index=name, ignore_unavailable=True))

    def extend(self, name: str, definition: Definition) -> None:
        indices.extend(self._connection, name, definition)

    def definition_of(self, name: str) -> Definition:
        return indices.read_definition(self._connection, name)

    def writer_of(self, name: str) -> ElasticsearchWriter:
        return ElasticsearchWriter(connect(self._settings), name, self.definition_of(name))

    def reader_of(self, name: str) -> ElasticsearchEngine:
        return ElasticsearchEngine(connect(self._settings, seconds=CALL_SECONDS), name)

    def close(self) -> None:
        self._connection.close()
