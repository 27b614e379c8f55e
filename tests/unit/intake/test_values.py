import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.intake import values

ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())
)
TODAY = date(2026, 11, 24)


@given(ANYTHING)
def test_a_value_is_read_or_refused_with_a_value_error(raw: Any) -> None:
    for read in (
        values.decimal,
        values.flag,
        values.naf,
        lambda value: values.whole(value, 0, 10),
        lambda value: values.day(value, TODAY),
    ):
        try:
            read(raw)
        except ValueError:
            continue


@given(ANYTHING)
def test_numbers_that_are_read_are_finite(raw: Any) -> None:
    try:
        number = values.decimal(raw)
    except ValueError:
        return
    assert math.isfinite(number)


@pytest.mark.parametrize("raw", [None, "", "  ", "\t"])
def test_nothing_is_empty(raw: Any) -> None:
    assert values.empty(raw)


@pytest.mark.parametrize("raw", [0, False, [], "0"])
def test_something_is_not(raw: Any) -> None:
    assert not values.empty(raw)
