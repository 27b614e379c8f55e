"""Distances in every form, their bounds, and the centre they need."""

import pytest

from discovery.phrase import Note
from tests.tables import cases


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


@pytest.mark.parametrize(("q", "minutes"), cases(__file__, "a_time_is_minutes_by_car_and_told_to_be_an_estimate"))
def test_a_time_is_minutes_by_car_and_told_to_be_an_estimate(q, minutes, understand):
    intent = understand(q)
    assert [(piece.value, piece.label) for piece in intent.pieces if piece.type == "minutes"] == [
        (minutes, f"{minutes} min")
    ]
    assert [piece.value for piece in intent.pieces if piece.type == "place"] == ["commune:69123"]
    assert intent.text in ("nettoyage", "cleaning")
    assert [note.code for note in intent.notes] == ["minutes_estimated"]


@pytest.mark.parametrize(("typed", "value"), [("2 minutes", "5"), ("5 heures", "180")])
def test_minutes_out_of_bounds_are_brought_back_with_a_warning(typed, value, understand):
    intent = understand(f"nettoyage à {typed} de Lyon")
    assert [piece.value for piece in intent.pieces if piece.type == "minutes"] == [value]
    assert Note("minutes_range", typed) in intent.notes


@pytest.mark.parametrize("q", ["traiteur pour les 24 heures du Mans", "formation de 45 minutes, Lyon"])
def test_a_time_that_leads_to_no_place_is_none(q, understand):
    assert not [piece for piece in understand(q).pieces if piece.type in ("minutes", "radius")]


def test_a_time_made_otherwise_than_by_car_is_an_approximate_distance(understand):
    intent = understand("nettoyage à 30 minutes à vélo de Metz")
    assert [piece.value for piece in radius(intent)] == ["6"]
    assert "radius_approximate" in {note.code for note in intent.notes}
