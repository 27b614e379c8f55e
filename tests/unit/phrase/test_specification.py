"""The table of examples that defines the reading of phrases, line by line, and what surrounds it."""

import pytest

from discovery.phrase import Intent
from tests.tables import cases
from tests.unit.phrase.conftest import TABLES, Understand, rows

(TABLE,) = (
    [phrase for _, phrase, _ in rows(table)] for table in TABLES if table.stem == "specification"
)


def told(intent: Intent) -> list[tuple[str, str, str]]:
    return [(piece.type, piece.value, piece.role) for piece in intent.pieces]


def test_case_changes_nothing_but_the_kinds_of_two_letters(understand: Understand) -> None:
    def pieces(q: str) -> list[tuple[str, str, str]]:
        return [piece for piece in told(understand(q)) if piece[0] != "sector"]

    for phrase in TABLE:
        assert pieces(phrase.lower()) == pieces(phrase.upper()) == pieces(phrase)


def test_accents_change_nothing(understand: Understand) -> None:
    for phrase in TABLE:
        bare = phrase.translate(str.maketrans("éèêàâîôûÎ", "eeeaaiouI"))
        assert told(understand(bare)) == told(understand(phrase))


def test_the_language_of_the_page_changes_labels_only(understand: Understand) -> None:
    for phrase in TABLE:
        french, english = understand(phrase, lang="fr"), understand(phrase, lang="en")
        assert told(french) == told(english)
        assert french.text == english.text


@pytest.mark.parametrize(("q", "literal", "text", "pieces"), cases(__file__, "literal"))
def test_literal(q, literal, text, pieces, understand):
    left = understand(q, literal=literal)
    assert left.text == text
    assert [p.value for p in left.pieces if p.type != "sector"] == pieces


def test_a_piece_left_as_words_is_no_other_piece(understand):
    # "93" must not become the department once "Saint-Denis 93" is refused, nor "75012" the post
    # code.
    assert [p.type for p in understand("Saint-Denis 93", literal=["Saint-Denis 93"]).pieces] == []
    assert [p.type for p in understand("Paris 75012", literal=["Paris 75012"]).pieces] == []
