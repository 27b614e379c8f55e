from hypothesis import given
from hypothesis import strategies as st

from indexer.intake.values import bare, luhn
from tools.sample.supplier import luhn_digit

DIGITS = st.text("0123456789", min_size=1, max_size=30)


@given(DIGITS)
def test_exactly_one_digit_completes_a_number(digits: str) -> None:
    valid = [last for last in "0123456789" if luhn(digits + last)]
    assert valid == [luhn_digit(digits)]


@given(DIGITS, st.data())
def test_one_wrong_digit_is_always_seen(digits: str, data: st.DataObject) -> None:
    whole = digits + luhn_digit(digits)
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != whole[at]]))
    assert not luhn(whole[:at] + other + whole[at + 1 :])


def test_the_standard_example() -> None:
    assert luhn("79927398713")
    assert not luhn("79927398710")


def test_people_write_spaces() -> None:
    assert bare(" 002 000 008 00017") == bare("002.000.008-00017") == "00200000800017"
