"""Answers that take seconds (exports, sitemaps): one at a time for an address, never all threads of a process, and
always behind those who are answered at once: threads of one process can't compute side by side."""

from __future__ import annotations

import fcntl
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from threading import Lock
from typing import TypeVar

from flask import Flask, current_app, g

from discovery.http.courtesy import Courtesy
from discovery.http.overload import FILES_AT_ONCE
from discovery.http.problems import Details, Refused

RETRY_SECONDS = 2
"""About as long as a large export takes."""
_NAME = "discovery-heavy"

T = TypeVar("T")


class Heavy:
    """Who is being answered at length. Made before workers are forked: they share the file, whose bytes they lock,
    one for each address; a lock goes with its process."""

    def __init__(self, at_once: int = FILES_AT_ONCE) -> None:
        self._at_once = at_once
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the application
        self._lock = Lock()
        self._answered: list[int] = []
        self.courtesy = Courtesy()

    @contextmanager
    def alone(self, who: str) -> Iterator[None]:
        """Hold the place of one long answer, for a `with`. Raises Refused when `who` is being answered already, here
        or by another worker ("" is anybody), or too many are."""
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
    """Give an application the lock of its long answers."""
    app.extensions[_NAME] = Heavy()


def courtesy_of(app: Flask) -> Courtesy:
    """What lets an application's long answers stand aside for its short ones."""
    heavy: Heavy = app.extensions[_NAME]
    return heavy.courtesy


@contextmanager
def alone() -> Iterator[None]:
    """Hold the place of a long answer for the current request, for a `with`. Raises Refused."""
    heavy: Heavy = current_app.extensions[_NAME]
    with heavy.alone(str(g.get("limited_as", ""))):
        yield


def courteous(parts: Iterable[T]) -> Iterator[T]:
    """The parts of a long answer as they come; between two of them, other requests of the process go first."""
    return courtesy_of(current_app).standing_aside(parts)


def _refused(name: str) -> Refused:
    return Refused(Details(name, {"wait": RETRY_SECONDS}, headers=(("Retry-After", str(RETRY_SECONDS)),)))
