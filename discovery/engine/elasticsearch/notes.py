"""Notes in indices of their own beside the documents: the lock, and the journal."""

from __future__ import annotations

from typing import Any

from elasticsearch import ApiError, ConflictError, Elasticsearch, NotFoundError

from discovery.engine.catalog import Note
from discovery.engine.elasticsearch.connection import Connection, IndexMissingError

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
                client.index(index=self._index, id=_ID, document=note, if_seq_no=number, if_primary_term=term)
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
        self._connection.call(lambda client: client.index(index=self._index, document=note, refresh=True))

    def last(self, limit: int) -> list[Note]:
        try:
            found = self._connection.call(
                lambda client: client.search(index=self._index, sort=[{"at": "desc"}], size=limit)
            )
        except IndexMissingError:
            return []
        return [hit["_source"] for hit in reversed(found["hits"]["hits"])]


def _make(connection: Connection, index: str) -> None:
    """Make the index unless it is there: no guessing of types, and no wait for a cluster that forbids guessing."""

    def make(client: Elasticsearch) -> None:
        if client.indices.exists(index=index):
            return
        try:
            client.indices.create(index=index, **_BODY)
        except ApiError as error:
            if "resource_already_exists_exception" not in str(error):
                raise

    connection.call(make)
