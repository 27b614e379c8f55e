"""Steps that belong together: what is written, and the count of it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait until the end of a `with`, which has to be short. In other threads than the main
    one, which signals never interrupt, it does nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    late: list[int] = []

    def wait(number: int, _frame: FrameType | None) -> None:
        late.append(number)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}
    try:
        for number in numbers:
            signal.signal(number, wait)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if late:
        signal.raise_signal(late[0])
