"""Points of the sync, and of alerts, at which a test may have the process killed, to see that
nothing is lost.

`INDEXER_KILL_AT=written:3` ends the process with SIGKILL when it gets there for the third time.
"""

import os
import signal

VARIABLE = "INDEXER_KILL_AT"

_armed, _, _passage = os.environ.get(VARIABLE, "").partition(":")
_passages = 0


def reached(point: str) -> None:
    """Kill this process here when a test armed this point and it was passed often enough."""
    global _passages
    if point == _armed:
        _passages += 1
        if _passages == int(_passage or 1):
            os.kill(os.getpid(), signal.SIGKILL)
