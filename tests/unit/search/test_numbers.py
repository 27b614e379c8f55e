from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.search.numbers import shown_km, written
from discovery.search.problems import text

NARROW_SPACE = "\u202f"


@pytest.mark.parametrize(
    ("value", "fr", "en"),
    [
        (3, "3", "3"),
        (1234, f"1{NARROW_SPACE}234", "1,234"),
        (12.5, "12,5", "12.5"),
        (12.0, "12", "12"),
        (1234.56, f"1{NARROW_SPACE}234,6", "1,234.6"),
        ("1,5", "1,5", "1,5"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(value: float | str, fr: str, en: str) -> None:
    assert written(value, "fr") == fr
    assert written(value, "en") == en


def test_texts_of_the_search_write_numbers_so_too() -> None:
    assert text("too_deep", {"limit": 10_000}).startswith(f"On peut parcourir 10{NARROW_SPACE}000 résultats")
    assert text("too_deep", {"limit": 10_000}, "en").startswith("10,000 results")


@pytest.mark.parametrize(("km", "shown"), [(0.04, 0.0), (2.349, 2.4), (2.34, 2.3), (9.996, 10), (12.5, 12), (12.6, 13)])
def test_distances_are_rounded_in_one_way(km: float, shown: float) -> None:
    assert shown_km(km) == shown


@given(st.floats(0, 20_000))
def test_who_starts_from_the_api_s_number_says_the_same(km: float) -> None:
    """The card has the API's two decimals, the reason the engine's distance."""
    assert shown_km(round(km, 2)) == shown_km(km)
