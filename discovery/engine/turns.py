"""Who computes next in one process, where threads can't compute side by side."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Condition, get_ident
from weakref import ref

PATIENCE_SECONDS = 0.25
"""How long what has time lets others go first, at most: it goes on, slowly, however many come."""


class Turns:
    """One thread at a time; whoever has time (`patient`) lets those go first who answer somebody at once."""

    def __init__(self) -> None:
        self._begin()
        os.register_at_fork(after_in_child=partial(_begin_again, ref(self)))

    def _begin(self) -> None:
        self._free = Condition()
        self._taken = 0
        """The thread whose turn it is; 0: nobody's."""
        self._waiting = 0

    @contextmanager
    def taken(self, *, patient: bool = False) -> Iterator[None]:
        """The calling thread's turn, unless it has it."""
        if self._taken == get_ident():
            yield
            return
        with self._free:
            if patient:
                self._free.wait_for(lambda: not self._taken and not self._waiting, PATIENCE_SECONDS)
            self._waiting += 1
            try:
                self._free.wait_for(lambda: not self._taken)
            finally:
                self._waiting -= 1
            self._taken = get_ident()
        try:
            yield
        finally:
            with self._free:
                self._taken = 0
                self._free.notify_all()


def _begin_again(turns: ref[Turns]) -> None:
    """In a forked child the thread whose turn it was is gone."""
    held = turns()
    if held is not None:
        held._begin()
