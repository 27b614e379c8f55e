"""Places: namesakes and their hints, districts, short names, typos, areas, roles."""

import pytest

from discovery.places import normalise
from discovery.places.names import without_article
from tests.tables import cases


def place(intent):
    (found,) = [piece for piece in intent.pieces if piece.type == "place"]
    return found


@pytest.mark.parametrize(("q", "value"), cases(__file__, "values_of_places"))
def test_values(q, value, understand):
    assert place(understand(q)).value == value


def test_namesakes_are_ranked_by_population(understand, gazetteer):
    found = place(understand("Saint-Denis"))
    sizes = [gazetteer.commune(option.value.removeprefix("commune:")).population for option in found.alternatives[:-1]]
    assert found.label == "Saint-Denis (93)"  # the metropole's, though the one overseas has more inhabitants
    assert sizes == sorted(sizes, reverse=True)
    assert "Saint-Denis (974)" in [option.label for option in found.alternatives]
    assert len(found.alternatives) <= 8


def test_the_hinted_namesake_comes_first_and_the_others_follow(understand):
    found = place(understand("Saint-Denis 93"))
    assert found.label == "Saint-Denis (93)"
    assert found.alternatives[0].label == "Saint-Denis (974)"
    assert found.value not in [option.value for option in found.alternatives]


def test_a_short_name_offers_the_other_towns_that_begin_so(understand):
    found = place(understand("à Aix"))
    assert [option.label for option in found.alternatives][:1] == ["Aix-les-Bains (73)"]
    assert "Aix (19)" in [option.label for option in found.alternatives]


def test_a_former_region_is_an_area(understand):
    pieces = understand("traiteur en Alsace").pieces
    assert [(p.value, p.text) for p in pieces if p.type == "place"] == [("area:alsace", "Alsace")]


def test_only_a_misspelt_name_is_said_to_be_corrected(understand):
    assert place(understand("Villeurbane")).corrected
    assert not place(understand("Villeurbanne")).corrected


def test_every_name_opens_with_what_the_gazetteer_says(gazetteer):
    """ParseState skips look-ups by `opens`: a name it leaves out would never be found."""
    names = [name for index, name in enumerate(gazetteer.commune_names()) if index % 7 == 0]
    names += [each.name for each in (*gazetteer.departments(), *gazetteer.regions())]
    names += ["Alsace", "PACA", "Brittany", "Asnières", "Annecy-le-Vieux"]
    keys = [without_article(normalise(name)) for name in names]
    assert [key for key in keys if not gazetteer.opens(" ".join(key.split()[:2]))] == []
    assert [key for key in keys if not gazetteer.opens(key.split()[0])] == []
    assert not gazetteer.opens("fourniture")


def test_a_street_is_shown_not_searched_and_said_to_have_no_point(understand):
    intent = understand("nettoyage 8 avenue Jean-Jaurès Grenoble")
    assert intent.text == "nettoyage"
    assert [(p.type, p.text) for p in intent.pieces if p.type == "address"] == [("address", "8 avenue Jean-Jaurès")]
    assert [(note.code, note.text) for note in intent.notes] == [("street", "8 avenue Jean-Jaurès")]
    assert understand("nettoyage 8 avenue Jean-Jaurès Grenoble", literal=["8 avenue Jean-Jaurès"]).notes == ()


def test_near_a_station_is_near_its_town(understand):
    (found,) = [p for p in understand("traiteur près de la gare d'Angers").pieces if p.type == "place"]
    assert (found.label, found.role) == ("Angers (49)", "focus")


@pytest.mark.parametrize(
    ("q", "towns"),
    [
        ("nettoyage Rennes, Vitré et Fougères", ["Rennes (35)", "Vitré (35)", "Fougères (35)"]),
        ("traiteur Vitré", ["Vitré (35)"]),
        ("nettoyage vitre Rennes", ["Rennes (35)"]),
        ("nettoyage Vitre", []),
    ],
)
def test_accents_tell_a_town_from_a_frequent_word(understand, q, towns):
    intent = understand(q, frequent=lambda word: word == "vitre")
    assert [piece.label for piece in intent.pieces if piece.type == "place"] == towns
