"""Distances in every form, their bounds, and the centre they need."""

import pytest

from discovery.phrase import Note


def radius(intent):
    return [piece for piece in intent.pieces if piece.type == "radius"]


def test_the_last_of_two_distances_wins_with_a_warning(understand):
    intent = understand("nettoyage à 30 km de Lyon et 50 km de Grenoble")
    assert [piece.value for piece in radius(intent)] == ["50"]
    assert intent.notes == (Note("radius_repeated", "30 km"),)
    assert [piece.label for piece in intent.pieces if piece.type == "place"] == ["Lyon (69)", "Grenoble (38)"]
    assert intent.text == "nettoyage"


@pytest.mark.parametrize(
    ("typed", "value"), [("0 km", "1"), ("800 km", "500"), ("1 000 km", "500"), ("99999 km", "500")]
)
def test_a_distance_out_of_bounds_is_brought_back_with_a_warning(typed, value, understand):
    intent = understand(f"nettoyage à {typed} de Lyon")
    assert [piece.value for piece in radius(intent)] == [value]
    assert intent.notes == (Note("radius_range", typed),)


@pytest.mark.parametrize("value", ["1", "500"])
def test_the_bounds_themselves_are_in(value, understand):
    intent = understand(f"nettoyage à {value} km de Lyon")
    assert [piece.value for piece in radius(intent)] == [value]
    assert intent.notes == ()


@pytest.mark.parametrize("q", ["500 km", "nettoyage 500 km", "traiteur en France 30 km"])
def test_without_a_centre_a_distance_is_words(q, understand):
    intent = understand(q)
    assert radius(intent) == []
    assert "km" in intent.text
    assert intent.notes == ()


def test_with_a_centre_given_apart_it_is_a_radius(understand):
    intent = understand("nettoyage à moins de 30 km", centred=True)
    assert [piece.value for piece in radius(intent)] == ["30"]
    assert intent.text == "nettoyage"


def test_a_time_is_told_to_be_an_approximate_distance(understand):
    for q in ("nettoyage à 30 minutes de Lyon", "traiteur à une heure de Rennes"):
        assert understand(q).approximate_radius
        assert "radius_approximate" in {note.code for note in understand(q).notes}
