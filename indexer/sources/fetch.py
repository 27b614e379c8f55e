"""Fetching, the same for every source: a stated rate never exceeded, retries with backoff and
jitter, Retry-After, and conditional requests: what did not change since it was kept is not sent
again.

A host is not trusted: what it sends has an end, in bytes and in time, and it leads to no other
host.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from json import JSONDecodeError, loads
from typing import IO, TYPE_CHECKING, Any

from discovery.errors import DiscoveryError

ATTEMPTS = 6
LONGEST_WAIT_SECONDS = 120.0
"""A Retry-After beyond it is not waited for: the next pull is soon enough."""
TIMEOUT_SECONDS, CONNECT_SECONDS = 30.0, 10.0
TRY_LATER = frozenset({429, 500, 502, 503, 504})
IN_MEMORY = 8 << 20
"""Bytes of a file that are held before it goes to the disk."""
MAX_BYTES = 2 << 30
"""Of all answers of a pull, unpacked; the largest source has a twentieth."""
MAX_SECONDS = 86_400.0
"""Of a pull, waits included: a request a second for each of 50,000 suppliers takes half of it."""
MAX_ANSWER_SECONDS = 1_800.0
"""Of one answer: a host that sends a byte now and then is away."""
MAX_REDIRECTS = 5

Parameters = Mapping[str, str | int]

if TYPE_CHECKING:
    # here and below imported where a host is asked: every import of files reads the list of sources
    import httpx


class SourceError(DiscoveryError):
    """A source could not be read, or is not what its contract says; nothing was changed. The
    message is for people.
    """


class NotModified(DiscoveryError):
    """The host says that what is kept is still what it has."""


Validators = Mapping[str, str]
"""Headers that ask whether a page changed, as its last answer says of its version; empty = nothing.
"""


class Fetcher:
    """Answers of one host, at most `per_minute` of them. `clock` and `sleep` in seconds.

    `hosts`: which others it may lead to, with those below them. `validators`: of what is kept of
    the next request, and after it of its answer.
    """

    def __init__(
        self,
        client: httpx.Client,
        per_minute: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        hosts: tuple[str, ...] = (),
    ) -> None:
        self._client = client
        self._gap = 60.0 / per_minute
        self._clock, self._sleep = clock, sleep
        self._next = 0.0
        self._hosts = hosts
        self._end = clock() + MAX_SECONDS
        self._bytes = 0
        self._host = ""
        self.validators: Validators = {}

    def json(self, url: str, parameters: Parameters) -> Any:
        """The body of a GET. Raises SourceError when the host refuses, is away, or answers no JSON;
        NotModified.
        """
        with self.file(url, parameters, loads) as body:
            return loads(body.read())

    @contextmanager
    def file(
        self,
        url: str,
        parameters: Parameters | None = None,
        check: Callable[[bytes], object] | None = None,
    ) -> Iterator[IO[bytes]]:
        """The body of a GET as a file, whole, at its beginning, removed at the end. Raises what
        `json` does.

        `check` is given the whole body; ValueError from it is a body that was cut, and asked for
        again.
        """
        import httpx
        import stamina

        with tempfile.SpooledTemporaryFile(IN_MEMORY) as into:
            try:
                for attempt in stamina.retry_context(
                    on=_again, attempts=ATTEMPTS, timeout=None, wait_initial=1.0, wait_max=30.0
                ):
                    with attempt:
                        self._once(url, parameters or {}, into)
                        if check:
                            check(into.read())
                            into.seek(0)
            except httpx.HTTPStatusError as error:
                raise SourceError(
                    f"{error.request.url}: the source answers {error.response.status_code}"
                ) from None
            except (httpx.HTTPError, JSONDecodeError, UnicodeDecodeError) as error:
                raise SourceError(
                    f"{url}: {type(error).__name__}: {error}. Pull again later: it goes on"
                ) from None
            yield into

    def _once(self, url: str, parameters: Parameters, into: IO[bytes]) -> None:
        import httpx

        now = self._clock()
        if now < self._next:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + self._gap
        into.seek(0)
        into.truncate()
        timeout = httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS)
        request = self._client.build_request(
            "GET", url, params=parameters or None, headers=self.validators, timeout=timeout
        )
        self._host = self._host or request.url.host
        answer = self._answer(request)
        try:
            if answer.status_code == httpx.codes.NOT_MODIFIED:
                raise NotModified
            answer.raise_for_status()
            end = min(self._end, self._clock() + MAX_ANSWER_SECONDS)
            for chunk in answer.iter_bytes():
                self._bytes += len(chunk)
                if self._bytes > MAX_BYTES:
                    raise SourceError(
                        f"{url}: the source sends more than {MAX_BYTES >> 20} MiB; nothing was changed"
                    )
                if self._clock() > end:
                    raise SourceError(
                        f"{url}: the source takes too long. Pull again later: it goes on"
                    )
                into.write(chunk)
        finally:
            answer.close()
        into.seek(0)
        told = (
            ("If-None-Match", answer.headers.get("ETag")),
            ("If-Modified-Since", answer.headers.get("Last-Modified")),
        )
        self.validators = {name: value for name, value in told if value}

    def _answer(self, request: httpx.Request) -> httpx.Response:
        """The answer after redirects, its body not read yet. Raises SourceError where another host
        is named.
        """
        for _ in range(MAX_REDIRECTS):
            self._check(request.url)
            answer = self._client.send(request, stream=True)
            if answer.next_request is None:
                return answer
            answer.close()
            request = answer.next_request
        raise SourceError(f"{request.url}: more than {MAX_REDIRECTS} redirects")

    def _check(self, url: httpx.URL) -> None:
        if self._clock() > self._end:
            raise SourceError(
                f"{url}: the pull takes more than {MAX_SECONDS / 3600:.0f} hours. Pull again: it goes on"
            )
        named = f".{url.host}"
        if url.host != self._host and not any(named.endswith(f".{host}") for host in self._hosts):
            raise SourceError(
                f"{self._host} leads to {url.host}, which is not its own: nothing is asked there"
            )


def _again(error: Exception) -> bool | float:
    """Whether to try again, or after how many seconds."""
    import httpx

    if isinstance(error, httpx.HTTPStatusError):
        if error.response.status_code not in TRY_LATER:
            return False
        asked = error.response.headers.get("Retry-After", "")
        seconds = float(asked) if asked.isdigit() else 0.0
        return seconds if 0 < seconds <= LONGEST_WAIT_SECONDS else not seconds
    return isinstance(
        error, httpx.TransportError | httpx.DecodingError | JSONDecodeError
    )  # cut bodies are no JSON
