"""Calls to Elasticsearch: several addresses, own timeouts, a breaker, and one kind of error."""

import logging
import os
import ssl
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit, urlunsplit

import orjson
from elastic_transport import ConnectionTimeout, ObjectApiResponse, TransportError
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError
from elasticsearch.serializer import JsonSerializer, NdjsonSerializer

from discovery.engine.breaker import Breaker
from discovery.engine.port import EngineUnavailable, EngineUnreachable
from discovery.mappings import Settings, SettingsError
from discovery.model import dataclass, field

_PORTS = {"http": 9200, "https": 443}


@dataclass(frozen=True, slots=True)
class Access:
    """A user with a password, or an API key, or neither; certificates to trust beside the system's.
    Shows no secret.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    ca: Path | None = None

    def options(self) -> dict[str, Any]:
        """The keyword arguments of Elasticsearch's client."""
        found: dict[str, Any] = {}
        if self.user:
            found["basic_auth"] = (self.user, self.password)
        if self.api_key:
            found["api_key"] = self.api_key
        if self.ca is not None:
            found["ca_certs"] = str(self.ca)
        return found


def access(settings: Settings) -> tuple[list[str], Access]:
    """The addresses, freed from the user that one may hold, and the way in. Raises SettingsError
    when it can't be meant.

    A cluster has one user for all its nodes, so an address that names one does for the others.
    """
    urls, named = [], set[tuple[str, str]]()
    for url in settings.engine.split(","):
        parts = urlsplit(url.strip())
        if parts.username:
            named.add((unquote(parts.username), unquote(parts.password or "")))
        urls.append(with_port(urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))))
    if settings.engine_user:
        named.add((settings.engine_user, settings.engine_password))
    if len(named) > 1:
        raise SettingsError(
            "DISCOVERY_ENGINE, DISCOVERY_ENGINE_USER: they name different users; name one, once"
        )
    if settings.engine_password and not settings.engine_user:
        raise SettingsError(
            "DISCOVERY_ENGINE_PASSWORD: set without DISCOVERY_ENGINE_USER; set both, or neither"
        )
    if named and settings.engine_api_key:
        raise SettingsError(
            "DISCOVERY_ENGINE_API_KEY: set beside a user; keep the key or the user, not both"
        )
    user, password = next(iter(named), ("", ""))
    return urls, Access(user, password, settings.engine_api_key, _certificates(settings.engine_ca))


def with_port(url: str) -> str:
    """The client wants every address to name its port."""
    parts = urlsplit(url.strip().rstrip("/"))
    if parts.port is not None or parts.scheme not in _PORTS:
        return url.strip().rstrip("/")
    return urlunsplit(parts._replace(netloc=f"{parts.netloc}:{_PORTS[parts.scheme]}"))


def _certificates(file: Path | None) -> Path | None:
    """Read once, so that a file that is none is told at start rather than at the first search."""
    if file is None:
        return None
    try:
        ssl.create_default_context(cafile=file)
    except ssl.SSLError:
        raise SettingsError(
            f"DISCOVERY_ENGINE_CA={file}: holds no certificate in PEM; name the authority's"
        ) from None
    except OSError as error:
        raise SettingsError(
            f"DISCOVERY_ENGINE_CA={file}: {error.strerror}; name the authority's file"
        ) from None
    return file


T = TypeVar("T")

SEARCH_SECONDS = 3.0
"""A search that takes longer is answered with an error: a person waits for it.
`DISCOVERY_ENGINE_TIMEOUT` sets it.
"""

MAX_TRIES = 3
"""Nodes asked for one answer, when several are known."""

WRITE_SECONDS = 60.0
"""A bulk may wait for a merge or a full queue."""

logging.getLogger("elastic_transport").setLevel(logging.ERROR)
"""Of each try that failed the client warns with a traceback; what comes of it all is ours to say,
in a line.
"""

_OVERLOADED = frozenset({429, 502, 503, 504})
_CLOSED = frozenset({401, 403})


class Quick(JsonSerializer):
    """JSON by orjson, in a tenth of the time; half a character, which it refuses, is written the
    patient way.
    """

    def json_dumps(self, data: Any) -> bytes:
        try:
            return orjson.dumps(data)
        except TypeError:
            return super().json_dumps(data)

    def json_loads(self, data: bytes) -> Any:
        return orjson.loads(data)


class QuickLines(Quick, NdjsonSerializer):
    """The same, a line each."""


class IndexMissingError(EngineUnavailable):
    """There is no such index or alias."""


class _Clients(NamedTuple):
    """A process's own, over the same sockets: `any` sends once what may not be sent twice,
    `reading` asks again.
    """

    process: int
    any: Elasticsearch
    reading: Elasticsearch


