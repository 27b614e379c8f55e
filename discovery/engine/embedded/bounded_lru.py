"""What was asked last, kept within a number of bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """A value that tells its size in bytes."""

    @property
    def nbytes(self) -> int: ...


MIN_BYTES, BYTES_PER_DOCUMENT = 4_000_000, 100

ENTRY_OVERHEAD = 4_000
"""Bytes of a value beside its arrays, its key and the objects of both: most of it in a small index, where without them
a million phrases would seem to take no room."""

KEPT_SHARE = 7 / 8
"""Of a room that is full, what is kept."""


def room(documents: int) -> int:
    """How many bytes an index of so many documents may keep of one kind of thing: of a hundred wheres or fifty text
    queries at 10,000 documents, of a fifth as many at 100,000."""
    return max(MIN_BYTES, BYTES_PER_DOCUMENT * documents)


K = TypeVar("K")
V = TypeVar("V", bound=Sized)


class ByteBoundedLRU(Generic[K, V]):
    """Values by key, of `room` bytes in all; the one asked for longest ago goes first. `around`: bytes of each beside
    what it says itself.

    Values may grow while they are used: each counts as it was when it was last asked for. Shared by threads without a
    lock, which a forked process could inherit taken: each step is one of a dict's own, and two threads that meet make
    a value twice, or count one amiss until the next sum, at worst. Only for values that are the same whoever makes
    them.
    """

    def __init__(self, room: int, around: int = ENTRY_OVERHEAD) -> None:
        self._room, self._around = room, around
        self._held: dict[K, tuple[V, int]] = {}
        self._bytes = 0

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of a key, made when it is not held."""
        held = self._held.pop(key, None)
        value, before = (make(), 0) if held is None else held
        size = value.nbytes + self._around
        self._held[key] = value, size  # last
        self._bytes += size - before
        if self._bytes > self._room:
            self._make_room()
        return value

    def _make_room(self) -> None:
        """Let the oldest go until some of the room is free, but never the last: a sum is made once for many values."""
        self._bytes = sum(size for _, size in list(self._held.values()))
        for oldest in list(self._held)[:-1]:
            if self._bytes <= self._room * KEPT_SHARE:
                break
            gone = self._held.pop(oldest, None)
            self._bytes -= 0 if gone is None else gone[1]

    def __len__(self) -> int:
        return len(self._held)
