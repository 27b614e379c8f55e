"""Files followed while the service runs: read again when they change; while they can't be used, as
before.
"""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import Generic, Literal, TypeVar

import structlog

from discovery.errors import DiscoveryError, MappingsError
from discovery.mappings.files import reread_files
from discovery.mappings.mappings import Mappings
from discovery.model import dataclass

EVERY_S = 0.5
"""Seconds between two looks at the files, whatever the traffic: what they take back is taken back
within a second.
"""

T = TypeVar("T")
Stamps = tuple[tuple[str, int, int, int], ...]
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """How the files stand that are watched.

    `stale`: the files have an edit that can't be used, so that the last good version serves;
    `problems` say why.
    """

    status: Literal["current", "stale"] = "current"
    problems: tuple[str, ...] = ()


class WatchedFiles(Generic[T]):
    """What `load` makes of `files`, as they are now. Shared by threads, inherited by forked
    workers.

    The files are looked at when they are asked for, at most every `EVERY_S`, by one thread at a
    time: the others get what serves meanwhile. `load` raises DiscoveryError for what can't be used;
    at the start it goes through.
    """

    def __init__(
        self,
        files: Callable[[], Iterable[Path]],
        load: Callable[[], T],
        *,
        held: T | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`held`: what the files were read into already."""
        self._files, self._load, self._clock = files, load, clock
        self._lock = Lock()
        self._state = State()
        self._seen = _stamps(files())
        self._held = load() if held is None else held
        self._next = clock() + EVERY_S

    def current(self) -> T:
        """What serves, after a look at the files when one is due."""
        if self._clock() >= self._next and self._lock.acquire(blocking=False):
            try:
                self._look()
                self._next = self._clock() + EVERY_S
            finally:
                self._lock.release()
        return self._held

    def state(self) -> State:
        """Whether the files as they stand now could be used, and what is wrong with them."""
        self.current()
        return self._state

    def _look(self) -> None:
        seen = _stamps(self._files())
        if seen == self._seen:
            return
        try:
            self._held = self._load()
        except (DiscoveryError, OSError, UnicodeDecodeError) as error:
            problems = (
                tuple(map(str, error.problems))
                if isinstance(error, MappingsError)
                else (str(error),)
            )
            self._state = State("stale", problems)
            _log.warning("files_stale", problems=problems)
        else:
            self._state = State()
            _log.info(
                "files_reloaded", files=[name for name, *_ in sorted({*seen} ^ {*self._seen})]
            )
        self._seen = seen


def watch_mappings(
    mappings: Mappings,
    verify: Callable[[Mappings], object] = lambda _: None,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> WatchedFiles[Mappings]:
    """The mappings that serve now, with the files taken in that a reload takes in. `verify` raises
    MappingsError for mappings that parse but can't serve.

    What needs a rebuild (the vocabulary, the analysis) stays as it was at start: it is never half
    applied.
    """

    def load() -> Mappings:
        found = mappings.retuned()
        verify(found)
        return found

    return WatchedFiles(lambda: reread_files(mappings.path), load, held=mappings, clock=clock)


def _stamps(files: Iterable[Path]) -> Stamps:
    """Name, inode (of a replaced file another), time of change and size of each file that is there."""
    found = []
    for file in files:
        try:
            status = file.stat()
        except OSError:
            continue
        found.append((str(file), status.st_ino, status.st_mtime_ns, status.st_size))
    return tuple(found)
