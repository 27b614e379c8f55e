"""What is refused: "sauf ESAT", "hors Lyon". Accounts as in `test_ignored`; `!` is what is told as not understood."""

import pytest

from tests.tables import cases
from tests.unit.phrase.conftest import Understand


@pytest.mark.parametrize(("q", "literal", "text"), cases(__file__, "each_can_be_made_words_again"))
def test_each_can_be_made_words_again(q, literal, text, understand):
    left = understand(q, literal=[literal])
    assert [piece.type for piece in left.pieces if piece.type != "sector" and literal in piece.text] == []
    assert left.text == text


def test_a_family_refused_is_all_of_its_kinds(understand):
    refused = [p for p in understand("nettoyage sauf IAE").pieces if p.type == "exclusion"]
    assert {p.parameter for p in refused} == {"not_kind"}
    assert {p.value for p in refused} == {"EI", "AI", "ACI", "ETTI", "EITI"}
    assert len({(p.start, p.end) for p in refused}) == 1


def test_nothing_refused_is_asked_for(understand):
    for q in ("nettoyage sauf ESAT", "nettoyage hors Lyon", "espaces verts sauf nettoyage", "nettoyage pas d'intérim"):
        intent = understand(q)
        (refused,) = (p for p in intent.pieces if p.type == "exclusion")
        asked = [p for p in intent.pieces if p.type != "exclusion"]
        assert refused.value not in {p.value for p in asked}
        assert all(refused.value not in need.sectors for need in intent.needs)


def test_what_is_not_understood_is_told_with_its_words(understand):
    (note,) = understand("nettoyage sans produits chimiques à Lyon").notes
    assert (note.code, note.text) == ("negation_unknown", "sans produits chimiques")


def test_a_place_may_begin_as_a_negation_ends(understand):
    (place,) = (p for p in understand("nettoyage à Part-Dieu").pieces if p.type == "place")
    assert place.value == "area:part-dieu"


@pytest.mark.parametrize(
    ("q", "refused"),
    [
        ("nettoyage, ESAT exclus", ["ESAT"]),
        ("nettoyage (ESAT et EA exclus)", ["ESAT", "EA"]),
        ("déménagement, la Corse exceptée", ["region:94"]),
        ("espaces verts en Île-de-France, Paris exclu", ["commune:75056"]),
        ("nettoyage excepté ESAT", ["ESAT"]),
        ("blanchisserie en évitant les ESAT", ["ESAT"]),
        ("je refuse les ETTI, nettoyage Dijon", ["ETTI"]),
        ("nous ne souhaitons pas travailler avec un ESAT, blanchisserie Tours", ["ESAT"]),
        ("nettoyage, pas de structure du handicap", ["handicap"]),
        ("traiteur à l'exclusion de toute EA", ["EA"]),
        ("traiteur, pas d'entreprise adaptée", ["EA"]),
        ("laundry, anything but an ESAT", ["ESAT"]),
    ],
)
def test_what_is_refused_is_never_asked_for(understand: Understand, q: str, refused: list[str]) -> None:
    found = understand(q)
    assert [piece.value for piece in found.pieces if piece.type == "exclusion"] == refused
    assert len(found.needs) == 1
    assert not any(piece.value in refused for piece in found.pieces if piece.type != "exclusion")
