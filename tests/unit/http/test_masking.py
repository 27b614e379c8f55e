"""What the log may keep of what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.model.masking import masked
from tests.tables import cases


@pytest.mark.parametrize(("typed", "kept"), cases(__file__, "masked"))
def test_numbers_and_addresses_are_masked_and_trades_are_not(typed: str, kept: str) -> None:
    assert masked(typed) == kept


@given(st.text(max_size=60))
def test_masking_is_done_once_for_all(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@given(
    st.integers(0, 999_999_999),
    st.lists(st.sampled_from(["", " ", ".", "-", "/", "_", "\u202f", " - "]), min_size=9),
)
def test_no_telephone_passes_however_its_digits_are_parted(last: int, parts: list[str]) -> None:
    digits = (
        "0" + str(last + 100_000_000)[-9:].replace("0", "1", 1)
        if last % 2
        else f"06{last:09d}"[:10]
    )
    typed = "".join(digit + part for digit, part in zip(digits, [*parts[:9], ""], strict=True))
    assert not any(character.isdigit() for character in masked(f"appeler {typed} demain"))
