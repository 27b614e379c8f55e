"""Field lengths lose what Lucene's one byte loses, and no more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.embedded.postings import DECODED, byte4_to_int, to_bytes
from tests.tables import cases

lengths = st.integers(0, 2**31 - 1)


def long_to_int4(value: int) -> int:
    """Lucene's `SmallFloat.longToInt4`."""
    bits = value.bit_length()
    if bits < 4:
        return value
    shift = bits - 4
    return ((value >> shift) & 0x07) | ((shift + 1) << 3)


def int_to_byte4(length: int) -> int:
    """Lucene's `SmallFloat.intToByte4`, the oracle of `to_bytes`."""
    free = 255 - long_to_int4(2**31 - 1)
    return length if length < free else free + long_to_int4(length - free)


@pytest.mark.parametrize(("length", "byte", "back"), cases(__file__, "lucenes_own_values"))
def test_lucenes_own_values(length: int, byte: int, back: int) -> None:
    assert int_to_byte4(length) == byte
    assert to_bytes(np.array([length], dtype=np.int32)).tolist() == [byte]
    assert byte4_to_int(byte) == back


@given(st.lists(lengths))
def test_many_at_once_are_as_each_alone(many: list[int]) -> None:
    codes = to_bytes(np.array(many, dtype=np.int32))
    assert codes.tolist() == [int_to_byte4(length) for length in many]
    assert DECODED[codes].tolist() == [byte4_to_int(int_to_byte4(length)) for length in many]
