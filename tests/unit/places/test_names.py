"""Names as keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.places.names import normalise, without_article, without_cedex
from tests.tables import cases


@pytest.mark.parametrize(("name", "key"), cases(__file__, "keys"))
def test_keys(name: str, key: str) -> None:
    assert normalise(name) == key


@given(st.text(max_size=60))
def test_normalise_is_idempotent(name: str) -> None:
    assert normalise(normalise(name)) == normalise(name)


@given(st.text(max_size=60))
def test_a_key_is_words_of_ascii_letters_and_digits_separated_by_one_space(name: str) -> None:
    key = normalise(name)
    assert key == " ".join(key.split(" ")).strip()
    assert all(
        word.isascii() and word.isalnum() and word == word.lower()
        for word in key.split(" ")
        if word
    )
    assert "  " not in key


@pytest.mark.parametrize(("key", "bare"), cases(__file__, "leading_articles"))
def test_leading_articles(key: str, bare: str) -> None:
    assert without_article(key) == bare


@pytest.mark.parametrize(
    ("key", "city"),
    [
        ("lyon cedex 03", "lyon"),
        ("pau cedex", "pau"),
        ("cedex", "cedex"),
        ("cedexville", "cedexville"),
    ],
)
def test_cedex(key: str, city: str) -> None:
    assert without_cedex(key) == city
