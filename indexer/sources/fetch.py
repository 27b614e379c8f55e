"""Fetching, the same for every source: a stated rate never exceeded, retries with backoff and jitter, Retry-After."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from json import JSONDecodeError
from typing import Any

import httpx
import stamina

from discovery.errors import DiscoveryError

ATTEMPTS = 6
LONGEST_WAIT_SECONDS = 120.0
"""A Retry-After beyond it is not waited for: the next pull is soon enough."""
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
TRY_LATER = frozenset({429, 500, 502, 503, 504})


class SourceError(DiscoveryError):
    """A source could not be read, or is not what its contract says; nothing was changed. The message is for people."""


class Fetcher:
    """Answers of one host, at most `per_minute` of them. `clock` and `sleep` in seconds."""

    def __init__(
        self,
        client: httpx.Client,
        per_minute: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._gap = 60.0 / per_minute
        self._clock, self._sleep = clock, sleep
        self._next = 0.0

    def json(self, url: str, parameters: Mapping[str, str | int]) -> Any:
        """The body of a GET. SourceError when the host refuses, is away, or answers no JSON."""
        try:
            for attempt in stamina.retry_context(
                on=_again, attempts=ATTEMPTS, timeout=None, wait_initial=1.0, wait_max=30.0
            ):
                with attempt:
                    return self._once(url, parameters)
        except httpx.HTTPStatusError as error:
            raise SourceError(f"{error.request.url}: the source answers {error.response.status_code}") from None
        except (httpx.TransportError, JSONDecodeError, UnicodeDecodeError) as error:
            raise SourceError(f"{url}: {type(error).__name__}: {error}. Pull again later: it goes on") from None
        raise AssertionError("an attempt returns or raises")

    def _once(self, url: str, parameters: Mapping[str, str | int]) -> Any:
        now = self._clock()
        if now < self._next:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + self._gap
        answer = self._client.get(url, params=parameters, timeout=TIMEOUT, follow_redirects=True)
        answer.raise_for_status()
        return answer.json()


def _again(error: Exception) -> bool | float:
    """Whether to try again, or after how many seconds."""
    if isinstance(error, httpx.HTTPStatusError):
        if error.response.status_code not in TRY_LATER:
            return False
        asked = error.response.headers.get("Retry-After", "")
        seconds = float(asked) if asked.isdigit() else 0.0
        return seconds if 0 < seconds <= LONGEST_WAIT_SECONDS else not seconds
    return isinstance(error, httpx.TransportError | JSONDecodeError)  # a body that was cut is no JSON
