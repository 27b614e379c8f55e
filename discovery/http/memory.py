"""Memory of a service that has loaded what it serves from, before its workers are forked."""

from __future__ import annotations

import contextlib
import ctypes
import gc
from collections.abc import Iterator

YOUNG = 20_000
"""Objects made before a collection looks at the young ones: about what one answer takes. The 700 that Python starts
with are some twenty collections an answer, a twelfth of its time, for objects that are all gone once it is sent."""


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Collect no garbage within a `with`, as all that is loaded stays; at its end `freeze_heap`, unless something
    fails."""
    gc.disable()
    try:
        yield
        freeze_heap()
    finally:
        gc.enable()


def freeze_heap() -> None:
    """Make what is loaded stay for good, give back what loading took, and collect less often what answers take.

    Frozen objects are passed over by the garbage collector: no collection walks through the index while somebody
    waits, and forked workers go on sharing its pages. Loading leaves free memory behind (a fifth of all, at 10,000
    suppliers) that the C library keeps unless it is told; libraries that can't be told, so be it.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):  # not glibc; no C library to be found
        ctypes.CDLL(None).malloc_trim(0)
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
