"""Distances in every form, their bounds, and the centre they need."""

from __future__ import annotations

import pytest

from discovery.phrase import Note

TABLES = {
    "test_forms": """
à 30 km de Lyon => | Lyon (69) | 30
à 30km de Lyon => | Lyon (69) | 30
30km Lyon => | Lyon (69) | 30
30 KM autour de Lyon => | Lyon (69) | 30
à moins de 50 kilomètres de Lyon => | Lyon (69) | 50
moins de 50 kms de Lyon => | Lyon (69) | 50
dans un rayon de 30 km autour de Lyon => | Lyon (69) | 30
rayon de 30 km autour de la ville de Lyon => | Lyon (69) | 30
dans un périmètre de 20 km autour de Dax => | Dax (40) | 20
Lyon 30 km => | Lyon (69) | 30
Lyon à 30 km => | Lyon (69) | 30
Lyon (30 km) => | Lyon (69) | 30
Lyon + 30 km => | Lyon (69) | 30
Lyon, 30km max => | Lyon (69) | 30
Lyon rayon 30 km => | Lyon (69) | 30
20 km à la ronde autour de Dax => | Dax (40) | 20
à 20km max de Dax => | Dax (40) | 20
à environ 20 km de Dax => | Dax (40) | 20
à 12,5 km de Dax => | Dax (40) | 12.5
à 12.5 km de Dax => | Dax (40) | 12.5
within 30 km of Lyon => | Lyon (69) | 30
within a 25 km radius of Lyon => | Lyon (69) | 25
less than 50 km from Lyon => | Lyon (69) | 50
up to 40 km around Lyon => | Lyon (69) | 40
40km around Lyon => | Lyon (69) | 40
30 kilometers around Lyon => | Lyon (69) | 30
20 miles from Lyon => | Lyon (69) | 32
à 30 km de La Rochelle => | La Rochelle (17) | 30
à 30 km du Havre => | Le Havre (76) | 30
à 30 km des Herbiers => | Les Herbiers (85) | 30
à 30 km d'Annecy => | Annecy (74) | 30
à 30 km de 69003 => | Lyon 3e (69) | 30
à 30 km de Saint-Denis 93 => | Saint-Denis (93) | 30
à 30 km de Cluny nettoyage => nettoyage | Cluny (71) | 30
nettoyage à 30 km de Lyon ou Grenoble => nettoyage | Lyon (69), Grenoble (38) | 30
clôture à 2000 m de Lyon => clôture | Lyon (69) | 2
à 30 km du Rhône => | Rhône (69) | 30
""",
}


def test_forms(phrase, expected, account):
    assert account(phrase) == expected


def radius(intent):
    return [piece for piece in intent.pieces if piece.type == "radius"]


def test_the_chip_holds_the_distance_alone(understand):
    (piece,) = radius(understand("nettoyage dans un rayon de 30 km autour de Lyon"))
    assert (piece.text, piece.value, piece.label) == ("30 km", "30", "30 km")


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
