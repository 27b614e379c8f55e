"""Figures kept a while: a hundred requests are not asked again for every reader."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from discovery.figures.counts import Figures, gather, today
from discovery.search.service import SearchService

AT_MOST_SECONDS = 600.0
"""A change of the index may wait that long before the figures tell of it."""


@dataclass(frozen=True, slots=True)
class _Kept:
    figures: Figures
    generation: str
    at: float


class KeptFigures:
    """Shared by threads: one gathers, the others wait for it. Figures of an unchanged index are not gathered again."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, gather: Callable[[SearchService], Figures] = gather
    ) -> None:
        self._clock, self._gather = clock, gather
        self._lock = Lock()
        self._kept: _Kept | None = None

    def of(self, search: SearchService) -> Figures:
        """EngineUnavailable when the engine is away and nothing is kept."""
        with self._lock:
            kept, now = self._kept, self._clock()
            if kept is not None and now - kept.at < AT_MOST_SECONDS:
                return kept.figures
            status = search.engine.status()
            if kept is None or kept.generation != status.generation or not status.ready:
                figures = self._gather(search)
            else:
                figures = replace(kept.figures, day=today())
            self._kept = _Kept(figures, status.generation, now)
            return figures
