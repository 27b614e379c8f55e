"""Analysts' edits taken in while the service runs: profiles, word equivalences, words never corrected.

What needs a rebuild (the vocabulary, the analysis) stays as it was at start: it is never half applied.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Literal

import structlog

from discovery.config.files import reread_files
from discovery.config.mappings import Mappings
from discovery.config.problems import MappingsError

_log = structlog.get_logger(__name__)

EVERY_S = 1.0
"""Seconds between two looks at the files, whatever the traffic."""


@dataclass(frozen=True, slots=True)
class State:
    """How the files stand that are watched.

    `stale`: the files have an edit that can't be used, so that the last good version serves; `problems` say why.
    """

    status: Literal["current", "stale"] = "current"
    problems: tuple[str, ...] = ()


class MappingsWatch:
    """The mappings that serve now. Each process has its own; threads share it.

    `verify` raises MappingsError for mappings that parse but can't serve. The files are looked at when they are
    asked for, at most every `EVERY_S`, by one thread at a time: the others get what serves meanwhile.
    """

    def __init__(
        self,
        mappings: Mappings,
        verify: Callable[[Mappings], object] = lambda _: None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._mappings = mappings
        self._verify = verify
        self._clock = clock
        self._lock = Lock()
        self._state = State()
        self._seen = _signature(mappings.path)
        self._next = clock() + EVERY_S

    def current(self) -> Mappings:
        """What serves, after a look at the files when one is due."""
        if self._clock() >= self._next and self._lock.acquire(blocking=False):
            try:
                self._look()
                self._next = self._clock() + EVERY_S
            finally:
                self._lock.release()
        return self._mappings

    def state(self) -> State:
        """Whether the files as they stand now could be used, and what is wrong with them."""
        self.current()
        return self._state

    def _look(self) -> None:
        seen = _signature(self._mappings.path)
        if seen == self._seen:
            return
        try:
            found = self._mappings.retuned()
            self._verify(found)
        except (MappingsError, OSError, UnicodeDecodeError) as error:
            problems = tuple(map(str, error.problems)) if isinstance(error, MappingsError) else (str(error),)
            self._state = State("stale", problems)
            _log.warning("mappings_stale", problems=problems)
        else:
            self._mappings, self._state = found, State()
            _log.info("mappings_reloaded", profiles=sorted(found.profiles), rules=len(found.equivalences.rules))
        self._seen = seen


def _signature(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time of change and size of each file that a reload takes in; a file that is not there is left out."""
    found = []
    for file in reread_files(folder):
        try:
            status = file.stat()
        except OSError:
            continue
        found.append((str(file), status.st_mtime_ns, status.st_size))
    return tuple(found)
