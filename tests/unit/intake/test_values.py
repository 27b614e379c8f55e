import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.intake import values

ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())
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


@pytest.mark.parametrize(
    ("raw", "number"), [("45,76", 45.76), ("1 234.5", 1234.5), ("850\u202f000", 850000), (-3, -3), ("+7", 7)]
)
def test_decimals_as_people_write_them(raw: Any, number: float) -> None:
    assert values.decimal(raw) == number


@pytest.mark.parametrize("raw", ["", "abc", "1e400", "12 €", "1,2,3", True, math.nan, math.inf, 10**20])
def test_what_is_no_number(raw: Any) -> None:
    with pytest.raises(ValueError):
        values.decimal(raw)


@pytest.mark.parametrize(("raw", "whole"), [(12, 12), ("12", 12), (12.0, 12), ("12,0", 12)])
def test_whole_numbers(raw: Any, whole: int) -> None:
    assert values.whole(raw, 0, 100) == whole


@pytest.mark.parametrize("raw", [12.5, "12,5", -1, 101, "douze"])
def test_what_is_no_whole_number_in_range(raw: Any) -> None:
    with pytest.raises(ValueError):
        values.whole(raw, 0, 100)


@pytest.mark.parametrize("raw", [True, "true", "Oui", " yes ", "1", 1, "VRAI"])
def test_yes(raw: Any) -> None:
    assert values.flag(raw) is True


@pytest.mark.parametrize("raw", [False, "false", "Non", "no", "0", 0, "faux"])
def test_no(raw: Any) -> None:
    assert values.flag(raw) is False


@pytest.mark.parametrize("raw", ["2026-03-01", "2026-03-01T10:00:00Z", "01/03/2026", " 2026-03-01 "])
def test_days(raw: str) -> None:
    assert values.day(raw, TODAY) == date(2026, 3, 1)


@pytest.mark.parametrize("raw", ["2026-02-30", "2027-01-01", "03/2026", "hier", 20260301, "2026-3-1"])
def test_what_is_no_past_day(raw: Any) -> None:
    with pytest.raises(ValueError):
        values.day(raw, TODAY)


@pytest.mark.parametrize("raw", ["81.21Z", "8121Z", "81.21z", " 8121 Z"])
def test_naf(raw: str) -> None:
    assert values.naf(raw) == "81.21Z"


@pytest.mark.parametrize("raw", [None, "", "  ", "\t"])
def test_nothing_is_empty(raw: Any) -> None:
    assert values.empty(raw)


@pytest.mark.parametrize("raw", [0, False, [], "0"])
def test_something_is_not(raw: Any) -> None:
    assert not values.empty(raw)
