"""Signals during a part of the work."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def answering(
    answer: Callable[[int, FrameType | None], object], *numbers: signal.Signals
) -> Iterator[None]:
    """Have these signals answered so until the end of a `with`."""
    before = {number: signal.signal(number, answer) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
