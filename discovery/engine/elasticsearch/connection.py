"""Calls to Elasticsearch: several addresses, own timeouts, a breaker, and one kind of error."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from elastic_transport import ConnectionTimeout, ObjectApiResponse, TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError

from discovery.engine.elasticsearch.breaker import Breaker
from discovery.engine.port import EngineUnavailable

T = TypeVar("T")

SEARCH_SECONDS = 3.0
"""A search that takes longer is answered with an error: a page that a person waits for."""

WRITE_SECONDS = 60.0
"""A bulk may wait for a merge or a full queue."""

_PORTS = {"http": 9200, "https": 443}
_OVERLOADED = frozenset({429, 502, 503, 504})


class IndexMissingError(EngineUnavailable):
    """There is no such index or alias."""


class Connection:
    """Shared by threads; a forked process opens its own sockets. `urls`: any nodes of one cluster."""

    def __init__(self, urls: Sequence[str], *, seconds: float = SEARCH_SECONDS, breaker: Breaker | None = None) -> None:
        self._urls = [with_port(url) for url in urls]
        self._seconds = seconds
        self._breaker = breaker or Breaker()
        self._lock = Lock()
        self._client: tuple[int, Elasticsearch] | None = None

    def call(self, operation: Callable[[Elasticsearch], T]) -> T:
        """The operation's result. Raises EngineUnavailable, which says what is wrong, for people."""
        if not self._breaker.allows():
            raise EngineUnavailable("the search engine does not answer; it is tried again every few seconds")
        try:
            result = operation(self.client)
        except ConnectionTimeout as error:
            self._breaker.failed()
            raise EngineUnavailable(f"the search engine did not answer within {self._seconds:g} seconds") from error
        except TransportError as error:
            self._breaker.failed()
            raise EngineUnavailable(f"the search engine can't be reached: {error.message}") from error
        except NotFoundError as error:
            self._breaker.succeeded()
            raise IndexMissingError(f"the search engine has no such index: {reason(error)}") from error
        except ApiError as error:
            overloaded = error.status_code in _OVERLOADED
            (self._breaker.failed if overloaded else self._breaker.succeeded)()
            said = "is overloaded" if overloaded else "refused the request"
            raise EngineUnavailable(f"the search engine {said}: {reason(error)}") from error
        self._breaker.succeeded()
        return result

    @property
    def client(self) -> Elasticsearch:
        """The process's own."""
        with self._lock:
            if self._client is None or self._client[0] != os.getpid():
                self._client = os.getpid(), self._open()
            return self._client[1]

    def _open(self) -> Elasticsearch:
        return Elasticsearch(
            self._urls,
            request_timeout=self._seconds,
            # Another node is tried at once; a single one a second time, since a kept connection may have died.
            max_retries=max(1, len(self._urls) - 1),
            retry_on_timeout=False,
            retry_on_status=(502, 503, 504) if len(self._urls) > 1 else (),
        )

    def close(self) -> None:
        with self._lock:
            if self._client is not None and self._client[0] == os.getpid():
                self._client[1].close()
            self._client = None


def with_port(url: str) -> str:
    """The client wants every address to name its port."""
    parts = urlsplit(url.strip().rstrip("/"))
    if parts.port is not None or parts.scheme not in _PORTS:
        return url.strip().rstrip("/")
    return urlunsplit(parts._replace(netloc=f"{parts.netloc}:{_PORTS[parts.scheme]}"))


def reason(error: ApiError) -> str:
    """Elasticsearch's own words for what went wrong."""
    return said(error.body) or str(error.message)


def said(body: Any) -> str:
    """The innermost reason of an error body, or of the error of an item; empty when it gives none."""
    if not isinstance(body, dict):
        return str(body or "")
    error = body.get("error", body)
    if not isinstance(error, dict):
        return str(error)
    causes = error.get("root_cause") or [error]
    words = str(causes[0].get("reason") or error.get("reason") or error.get("type") or "")
    cause = error.get("caused_by")
    deeper = said(cause) if isinstance(cause, dict) else ""
    return f"{words}: {deeper}" if deeper and deeper not in words else words


def whole(answer: ObjectApiResponse[Any] | dict[str, Any]) -> dict[str, Any]:
    """A search's answer when all of it is there. EngineUnavailable when time or shards lacked."""
    error = answer.get("error")
    if error is not None:
        kind = IndexMissingError if answer.get("status") == 404 else EngineUnavailable
        raise kind(f"the search engine can't answer: {said(answer)}")
    if answer.get("timed_out"):
        raise EngineUnavailable("the search took too long and was stopped")
    shards = answer.get("_shards", {})
    if shards.get("failed") or shards.get("successful", 0) + shards.get("skipped", 0) < shards.get("total", 0):
        failures = shards.get("failures") or [{}]
        raise EngineUnavailable(f"a part of the index is missing from the answer: {said(failures[0].get('reason'))}")
    return dict(answer)
