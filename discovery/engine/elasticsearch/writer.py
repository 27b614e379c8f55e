"""The writing side of an Elasticsearch index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError

from discovery.engine import formats
from discovery.engine.definition import Definition
from discovery.engine.elasticsearch import answer, indices, outcomes
from discovery.engine.elasticsearch.connection import WRITE_SECONDS, Connection, reason, whole
from discovery.engine.elasticsearch.derived import Indexed, text_fields
from discovery.engine.elasticsearch.outcomes import Lines
from discovery.engine.elasticsearch.query import lookups
from discovery.engine.port import Action, Document, EngineStatus, Held, WriteOutcome, WriteStatus

_OVERLOADED = frozenset({429, 502, 503, 504})
_TOO_LARGE = 413


class ElasticsearchWriter:
    """Writes the index named `index`, which `indices.create` made. Any number of processes may.

    Documents are analysed with `definition`: an index that was built with another one gets RETRY for every action,
    because two analyses must not mix in one index. Raises EngineUnavailable at construction when the index is away
    or of a format that is not read.
    """

    def __init__(self, connection: Connection, index: str, definition: Definition) -> None:
        self._connection = connection
        self._identity = indices.identify(connection, index)
        body = indices.read_body(connection, self._identity.index)
        self._held = indices.definition_in(body).fingerprint
        self._definition = definition
        held = body["mappings"]["properties"]
        self._derived = Indexed(text_fields(definition), definition.analysis, held)
        self._narrow = formats.narrowing(body)

    def bulk(self, actions: Iterable[Action]) -> list[WriteOutcome]:
        """One outcome per action, in order. Durable when it returns (`index.translog.durability` is `request`)."""
        ready = [outcomes.lines(action, self._prepare) for action in actions]
        if self._held != self._definition.fingerprint:
            return outcomes.all_retried(
                ready,
                f"the index was built with mappings {self._held}, this process has {self._definition.fingerprint}: "
                "rebuild the index",
            )
        return [outcome for lot in outcomes.lots(ready) for outcome in self._send(lot)]

    def _prepare(self, document: Document) -> Document:
        """As the index takes it: with what is derived, and in an index of the format before without what came since."""
        return self._narrow(self._derived(document))

    def _send(self, lot: list[Lines]) -> list[WriteOutcome]:
        sent = [one for one in lot if not one.refused]
        if not sent:
            return outcomes.all_retried(lot, "")
        client = self._connection.client.options(request_timeout=WRITE_SECONDS, max_retries=0)
        operations: list[Any] = [one.text for one in sent]
        try:
            found = client.bulk(
                index=indices.write_alias(self._identity.index),
                operations=operations,
                require_alias=True,
            )
        except TransportError as error:
            return outcomes.all_retried(lot, f"the search engine can't be reached: {error.message}")
        except ApiError as error:
            if error.status_code == _TOO_LARGE and len(sent) > 1:
                middle = len(lot) // 2
                return [*self._send(lot[:middle]), *self._send(lot[middle:])]
            if error.status_code == _TOO_LARGE:
                return _refused(lot, "the document is larger than the search engine takes")
            return outcomes.all_retried(lot, f"the search engine refused the bulk: {reason(error)}")
        items = iter(found["items"])
        return [
            WriteOutcome(one.action.id, WriteStatus.DEAD, one.refused)
            if one.refused
            else outcomes.outcome(one.action, next(iter(next(items).values())))
            for one in lot
        ]

    def versions(self, after: str = "", limit: int = 1000) -> Iterator[tuple[str, int, str]]:
        """(id, version, content fingerprint) of live and stub documents with id > after, in id order.

        All that was written before the call is told of.
        """
        index = self._identity.index
        self._connection.call(lambda client: client.indices.refresh(index=index))
        found = whole(
            self._connection.call(lambda client: client.search(index=index, body=lookups.versions(after, limit)))
        )
        for hit in found["hits"]["hits"]:
            yield hit["_id"], hit["_version"], hit["_source"].get("fingerprint", "")

    def everything(self) -> Iterator[list[Held]]:
        index = self._identity.index
        self._connection.call(lambda client: client.indices.refresh(index=index))
        opened = self._connection.call(lambda client: client.open_point_in_time(index=index, keep_alive=lookups.KEPT))
        pit, after = opened["id"], None
        try:
            while True:
                body = lookups.everything(pit, after)
                found = whole(self._connection.call(lambda client, body=body: client.search(body=body)))  # type: ignore[misc]
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
        return [Held(one["_id"], one["_version"], one["_source"]) for one in found["docs"] if one.get("found")]

    def status(self) -> EngineStatus:
        """What the index holds of all that was written so far, searchable or not."""
        index = self._identity.index
        self._connection.call(lambda client: client.indices.refresh(index=index))
        found = whole(self._connection.call(lambda client: client.search(index=index, body=lookups.state())))
        state = answer.state(found)
        return EngineStatus(
            ready=True,
            engine="elasticsearch",
            index=index,
            documents=state.documents,
            generation=f"{self._identity.uuid}-{state.stamp}",
            fingerprint=self._held,
        )

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> ElasticsearchWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _refused(lot: list[Lines], why: str) -> list[WriteOutcome]:
    return [WriteOutcome(one.action.id, WriteStatus.DEAD, one.refused or why) for one in lot]
