"""What is asked of the service, over HTTP: who matches a search, and who they are."""

import time
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote

import httpx

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
    """The service, asked over HTTP."""

    def __init__(self, base: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = httpx.Client(base_url=base, timeout=TIMEOUT_SECONDS, headers={"User-Agent": "indexer-alerts"})
        self._sleep = sleep

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def matches(self, search: str) -> list[str]:
        """Ids of who matches a search (a query string) strictly, newest first. Raises ServiceAway, SearchRefused."""
        response = self._get(f"/api/v1/matches?{search}")
        if response.status_code in (400, 414, 422):
            raise SearchRefused(f"the service answered {response.status_code} to a search that is followed")
        return cast(list[str], self._json(response)["ids"])

    def supplier(self, id_: str, lang: str) -> dict[str, Any] | None:
        """A supplier's profile; None when it is not listed any more. Raises ServiceAway."""
        response = self._get(f"/api/v1/suppliers/{quote(id_, safe='')}?lang={lang}")
        return None if response.status_code in GONE else cast(dict[str, Any], self._json(response))

    def _get(self, address: str) -> httpx.Response:
        for _ in range(MAX_WAITS):
            try:
                response = self._client.get(address)
            except httpx.HTTPError as error:
                raise ServiceAway(f"the service can't be reached at {self._client.base_url}: {error}") from None
            if response.status_code != 429:
                return response
            given = response.headers.get("Retry-After", "1")
            self._sleep(min(60.0, float(given) if given.isdigit() else 1.0))
        return response

    def _json(self, response: httpx.Response) -> Any:
        if response.status_code != 200:
            raise ServiceAway(f"the service answered {response.status_code} at {self._client.base_url}")
        return response.json()
