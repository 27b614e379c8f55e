"""Field lengths as Lucene remembers them: one byte, exact up to 40, then four significant bits.

A port of `org.apache.lucene.util.SmallFloat.byte4ToInt`, and its inverse, (Apache License 2.0). Scores equal
Elasticsearch's only with the same rounding.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def _int4_to_long(code: int) -> int:
    bits, shift = code & 0x07, (code >> 3) - 1
    return bits if shift < 0 else (bits | 0x08) << shift


_FREE = 24
"""Lengths below are written as they are: Lucene's 255 - longToInt4(Integer.MAX_VALUE)."""


def byte4_to_int(code: int) -> int:
    """The field length that a byte stands for (Lucene's SmallFloat.byte4ToInt): never above the one it was made of."""
    return code if code < _FREE else _FREE + _int4_to_long(code - _FREE)


DECODED: npt.NDArray[np.float64] = np.array([byte4_to_int(code) for code in range(256)], dtype=np.float64)
"""Byte -> length."""


def to_bytes(lengths: npt.NDArray[np.int32] | npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """The bytes that remember field lengths (Lucene's SmallFloat.intToByte4); same shape."""
    codes: npt.NDArray[np.intp] = np.searchsorted(DECODED, lengths, side="right") - 1
    return codes.astype(np.uint8)
