"""What is counted over the whole index, kept a while: a hundred requests are not asked again for every reader."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import Generic, TypeVar

from discovery.figures.counts import Figures, gather, today
from discovery.search.service import SearchService

AT_MOST_SECONDS = 600.0
"""A change of the index may wait that long before what is kept tells of it."""

T = TypeVar("T")


class Cached(Generic[T]):
    """Shared by threads: one gathers, the others wait for it. What an unchanged index told is not gathered again, but
    made `again` of what is kept."""

    def __init__(
        self,
        gather: Callable[[SearchService], T],
        clock: Callable[[], float] = time.monotonic,
        again: Callable[[T], T] = lambda kept: kept,
    ) -> None:
        self._gather, self._clock, self._again = gather, clock, again
        self._lock = Lock()
        self._kept: tuple[T, str, float] | None = None

    def of(self, search: SearchService) -> T:
        """The value, counted anew when it is old. Raises EngineUnavailable when the engine is away and nothing is
        kept."""
        with self._lock:
            kept, now = self._kept, self._clock()
            if kept is not None and now - kept[2] < AT_MOST_SECONDS:
                return kept[0]
            status = search.index.status()
            changed = kept is None or kept[1] != status.generation or not status.ready
            found = self._gather(search) if kept is None or changed else self._again(kept[0])
            self._kept = (found, status.generation, now)
            return found


def kept_figures(
    clock: Callable[[], float] = time.monotonic, gather: Callable[[SearchService], Figures] = gather
) -> Cached[Figures]:
    """What keeps the public figures, dated today. `clock`: in seconds."""
    return Cached(gather, clock, lambda figures: replace(figures, day=today()))
