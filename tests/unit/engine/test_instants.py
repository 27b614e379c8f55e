"""Instants: one spelling each, in the order of time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine import instants

MOMENTS = st.datetimes(
    min_value=datetime.fromisoformat("1900-01-01"),
    max_value=datetime.fromisoformat("2200-01-01"),
    timezones=st.sampled_from(
        [UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=9, minutes=30))]
    ),
)


def test_an_instant_is_told_in_utc_to_the_second() -> None:
    paris = timezone(timedelta(hours=2))
    assert (
        instants.written(datetime(2026, 7, 1, 1, 30, 0, 999_999, tzinfo=paris))
        == "2026-06-30T23:30:00Z"
    )
    assert instants.after_epoch(0) == "1970-01-01T00:00:00Z"


@given(MOMENTS, MOMENTS)
def test_instants_sort_as_texts_and_as_seconds(one: datetime, other: datetime) -> None:
    a, b = instants.written(one), instants.written(other)
    assert (a < b) == (instants.seconds(a) < instants.seconds(b))
    if one <= other:
        assert a <= b


@pytest.mark.parametrize(
    "text",
    ["", "2026-03-01", "2026-03-01T09:30:00", "2026-03-01T09:30:00+01:00", "2026-03-01 09:30:00Z", "20260301T093000Z",
     "2026-03-01T09:30:00.5Z", "2026-02-30T09:30:00Z", "2026-03-01T24:00:00Z", "2026-W10-1T09:30:00Z"],
)  # fmt: skip
def test_another_spelling_is_no_instant(text: str) -> None:
    with pytest.raises(ValueError):
        instants.seconds(text)


@pytest.mark.parametrize("text", ["", "2026-02-30", "1 March"])
def test_what_is_no_date_has_no_days(text: str) -> None:
    with pytest.raises(ValueError):  # in words that each Python has its own of
        instants.days(text)
