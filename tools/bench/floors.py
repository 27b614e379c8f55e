"""The engine alone: what the service asks of it for a request is written down, then asked again
without the service.

Of the embedded engine these are calls of the port; of Elasticsearch the same bytes, sent over one
open connection, the answer read to its end and not parsed.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from discovery.engine.elasticsearch import Connection, ElasticsearchEngine
from discovery.engine.elasticsearch.query import lookups
from discovery.engine.port import (
    Clusters,
    Document,
    Grid,
    SearchEngine,
    Searcher,
    SearchPage,
    SearchRequest,
)

Call = Callable[[], object]


class Recorded:
    """An engine that writes down the costly calls made of it; the rest passes through."""

    def __init__(self, engine: SearchEngine | Searcher, opened_by: Recorded | None = None) -> None:
        self._engine = engine
        self._opened_by = opened_by or self
        self.calls: list[Call] = []

    @contextmanager
    def searcher(self) -> Iterator[Recorded]:
        """What is asked of one state is written down too, to be asked again of the engine as it is
        by then.
        """
        with self._engine.searcher() as index:  # type: ignore[union-attr]
            yield Recorded(index, self._opened_by)

    def search(self, request: SearchRequest) -> SearchPage:
        return self._made("search", request)

    def searches(self, requests: Sequence[SearchRequest]) -> list[SearchPage]:
        return self._made("searches", requests)

    def counts(self, requests: Sequence[SearchRequest]) -> list[int]:
        return self._made("counts", requests)

    def clusters(self, request: SearchRequest, grid: Grid) -> Clusters:
        return self._made("clusters", request, grid)

    def names(self, prefix: str, limit: int = 10) -> list[Document]:
        return self._made("names", prefix, limit)

    def _made(self, name: str, *asked: Any) -> Any:
        opener = self._opened_by
        opener.calls.append(partial(getattr(opener._engine, name), *asked))
        return getattr(self._engine, name)(*asked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def taken(self) -> list[Call]:
        """What was asked since the last time."""
        calls, self.calls = self.calls, []
        return calls


class RecordedBodies(ElasticsearchEngine):
    """Elasticsearch, and the bodies sent to it, of all but looks at the index's state."""

    def __init__(self, url: str, alias: str) -> None:
        super().__init__(Connection([url]), alias)
        parts = urlsplit(url)
        self._raw = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        self._bodies: list[bytes] = []
        self._index = alias

    def _searches(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        def sent(lines: Sequence[dict[str, Any]]) -> bytes:
            return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)

        if bodies != [lookups.state()]:
            self._bodies.append(sent(self._lines(bodies)))
        return super()._searches(bodies)

    def taken(self) -> list[Call]:
        bodies, self._bodies = self._bodies, []
        return [lambda body=body: self._post(body) for body in bodies]  # type: ignore[misc]

    def _post(self, body: bytes) -> int:
        headers = {"Content-Type": "application/x-ndjson", "Accept": "application/json"}
        self._raw.request("POST", f"/{self._index}/_msearch", body, headers)
        response = self._raw.getresponse()
        read = len(response.read())
        assert response.status == 200, response.status
        return read

    def forget(self) -> None:
        """Empty Elasticsearch's own caches of answers and filters."""
        self._connection.client.indices.clear_cache(index=self._index)