class Connection:
    """Shared by threads; a forked process opens its own sockets. `urls`: any nodes of one cluster.

    `seconds`: how long a call may take, unless its own options say otherwise. Of several nodes up
    to three are asked, one after the other, each for its share of that time.
    """

    def __init__(
        self,
        urls: Sequence[str],
        *,
        access: Access | None = None,
        seconds: float = SEARCH_SECONDS,
        breaker: Breaker | None = None,
    ) -> None:
        self._urls = [with_port(url) for url in urls]
        self._tries = min(len(self._urls), MAX_TRIES)
        self.seconds = seconds
        self.share = seconds / max(1, self._tries)
        self._access = access or Access()
        self.breaker = breaker or Breaker()
        self._lock = Lock()
        self._clients: _Clients | None = None

    def ask(self, operation: Callable[[Elasticsearch], T]) -> T:
        """Call an operation that only reads: as `call`, but when a node does not answer in time,
        another one is asked. Raises EngineUnavailable.
        """
        return self.call(lambda _: operation(self._opened().reading))

    def call(self, operation: Callable[[Elasticsearch], T]) -> T:
        """The operation's result. Raises EngineUnavailable, which says what is wrong, for people."""
        if not self.breaker.allows():
            raise EngineUnreachable(
                "the search engine does not answer; it is tried again every few seconds"
            )
        try:
            result = operation(self.client)
        except ConnectionTimeout as error:
            self.breaker.failed()
            raise EngineUnreachable(
                f"the search engine did not answer within {self.seconds:g} seconds"
            ) from error
        except TransportError as error:
            self.breaker.failed()
            raise EngineUnreachable(
                f"the search engine can't be reached: {error.message}"
            ) from error
        except ApiError as error:
            (self.breaker.failed if error.status_code in _OVERLOADED else self.breaker.succeeded)()
            raise _refusal(error) from error
        self.breaker.succeeded()
        return result

    @property
    def client(self) -> Elasticsearch:
        """The client of this process (a forked one makes its own)."""
        return self._opened().any

    def _opened(self) -> _Clients:
        with self._lock:
            if self._clients is None or self._clients.process != os.getpid():
                # Another node is tried at once; a single one a second time, since a kept connection
                # may have died.
                opened = Elasticsearch(
                    self._urls,
                    request_timeout=self.seconds,
                    **self._access.options(),
                    serializers={one.mimetype: one for one in (Quick(), QuickLines())},
                    max_retries=max(1, self._tries - 1),
                    retry_on_timeout=False,
                    retry_on_status=(502, 503, 504) if self._tries > 1 else (),
                )
                reading = opened.options(
                    request_timeout=self.share, retry_on_timeout=self._tries > 1
                )
                self._clients = _Clients(os.getpid(), opened, reading)
            return self._clients

    def close(self) -> None:
        """Close the client, if this process opened one."""
        with self._lock:
            if self._clients is not None and self._clients.process == os.getpid():
                self._clients.any.close()
            self._clients = None


def _refusal(error: ApiError) -> EngineUnavailable:
    """An error that was answered, for people."""
    why, status = reason(error), error.status_code
    if status in _CLOSED:
        return EngineUnreachable(
            f"the search engine does not let us in (see DISCOVERY_ENGINE_USER, DISCOVERY_ENGINE_API_KEY): {why}"
        )
    if status in _OVERLOADED:
        return EngineUnavailable(f"the search engine is overloaded: {why}")
    if isinstance(error, UnsupportedProductError) or "x-elastic-product" not in error.meta.headers:
        return EngineUnreachable(
            "what answers at its address is not Elasticsearch (OpenSearch is another product, and not spoken to): "
            "name an Elasticsearch 9, or `embedded`"
        )
    return (
        _missing(why)
        if status == 404
        else EngineUnavailable(f"the search engine refused the request: {why}")
    )


def _missing(why: str) -> IndexMissingError:
    return IndexMissingError(f"the search engine has no index yet ({why}): run `indexer rebuild`")


def connect(settings: Settings, *, seconds: float | None = None) -> Connection:
    """A connection to the cluster of the settings; nothing is called yet. `seconds`: the timeout,
    instead of theirs. Raises SettingsError when the settings contradict each other.
    """
    urls, way_in = access(settings)
    return Connection(urls, access=way_in, seconds=seconds or settings.engine_timeout)


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
    deeper = said(error.get("caused_by"))
    return f"{words}: {deeper}" if deeper and deeper not in words else words


def whole(answer: ObjectApiResponse[Any] | dict[str, Any]) -> dict[str, Any]:
    """A search's answer when all of it is there. Raises EngineUnavailable when time or shards
    lacked.
    """
    error = answer.get("error")
    if error is not None:
        if answer.get("status") == 404:
            raise _missing(said(answer))
        raise EngineUnavailable(f"the search engine can't answer: {said(answer)}")
    if answer.get("timed_out"):
        raise EngineUnavailable("the search took too long and was stopped")
    shards = answer.get("_shards", {})
    if shards.get("failed") or shards.get("successful", 0) < shards.get(
        "total", 0
    ):  # skipped ones are successful
        failures = shards.get("failures") or [{}]
        raise EngineUnavailable(
            f"a part of the index is missing from the answer: {said(failures[0].get('reason'))}"
        )
    return dict(answer)
