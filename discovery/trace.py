"""Where a request's time goes: each stage is timed where it runs. Outside a traced request a stage
costs nothing.

with stage("engine"):
    page = engine.search(request)
"""

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar


class Trace:
    """Seconds by stage. Time within an inner stage is the inner one's alone, so that stages add up
    to the whole.
    """

    def __init__(self) -> None:
        self.elsewhere = 0.0
        """Seconds of processor that other processes spent for it."""
        self._started = self._since = time.perf_counter()
        self._open: list[str] = []
        self._spent: dict[str, float] = {}

    def seconds(self) -> Mapping[str, float]:
        """Stage → seconds spent, in the order in which they first began; `total` last, since the
        trace began.
        """
        self._settle()
        return {**self._spent, "total": self._since - self._started}

    def stage(self, name: str) -> "Trace":
        """What is spent from here to the end of `with` counts as this stage's own."""
        self._settle()
        self._open.append(name)
        self._spent.setdefault(name, 0.0)
        return self

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None:
        self._settle()
        self._open.pop()

    def _settle(self) -> None:
        now = time.perf_counter()
        if self._open:
            self._spent[self._open[-1]] += now - self._since
        self._since = now


running: ContextVar[Trace | None] = ContextVar("trace", default=None)
"""The trace of the request in hand, which its thread sets; None outside one."""


def spent_elsewhere(seconds: float) -> None:
    """Count the processor time of another process for the request in hand, if there is one."""
    trace = running.get()
    if trace is not None:
        trace.elsewhere += seconds


def elsewhere() -> float:
    """Seconds of processor that other processes spent for the request in hand."""
    trace = running.get()
    return trace.elsewhere if trace is not None else 0.0


def stage(name: str) -> AbstractContextManager[None]:
    """`with stage(name):` the time within is that stage's."""
    trace = running.get()
    return _UNTRACED if trace is None else trace.stage(name)


_UNTRACED = nullcontext()
