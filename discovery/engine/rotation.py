"""Which of equals comes first: a lot each, and an order of lots that is drawn anew by day and search. Pure.

A lot is sixteen bits of the id's digest. A rotation reads them in an order of its own, some of them the other way
round: so each of ten equals comes first about as often as another, and Elasticsearch sorts by fields, without a script.
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

import numpy as np

BITS = 16
EQUAL_DIGITS = 6
"""Decimals of a score that count: those alike in them are equals."""
Lots = TypeVar("Lots", int, "np.ndarray[tuple[int], np.dtype[np.int64]]")


@dataclass(frozen=True, slots=True)
class Rotation:
    """`bits`: the bits of a lot, the first that tells first; of those of the mask `turned`, 1 comes before 0."""

    bits: tuple[int, ...]
    turned: int

    def place(self, lots: Lots) -> Lots:
        """The lower comes first: of one lot, or of an array of them."""
        found = lots & 0
        for bit in self.bits:
            found = (found << 1) | (((lots ^ self.turned) >> bit) & 1)
        return found


def lot(id_: str) -> int:
    """Of a supplier, for ever."""
    return int.from_bytes(blake2b(id_.encode(), digest_size=BITS // 8).digest(), "big")


def drawn(seed: str) -> Rotation:
    """The same for the same seed, on any machine."""
    digest = blake2b(seed.encode("utf-8", "replace"), digest_size=BITS + BITS // 8).digest()
    return Rotation(tuple(sorted(range(BITS), key=digest.__getitem__)), int.from_bytes(digest[BITS:], "big"))
