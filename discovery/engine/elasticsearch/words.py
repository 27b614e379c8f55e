"""`WordCounts` of an Elasticsearch index: its words are read once, then again when they have changed and grown old."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Lock, Thread
from time import monotonic
from typing import Any

from elasticsearch import Elasticsearch

from discovery.engine.elasticsearch.connection import Connection, whole
from discovery.engine.elasticsearch.query import lookups
from discovery.engine.port import EngineUnavailable
from discovery.engine.words import FixedWords

PAGE = 10_000
READ_SECONDS = 30.0
"""For a page of words, when nobody waits for it."""

KEPT_SECONDS = 60.0
"""Words may be that much behind the index: a correction is none the worse for it."""


class EngineWords:
    """The folded words of an index. `generation`: called for the (index, state) to be held, cheap."""

    def __init__(
        self,
        connection: Connection,
        alias: str,
        generation: Callable[[], tuple[str, str]],
        kept_seconds: float = KEPT_SECONDS,
    ) -> None:
        self._connection, self._alias, self._generation = connection, alias, generation
        self._kept_seconds = kept_seconds
        self._lock = Lock()
        self._held: tuple[tuple[str, str], float, FixedWords] | None = None
        self._reading = False

    def count(self, word: str) -> int:
        return self._words().count(word)

    def near(self, word: str, limit: int = 5) -> Sequence[tuple[str, int]]:
        return self._words().near(word, limit)

    def _words(self) -> FixedWords:
        """The first are read at once. Once held they serve; those of another index are read behind the scenes, and of
        another state of the same one when the ones held have grown old."""
        now = self._generation()
        with self._lock:
            held = self._held
            if held is None:
                return self._read(now)
            aged = held[0][0] != now[0] or monotonic() - held[1] >= self._kept_seconds
            if held[0] != now and aged and not self._reading:
                self._reading = True
                Thread(target=self._read_quietly, args=(now,), name="words", daemon=True).start()
            return held[2]

    def _read(self, generation: tuple[str, str], seconds: float | None = None) -> FixedWords:
        words = FixedWords(dict(read(self._connection, self._alias, seconds)))
        self._held = generation, monotonic(), words
        return words

    def _read_quietly(self, generation: tuple[str, str]) -> None:
        try:
            self._read(generation, READ_SECONDS)
        except EngineUnavailable:
            pass  # the words held still serve; the next correction tries again
        finally:
            self._reading = False


def read(connection: Connection, alias: str, seconds: float | None = None) -> Iterator[tuple[str, int]]:
    """Every word with the number of live documents that hold it. `seconds` for each of the calls that it takes."""
    after: str | None = None
    while True:
        found = _page(connection, alias, lookups.words(after, PAGE), seconds)["aggregations"]["words"]
        yield from ((bucket["key"]["word"], bucket["doc_count"]) for bucket in found["buckets"])
        if "after_key" not in found:
            return
        after = found["after_key"]["word"]


def _page(connection: Connection, alias: str, body: dict[str, Any], seconds: float | None) -> dict[str, Any]:
    def ask(client: Elasticsearch) -> Any:
        patient = client if seconds is None else client.options(request_timeout=seconds)
        return patient.search(index=alias, body=body)

    return whole(connection.ask(ask))
