"""What is asked of the service, over HTTP: who matches a search, and who they are."""

import time
from collections.abc import Callable
from http.client import HTTPException
from json import loads
from typing import Any, cast
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from discovery.errors import DiscoveryError

TIMEOUT_SECONDS = 30.0
MAX_WAITS = 5
"""Times that we wait as `Retry-After` says, at most a minute each, before we come back another time."""
GONE = frozenset({404, 410})


class ServiceAway(DiscoveryError):
    """The service can't answer for now."""


class SearchRefused(DiscoveryError):
    """The service does not take this search any more: a value that it names is no longer known."""


class Service:
    """The service at `base`, an address of our own settings, asked over HTTP."""

    def __init__(self, base: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._base, self._sleep = base.rstrip("/"), sleep

    def matches(self, search: str) -> list[str]:
        """Ids of who matches a search (a query string) strictly, newest first. Raises ServiceAway, SearchRefused."""
        status, body = self._get(f"/api/v1/matches?{search}")
        if status in (400, 414, 422):
            raise SearchRefused(f"the service answered {status} to a search that is followed")
        return cast(list[str], self._json(status, body)["ids"])

    def supplier(self, id_: str, lang: str) -> dict[str, Any] | None:
        """A supplier's profile; None when it is not listed any more. Raises ServiceAway."""
        status, body = self._get(f"/api/v1/suppliers/{quote(id_, safe='')}?lang={lang}")
        return None if status in GONE else cast(dict[str, Any], self._json(status, body))

    def _get(self, address: str) -> tuple[int, bytes]:
        request = Request(self._base + address, headers={"User-Agent": "indexer-alerts"})  # noqa: S310 - of our settings
        for _ in range(MAX_WAITS):
            try:
                with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                    return answer.status, answer.read()
            except HTTPError as error:
                status, body = error.code, error.read()
                wait = error.headers.get("Retry-After", "1")
            except (OSError, HTTPException) as error:
                raise ServiceAway(f"the service can't be reached at {self._base}: {error}") from None
            if status != 429:
                break
            self._sleep(min(60.0, float(wait) if wait.isdigit() else 1.0))
        return status, body

    def _json(self, status: int, body: bytes) -> Any:
        if status != 200:
            raise ServiceAway(f"the service answered {status} at {self._base}")
        return loads(body)
