"""Tokens keep their place, whatever the script, the case and the accents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings.phrases import fold
from discovery.phrase.lexer import Gap, lex, stem
from tests.tables import cases


def texts(q):
    return [token.text for token in lex(q)]


@pytest.mark.parametrize(("q", "expected"), cases(__file__, "tokens"))
def test_tokens(q, expected):
    assert texts(q) == expected


@pytest.mark.parametrize(("q", "gap"), cases(__file__, "what_stands_between"))
def test_what_stands_between(q, gap):
    assert lex(q)[-1].gap is Gap[gap]


@pytest.mark.parametrize("q", ['"a b" c', "« a b » c", "“a b” c"])
def test_quoted_words_are_opaque(q):
    assert [token.opaque for token in lex(q)] == [True, True, False]


@pytest.mark.parametrize(("text", "folded"), cases(__file__, "fold"))
def test_fold(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "many"),
    [("bureau", "bureaux"), ("local", "locaux"), ("agency", "agencies"), ("prairie", "prairies"),
     ("adaptee", "adaptees"), ("entreprise", "entreprises"), ("adapte", "adaptee"), ("esat", "esats")],
)  # fmt: skip
def test_plurals_are_one(one, many):
    assert stem(one) == stem(many)


@given(st.text("abÉœ ßﬁʼ٣²", max_size=30))
def test_words_and_blanks_are_read_as_any_phrase_is(q):
    assert lex(q) == lex(f"{q}!")


@given(st.text(max_size=60))
def test_tokens_stand_in_order_where_they_say(q):
    position = 0
    for token in lex(q):
        assert position <= token.start < token.end
        assert q[token.start : token.end] == token.text
        position = token.end
