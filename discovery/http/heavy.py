"""Answers that take seconds (exports, sitemaps): one at a time for an address, never all threads of a process, and
always behind those who are answered at once: threads of one process can't compute side by side."""

from __future__ import annotations

import fcntl
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from threading import Condition, Lock
from typing import TypeVar

from flask import Flask, current_app, g

from discovery.http.problems import Details, Refused

AT_ONCE = 2
"""In one process, whoever asks: half of the threads of `discovery serve`, so that the others answer."""
RETRY_SECONDS = 2
"""About as long as a large export takes."""
PATIENCE = 10
"""Times the processor's time since it last stood aside, that one of them stands aside at most: it goes on, at a tenth
of its speed, however many others come."""
_NAME = "discovery-heavy"

T = TypeVar("T")


class Heavy:
    """Who is being answered at length. Made before workers are forked: they share the file, whose bytes they lock,
    one for each address; a lock goes with its process."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the application
        self._lock = Lock()
        self._answered: list[int] = []
        self._quick = 0
        """Requests of this process that are being answered and are not heavy."""
        self._changed = Condition()

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
        self.leaves()
        try:
            yield
        finally:
            self.comes()
            with self._lock:
                self._answered.remove(place)
                self._unlock(place)

    @property
    def calm(self) -> bool:
        """Whether nobody is being answered but at length."""
        return self._quick <= 0

    def comes(self) -> None:
        """Somebody who is answered at once."""
        with self._changed:
            self._quick += 1

    def leaves(self) -> None:
        with self._changed:
            self._quick -= 1
            if self.calm:
                self._changed.notify_all()

    def courteous(self, parts: Iterable[T]) -> Iterator[T]:
        """The same; between two of them, those go first who are answered at once."""
        worked = time.thread_time()
        for part in parts:
            yield part
            if not self.calm:
                with self._changed:
                    self._changed.wait_for(lambda: self.calm, PATIENCE * (time.thread_time() - worked))
                worked = time.thread_time()

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
    heavy = app.extensions[_NAME] = Heavy()

    def begins() -> None:
        g.quick = True
        heavy.comes()

    def ends(_: BaseException | None) -> None:
        if g.pop("quick", False):  # no earlier step refused it
            heavy.leaves()

    app.before_request(begins)
    app.teardown_request(ends)


@contextmanager
def alone() -> Iterator[None]:
    """Around what takes long of the current request."""
    heavy: Heavy = current_app.extensions[_NAME]
    with heavy.alone(str(g.get("limited_as", ""))):
        yield


def courteous(parts: Iterable[T]) -> Iterator[T]:
    """What is made of an answer that takes long, part by part, of the current request."""
    heavy: Heavy = current_app.extensions[_NAME]
    return heavy.courteous(parts)


def _refused(name: str) -> Refused:
    return Refused(Details(name, {"wait": RETRY_SECONDS}, headers=(("Retry-After", str(RETRY_SECONDS)),)))
