"""A file that is followed while the service runs: read when it changes, kept as it was while it can't be used."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

import structlog

from discovery.config.settings import SettingsError

LOOK_SECONDS = 0.5
"""Between two looks at the file's date: what it takes back is taken back within a second."""

T = TypeVar("T")
Stamp = tuple[int, int, int] | None


class ReloadedFile(Generic[T]):
    """What `load` makes of the file at `path`, as it is now. Shared by threads, inherited by forked workers."""

    def __init__(self, path: Path, load: Callable[[Path], T], clock: Callable[[], float] = time.monotonic) -> None:
        """Raises SettingsError when `load` raises it: said at start rather than at a first request."""
        self._path, self._load, self._clock = path, load, clock
        self._lock = Lock()
        self._stamp = _stamp(path)
        self._held = load(path)
        self._next = clock() + LOOK_SECONDS

    def current(self) -> T:
        """What the file holds now; while it can't be used, what it held before, which the log tells once."""
        with self._lock:
            if self._clock() >= self._next:
                self._next = self._clock() + LOOK_SECONDS
                self._look()
            return self._held

    def _look(self) -> None:
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._held = self._load(self._path)
        except SettingsError as error:
            structlog.get_logger().error("file unusable", path=str(self._path), reason=str(error))


def _stamp(path: Path) -> Stamp:
    """Changes with the file: a replaced file has another inode."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
