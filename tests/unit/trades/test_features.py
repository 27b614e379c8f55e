"""What the classifier looks at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.analysis.token import Token
from discovery.phrase.trades.features import features, names


def _tokens(*terms: str) -> list[Token]:
    return [Token(term, 10 * place, 10 * place + len(term), place) for place, term in enumerate(terms)]


def test_words_and_pairs_in_a_row_with_their_places() -> None:
    found = list(features(_tokens("entretien", "linge"), ()))
    assert [one.name for one in found] == ["entretien", "linge", "entretien linge"]
    assert (found[2].start, found[2].end) == (0, 15)


def test_numbers_single_letters_and_words_of_any_tender_tell_nothing() -> None:
    found = list(features(_tokens("lot", "3", "n", "nettoyag", "marche", "vitr"), {"lot", "marche"}))
    assert [one.name for one in found] == ["nettoyag", "vitr", "nettoyag vitr"]


@given(st.lists(st.sampled_from(["nettoyag", "vitr", "12", "a", "lot", "linge"])))
def test_what_is_learnt_is_what_is_looked_at(terms: list[str]) -> None:
    assert sorted(names(terms, {"lot"})) == sorted(one.name for one in features(_tokens(*terms), {"lot"}))
