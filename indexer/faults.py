"""Points of the sync, and of alerts, at which a test may have the process killed, to see that nothing is lost.

`INDEXER_KILL_AT=written:3` ends the process with SIGKILL when it gets there for the third time. Without the variable
a point costs one comparison a batch.
"""

import os
import signal
from enum import StrEnum

VARIABLE = "INDEXER_KILL_AT"


class FaultPoint(StrEnum):
    """After which step of a batch: see `Synchroniser.batch`."""

    CLAIMED = "claimed"
    COMPLETED = "completed"
    LOADED = "loaded"
    BUILT = "built"
    WRITTEN = "written"
    SETTLED = "settled"


class AlertPoint(StrEnum):
    """After which step of an e-mail alert: see `indexer.alerts.run`."""

    STORED = "alert-stored"
    TAKEN = "alert-taken"
    ASKED = "alert-asked"
    DIGESTED = "alert-digested"
    CLAIMED = "alert-claimed"
    ACCEPTED = "alert-accepted"
    SENT = "alert-sent"


def armed(said: str) -> tuple[FaultPoint | AlertPoint, int] | None:
    """What the variable asks for: the point, and at which passage; None without it. Raises ValueError when it is
    neither."""
    if not said:
        return None
    point, _, passage = said.partition(":")
    return (AlertPoint if point in {*AlertPoint} else FaultPoint)(point), int(passage or 1)


_armed = armed(os.environ.get(VARIABLE, ""))
_passages = 0


def reached(point: FaultPoint | AlertPoint) -> None:
    """Kill this process here when a test armed this point and it was passed often enough."""
    global _passages
    if _armed is None or point is not _armed[0]:
        return
    _passages += 1
    if _passages == _armed[1]:
        os.kill(os.getpid(), signal.SIGKILL)
