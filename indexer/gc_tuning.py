"""Python's garbage collector during long work."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 200_000
"""Objects made before a collection looks at the young ones: more than a batch of suppliers has at
once, which are freed by their counts when it is written. With Python's own 700 a sixth of a rebuild
goes into walking through them, with a tenth of this number a twelfth.
"""


def collect_rarely() -> None:
    """Collect garbage rarely from here on, for a process that does nothing else. What is in memory
    now stays, and is not looked at again.
    """
    gc.freeze()
    gc.set_threshold(YOUNG)


@contextmanager
def collected_rarely() -> Iterator[None]:
    """Collect garbage rarely within a `with`; then as before. Cycles are still found: memory stays
    flat.
    """
    before = gc.get_threshold()
    gc.set_threshold(YOUNG)
    try:
        yield
    finally:
        gc.set_threshold(*before)
