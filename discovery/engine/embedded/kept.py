"""What was asked last, kept within a number of bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    @property
    def nbytes(self) -> int: ...


LEAST, A_DOCUMENT = 4_000_000, 100


def room(documents: int) -> int:
    """Bytes that an index of so many documents keeps of one kind of thing: of a hundred wheres or fifty text queries at
    10,000 documents, of a fifth as many at 100,000."""
    return max(LEAST, A_DOCUMENT * documents)


K = TypeVar("K")
V = TypeVar("V", bound=Sized)


class Kept(Generic[K, V]):
    """Values by key, of `room` bytes in all; the one asked for longest ago goes first.

    Shared by threads without a lock, which a forked process could inherit taken: each step is one of a dict's own, and
    two threads that meet make a value twice, at worst. Only for values that are the same whoever makes them.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._held: dict[K, V] = {}

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of a key, made when it is not held."""
        found = self._held.pop(key, None)
        if found is not None:
            self._held[key] = found  # last again
            return found
        made = self._held[key] = make()
        excess = sum(one.nbytes for one in list(self._held.values())) - self._room
        for oldest in list(self._held)[:-1] if excess > 0 else ():
            gone = self._held.pop(oldest, None)
            excess -= 0 if gone is None else gone.nbytes
            if excess <= 0:
                break
        return made

    def __len__(self) -> int:
        return len(self._held)
