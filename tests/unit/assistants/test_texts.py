import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import cases


def plain(text: str, *longest: int) -> str:
    from discovery.http import (
        mcp,
    )  # a second and a half, which every process that collects would pay

    return mcp.plain(text, *longest)


@pytest.mark.parametrize(("text", "shown"), cases(__file__, "one_line_of_what_people_see"))
def test_one_line_of_what_people_see(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_long_text_is_cut_and_shows_it() -> None:
    assert plain("x" * 50, 10) == "xxxxxxxxx…"
    assert plain("x" * 10, 10) == "x" * 10


@given(st.text(max_size=300), st.integers(1, 60))
def test_whatever_is_written(text: str, longest: int) -> None:
    shown = plain(text, longest)
    assert len(shown) <= longest
    assert not any(unicodedata.category(one) in {"Cc", "Cf", "Co", "Cs"} for one in shown)
    assert plain(shown, longest) == shown
