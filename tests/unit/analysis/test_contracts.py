"""What analysts may rely on, in their words: which phrases meet, which stay apart. On the mappings
as shipped.
"""

import pytest

from discovery.engine.analysis import Analysis
from tests.tables import cases


def terms(analysis: Analysis, text: str) -> list[str]:
    return analysis.terms("french", text)


@pytest.mark.parametrize(("one", "other"), cases(__file__, "same"))
def test_these_mean_the_same(project_analysis: Analysis, one: str, other: str) -> None:
    assert terms(project_analysis, one) == terms(project_analysis, other)


@pytest.mark.parametrize(("one", "other"), cases(__file__, "apart"))
def test_these_stay_apart(project_analysis: Analysis, one: str, other: str) -> None:
    assert set(terms(project_analysis, one)).isdisjoint(terms(project_analysis, other))
    assert terms(project_analysis, one)


@pytest.mark.parametrize(("phrase", "hidden"), cases(__file__, "a_contraction_hides_its_parts"))
def test_a_contraction_hides_its_parts(
    project_analysis: Analysis, phrase: str, hidden: str
) -> None:
    assert set(terms(project_analysis, phrase)).isdisjoint(terms(project_analysis, hidden))


def test_the_words_around_a_contraction_stay(project_analysis: Analysis) -> None:
    assert terms(project_analysis, "tonte et création d'espaces verts, taille") == [
        *terms(project_analysis, "tonte"),
        *terms(project_analysis, "création"),
        "espace_vert",
        *terms(project_analysis, "taille"),
    ]


def test_offsets_are_those_of_the_text_as_written(project_analysis: Analysis) -> None:
    text = "L'E.S.A.T. fait la mise sous pli d'œuvres"
    spans = [
        (token.term, text[token.start : token.end])
        for token in project_analysis.tokens("french", text)
    ]
    assert spans == [
        ("esat", "L'E.S.A.T"),
        ("fait", "fait"),
        ("mise_sous_pli", "mise sous pli"),
        ("oeuvr", "d'œuvres"),
    ]


def test_positions_leave_gaps_for_stop_words_and_none_for_contractions(
    project_analysis: Analysis,
) -> None:
    tokens = project_analysis.tokens("french", "taille de haies et mise sous pli de courrier")
    assert [token.position for token in tokens] == [0, 2, 4, 6]


def test_folded_keeps_every_word_whole(project_analysis: Analysis) -> None:
    assert project_analysis.terms("folded", "L'Été, les Espaces verts d’Œuilly") == [
        "ete", "les", "espaces", "verts", "oeuilly",
    ]  # fmt: skip
