import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.intake import text

ANY_TEXT = st.text(st.characters())  # surrogates and control characters included


@given(ANY_TEXT)
def test_a_line_is_one_clean_line(raw: str) -> None:
    line = text.plain_line(raw)
    assert line == text.plain_line(line)
    assert line == line.strip()
    assert "  " not in line
    assert unicodedata.is_normalized("NFC", line)
    line.encode()  # no lone surrogate, which no database takes
    assert not any(unicodedata.category(letter) in {"Cc", "Cs", "Co"} for letter in line)


@example(" a")
@example("a ")
@given(ANY_TEXT | st.text("aé œ\u0301\u00a0\u00ad<", max_size=6))
def test_what_is_told_quickly_to_be_plain_stays_as_it_is(raw: str) -> None:
    if text.is_plain(raw):
        assert raw == text.plain_line(raw) == text.plain_text(raw)


@pytest.mark.parametrize("raw", ["", "12 rue de l'Église", "a@b.example", "Élan & Cie"])
def test_most_texts_are_plain(raw: str) -> None:
    assert text.is_plain(raw)


@given(ANY_TEXT)
def test_paragraphs_keep_nothing_but_single_blank_lines(raw: str) -> None:
    plain = text.plain_text(raw)
    assert plain == text.plain_text(plain)
    assert "\n\n\n" not in plain
    assert not any(
        unicodedata.category(letter) in {"Cc", "Cs", "Co"} for letter in plain if letter != "\n"
    )
    plain.encode()


@given(st.text("abc é."), st.text("abc é."))
def test_words_are_not_lost(one: str, other: str) -> None:
    assert text.plain_line(f"{one}\u200b\x07\t{other}").split() == [
        word for part in (one, other) for word in part.split()
    ]


@given(st.text(), st.integers(20, 200))
def test_a_cut_text_is_short_and_begins_alike(raw: str, limit: int) -> None:
    kept = text.cut(raw, limit)
    assert len(kept) <= limit
    assert kept == raw or (kept.endswith("…") and raw.startswith(kept[:-1]))


def test_a_cut_falls_between_words() -> None:
    assert text.cut("un deux trois quatre", 15) == "un deux trois…"


@pytest.mark.parametrize(
    ("space", "kept"), [(90, "a" * 90 + "…"), (89, "a" * 89 + " " + "b" * 9 + "…")]
)
def test_a_blank_before_the_last_tenth_is_no_place_to_cut(space: int, kept: str) -> None:
    assert text.cut("a" * space + " " + "b" * 40, 100) == kept


@given(ANY_TEXT | st.from_regex(r"(https?://)?[a-z.:/@?#\[\]-]{0,40}", fullmatch=True))
def test_an_address_is_on_the_web_and_stable_or_none(raw: str) -> None:
    address = text.website(raw)
    if address is not None:
        assert address.startswith(("http://", "https://"))
        assert text.website(address) == address
        assert not any(letter in address for letter in "<>\"' \n") or "'" in address
