"""The steps of a change of index, for whoever must stop one at each: tests, that prove what a crash leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """Each names what has just been done."""

    LOCKED = "locked"
    CREATED = "created"
    FILLED = "filled"
    FINISHED = "finished"
    VERIFIED = "verified"
    PROMOTED = "promoted"
    PRUNED = "pruned"
    AUDITED = "audited"


Watch = Callable[[Step], None]


def unwatched(_: Step) -> None:
    pass
