"""Where a request's time goes: each stage is timed where it runs. Outside a traced request a stage costs nothing.

with stage("engine"):
    page = engine.search(request)
"""

import time
from collections.abc import Mapping
from contextvars import ContextVar


class Trace:
    """Seconds by stage. Time within an inner stage is the inner one's alone, so that stages add up to the whole."""

    __slots__ = ("_open", "_since", "_spent", "_started", "elsewhere")

    def __init__(self) -> None:
        self.elsewhere = 0.0
        """Seconds of processor that other processes spent for it."""
        self._started = self._since = time.perf_counter()
        self._open: list[str] = []
        self._spent: dict[str, float] = {}

    def enter(self, name: str) -> None:
        """A stage begins; what is spent counts as its own until it ends."""
        self._settle()
        self._open.append(name)
        self._spent.setdefault(name, 0.0)

    def leave(self) -> None:
        """The stage begun last ends."""
        self._settle()
        self._open.pop()

    def seconds(self) -> Mapping[str, float]:
        """Stage → seconds spent, in the order in which they first began; `total` last, since the trace began."""
        self._settle()
        return {**self._spent, "total": self._since - self._started}

    def _settle(self) -> None:
        now = time.perf_counter()
        if self._open:
            self._spent[self._open[-1]] += now - self._since
        self._since = now


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def begin() -> None:
    """Trace what the calling thread does from now on, until the next `begin`."""
    _current.set(Trace())


def spent_elsewhere(seconds: float) -> None:
    """Count the processor time of another process for the request in hand, if there is one."""
    running = _current.get()
    if running is not None:
        running.elsewhere += seconds


def elsewhere() -> float:
    """Seconds of processor that other processes spent for the request in hand."""
    running = _current.get()
    return running.elsewhere if running is not None else 0.0


def current() -> Trace | None:
    """The trace of the request in hand; None outside one."""
    return _current.get()


class stage:  # noqa: N801 - read as a statement
    """`with stage(name):` the time within is that stage's."""

    __slots__ = ("_name", "_trace")

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._trace = _current.get()
        if self._trace is not None:
            self._trace.enter(self._name)

    def __exit__(self, *_: object) -> None:
        if self._trace is not None:
            self._trace.leave()
