"""Answers that take seconds (exports, sitemaps): one at a time for an address, and never all threads of a process."""

from __future__ import annotations

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from threading import Lock

from flask import Flask, current_app, g

from discovery.http.problems import Details, Refused

AT_ONCE = 2
"""In one process, whoever asks: half of the threads of `discovery serve`, so that the others answer."""
RETRY_SECONDS = 2
"""About as long as a large export takes."""
_NAME = "discovery-heavy"


class Heavy:
    """Who is being answered at length. Made before workers are forked: they share the file, whose bytes they lock,
    one for each address; a lock goes with its process."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the application
        self._lock = Lock()
        self._answered: list[int] = []

    @contextmanager
    def alone(self, who: str) -> Iterator[None]:
        """Refused when `who` is being answered already, here or by another worker ("" is anybody), or too many are."""
        place = int.from_bytes(blake2b(who.encode(), digest_size=7).digest()) if who else -1
        with self._lock:
            if place >= 0 and (place in self._answered or not self._locked(place)):
                raise _refused("one_at_a_time")
            if len(self._answered) >= self._at_once:
                self._unlock(place)
                raise _refused("overloaded")
            self._answered.append(place)
        try:
            yield
        finally:
            with self._lock:
                self._answered.remove(place)
                self._unlock(place)

    def _locked(self, place: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError:
            return False
        return True

    def _unlock(self, place: int) -> None:
        if place >= 0:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)


def install(app: Flask) -> None:
    app.extensions[_NAME] = Heavy()


@contextmanager
def alone() -> Iterator[None]:
    """Around what takes long of the current request."""
    heavy: Heavy = current_app.extensions[_NAME]
    with heavy.alone(str(g.get("limited_as", ""))):
        yield


def _refused(name: str) -> Refused:
    return Refused(Details(name, {"wait": RETRY_SECONDS}, headers=(("Retry-After", str(RETRY_SECONDS)),)))
