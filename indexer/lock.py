"""The lock of the lifecycle: one process at a time makes indices or moves the alias. It lives
beside the indices.

Whoever holds it renews it while at work; of a process that died it can be taken once it has run
out. The times are the holders' clocks: they must agree to within seconds, as on machines that keep
the time by NTP they do.
"""

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from discovery.engine.catalog import Note, Slot
from discovery.engine.port import EngineUnavailable
from discovery.errors import DiscoveryError


class RebuildRefused(DiscoveryError):
    """Nothing was promoted, and a new index is gone; the message says why. What served still
    serves.
    """


class LockHeldError(RebuildRefused):
    """Another process is at work on the indices; the message says who, and since when."""


class LockLostError(RebuildRefused):
    """The lock ran out while its holder was not looking, and is another's by now."""


PLAUSIBLE = 2
"""Times its length a lock is believed to hold, since clocks differ; one beyond was given by a clock
that was wrong.
"""

SECONDS = 60.0
"""How long it holds unless renewed: longer than the engine may be away, and than anybody minds to
wait for the dead.
"""

Clock = Callable[[], datetime]


def utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Holder:
    """`token` tells two locks of one process apart."""

    work: str
    host: str
    pid: int
    token: str
    since: datetime
    until: datetime

    def note(self) -> Note:
        return {**asdict(self), "since": self.since.isoformat(), "until": self.until.isoformat()}

    def holds(self, now: datetime, seconds: float = SECONDS) -> bool:
        """Whether it still holds the lock, as one can that is held for `seconds` at a time. A
        process of this machine that is no more holds nothing. (Containers have a machine's name
        each.)
        """
        if self.host == socket.gethostname() and not _alive(self.pid):
            return False
        return now < self.until <= now + timedelta(seconds=PLAUSIBLE * max(seconds, SECONDS))

    def __str__(self) -> str:
        return f"{self.work} by process {self.pid} on {self.host} since {self.since:%Y-%m-%d %H:%M:%S} UTC"


def holder_of(note: Note | None) -> Holder | None:
    """Who holds the lock, or held it last; None when nobody does, or it can't be told."""
    if note is None:
        return None
    try:
        since, until = (datetime.fromisoformat(str(note[name])) for name in ("since", "until"))
        return Holder(
            str(note["work"]), str(note["host"]), int(note["pid"]), str(note["token"]), since, until
        )
    except (KeyError, ValueError):
        return None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is another user's
        pass
    return True


class Lock:
    """A lock that this process holds. Its methods may be called by several threads."""

    def __init__(self, slot: Slot, holder: Holder, clock: Clock) -> None:
        self._slot = slot
        self._clock = clock
        self._seconds = holder.until - holder.since
        self.holder = holder

    def renew(self) -> None:
        """Hold it for another while. Raises LockLostError when it is not ours any more."""
        note, mark = self._slot.read()
        if note is None or note.get("token") != self.holder.token:
            raise LockLostError(
                f"the lock of this {self.holder.work} ran out, and was taken: nothing is promoted"
            )
        renewed = replace(self.holder, until=self._clock() + self._seconds)
        if not self._slot.write(renewed.note(), mark):
            self.renew()  # the other thread was quicker, or a thief was: the next look tells

    def release(self) -> None:
        """Give the lock back, unless somebody else has taken it over."""
        note, mark = self._slot.read()
        if note is not None and note.get("token") == self.holder.token:
            self._slot.write(None, mark)


def acquire(slot: Slot, work: str, *, clock: Clock = utc, seconds: float = SECONDS) -> Lock:
    """Take the lock for `work` (words for people). Raises LockHeldError when another has it."""
    while True:
        note, mark = slot.read()
        now = clock()
        held = holder_of(note)
        if held is not None and held.holds(now, seconds):
            end = f"{held.until:%Y-%m-%d %H:%M:%S} UTC"
            raise LockHeldError(
                f"{held} holds the lock, until {end} unless renewed: wait for its end"
            )
        until = now + timedelta(seconds=seconds)
        mine = Holder(work, socket.gethostname(), os.getpid(), secrets.token_hex(8), now, until)
        if slot.write(mine.note(), mark):
            return Lock(slot, mine, clock)


@contextmanager
def locked(
    slot: Slot, work: str, *, clock: Clock = utc, seconds: float = SECONDS
) -> Iterator[Lock]:
    """Hold the lock for the body, renewed in the background; given back at the end, whatever
    happens.
    """
    lock = acquire(slot, work, clock=clock, seconds=seconds)
    over = Event()

    def keep() -> None:
        while not over.wait(seconds / 3):
            # An engine that is away: tried again, while there is time. A lock that is lost: `renew`
            # tells its user.
            with suppress(EngineUnavailable, LockLostError, OSError):
                lock.renew()

    thread = Thread(target=keep, name="lock", daemon=True)
    thread.start()
    try:
        yield lock
    finally:
        over.set()
        thread.join()
        with suppress(EngineUnavailable, OSError):  # then it runs out
            lock.release()
