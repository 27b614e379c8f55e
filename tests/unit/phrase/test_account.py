"""Every character is accounted for, whatever the phrase; and reading is a function of its
arguments.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import some
from tests.tables import cases

WORDS = (
    "nettoyage", "bureaux", "de", "d'", "à", "près", "autour", "ESAT", "EI", "ai", "ou", "et", ",",
    "(", ")", '"', "«", "»",
    "Lyon", "Saint-Denis", "93", "59000", "2A", "Paris", "12e", "30", "km", "within", "of", "near", "la", "le", "Rhône",
    "Bretagne", "Alsace", "toute la France", "national", "RGE", "ISO", "14001", "intérim", "handicap",
    "784 671 695 00103",
    "E.S.A.T.", "contact@ei.fr", "Villeurbane", "l’", "/", "-", "œuvre", "ÉLECTRICITÉ", "e\u0301", "🍰",
    "٣٠", "\u202eאבג", "\ud800",
    "sans", "j'ai besoin de", "je cherche", "svp", "personnes", "dans le", "département", "1 000 km", "0", "00000",
    "sauf", "hors", "ni", "pas d'", "non", "except", "lot n° 4", "19v1411", "MAPA 2024-12",
    "pour 80 personnes", "12 juin",
    "du 3 au 5 mai", "12/06/2026", "à 18 h", "sous 15 jours", "budget 1 500 €", "k€", "€", "%", "320 m²", "m2",
    "hectares",
    "deux fois par mois", "7j/7", "hebdomadaire", "article L2113-12", "marché réservé",
    "clause d'insertion 5 %", "société",
    "devis", "merci d'avance", "bonjour", "trente", "vingt et un", "une centaine de", "à une demi-heure de", "nettoyer",
    "traiteur", "espaces verts", "pour le compte de", "1h30", "entreprse",
)  # fmt: skip
phrases = st.lists(st.sampled_from(WORDS), max_size=14).flatmap(
    lambda words: st.sampled_from([" ", "", "  ", "\t", ", "]).map(
        lambda blank: blank.join(words)[:300]
    )
)
anything = st.text(st.characters(codec=None), max_size=300) | phrases
thorough = settings(
    max_examples=some(300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def check(intent):
    q = intent.q
    position = 0
    for start, end, what in intent.spans:
        assert start == position
        assert start < end
        assert what in ("piece", "text", "dropped")
        position = end
    assert position == len(q)
    spans = {(start, end) for start, end, what in intent.spans if what == "piece"}
    for piece in intent.pieces:
        assert piece.text == q[piece.start : piece.end] != ""
        if piece.kept:
            assert all(
                what != "piece" for s, e, what in intent.spans if s < piece.end and e > piece.start
            )
        else:
            assert (piece.start, piece.end) in spans
        first, end = intent.cut(piece)
        beside = [
            what for s, e, what in intent.spans if first <= s < piece.start or piece.end < e <= end
        ]
        assert first <= piece.start
        assert end >= piece.end
        assert set(beside) <= {"dropped"}
    assert spans == {(piece.start, piece.end) for piece in intent.pieces if not piece.kept}
    assert intent.text == " ".join(
        q[start:end] for start, end, what in intent.spans if what == "text"
    )
    assert intent.text == " ".join(intent.text.split(" "))
    assert all(piece.kept == (piece.type == "sector") for piece in intent.pieces)
    assert all((piece.role is None) == (piece.type != "place") for piece in intent.pieces)


@pytest.mark.parametrize(
    ("phrase", "piece", "left"), cases(__file__, "a_piece_is_cut_with_the_words_that_only_join_it")
)
def test_a_piece_is_cut_with_the_words_that_only_join_it(phrase, piece, left, understand):
    intent = understand(phrase)
    assert intent.without(intent.cut(one) for one in intent.pieces if one.type == piece) == left


def test_with_a_centre_given_apart_a_distance_is_a_radius(understand):
    intent = understand("nettoyage à moins de 30 km", centred=True)
    assert [piece.value for piece in intent.pieces if piece.type == "radius"] == ["30"]
    assert intent.text == "nettoyage"


@pytest.mark.parametrize(("q", "literal", "text"), cases(__file__, "each_can_be_made_words_again"))
def test_what_is_refused_can_be_made_words_again(q, literal, text, understand):
    left = understand(q, literal=[literal])
    assert [
        piece.type for piece in left.pieces if piece.type != "sector" and literal in piece.text
    ] == []
    assert left.text == text


@thorough
@given(q=anything)
def test_any_phrase_is_read_and_accounted_for(q, understand):
    intent = understand(q)
    assert intent.q == q
    check(intent)


@thorough
@given(q=phrases)
def test_leaving_every_piece_as_words_leaves_no_piece(q, understand):
    literal: list[str] = []
    for _ in range(30):
        intent = understand(q, literal=literal)
        check(intent)
        refused = [piece.text for piece in intent.pieces]
        if not refused:
            break
        literal += refused
    assert understand(q, literal=literal).pieces == ()


@thorough
@given(q=phrases)
def test_a_piece_left_as_words_is_gone_and_its_words_are_text(q, understand):
    intent = understand(q)
    for piece in intent.pieces:
        left = understand(q, literal=[piece.text])
        check(left)
        assert piece.text not in [other.text for other in left.pieces]
        if piece.text.isalnum():
            assert piece.text in left.text


@thorough
@given(literal=st.lists(anything, max_size=3))
def test_any_literal_is_taken(literal, understand):
    check(understand("nettoyage à 30 km de Lyon, ESAT", literal=literal))


@pytest.mark.parametrize(
    "q",
    ["nettoyage de bureaux à 30 km de Lyon, ESAT ou EI", "traiteur Saint-Denis 93",
     "Bonjour, je cherche des jardiniers près de Pau",
     "collecte de cartons 31, 32 et 81", "menuiserie RGE toute la France"],
)  # fmt: skip
def test_the_words_that_remain_hold_no_piece_but_sectors(q, understand):
    again = understand(understand(q).text)
    assert again.text == understand(q).text
    assert [piece.type for piece in again.pieces if piece.type != "sector"] == []
