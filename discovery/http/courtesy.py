"""Long work stands aside for short, in one process: its threads can't compute side by side."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from threading import Event
from typing import TypeVar

PATIENCE = 10
"""Times the processor's time since it last stood aside, that long work stands aside at most: it goes on, at a tenth of
its speed, however many others come."""

T = TypeVar("T")


class Courtesy:
    """Who has something short to do is counted by one thread; any number of others do long work."""

    def __init__(self) -> None:
        self._others = 0
        self._calm = Event()
        self._calm.set()

    def comes(self) -> None:
        """Note that a short answer is about to be made."""
        self._others += 1
        self._calm.clear()

    def leaves(self) -> None:
        """Note that a short answer was made."""
        self._others -= 1
        if not self._others:
            self._calm.set()

    def standing_aside(self, parts: Iterable[T]) -> Iterator[T]:
        """The parts as they come; between two of them, those go first who have something short to do."""
        worked = time.thread_time()
        for part in parts:
            yield part
            if not self._calm.is_set():
                self._calm.wait(PATIENCE * (time.thread_time() - worked))
                worked = time.thread_time()
