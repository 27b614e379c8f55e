"""Places: namesakes and their hints, districts, short names, typos, areas, roles."""

import pytest

from discovery.places import normalise
from discovery.places.names import without_article
from tests.tables import cases


def place(intent):
    (found,) = [piece for piece in intent.pieces if piece.type == "place"]
    return found


def test_namesakes_are_ranked_by_population(understand, gazetteer):
    found = place(understand("Saint-Denis"))
    sizes = [
        gazetteer.commune(option.value.removeprefix("commune:")).population
        for option in found.alternatives[:-1]
    ]
    assert (
        found.label == "Saint-Denis (93)"
    )  # the metropole's, though the one overseas has more inhabitants
    assert sizes == sorted(sizes, reverse=True)
    assert "Saint-Denis (974)" in [option.label for option in found.alternatives]
    assert len(found.alternatives) <= 8


def test_every_name_opens_with_what_the_gazetteer_says(gazetteer):
    """ParseState skips look-ups by `opens`: a name it leaves out would never be found."""
    names = [name for index, name in enumerate(gazetteer.commune_names()) if index % 7 == 0]
    names += [each.name for each in (*gazetteer.departments(), *gazetteer.regions())]
    names += ["Alsace", "PACA", "Brittany", "Asnières", "Annecy-le-Vieux"]
    keys = [without_article(normalise(name)) for name in names]
    assert [key for key in keys if not gazetteer.opens(" ".join(key.split()[:2]))] == []
    assert [key for key in keys if not gazetteer.opens(key.split()[0])] == []
    assert not gazetteer.opens("fourniture")


@pytest.mark.parametrize(
    ("q", "towns"), cases(__file__, "accents_tell_a_town_from_a_frequent_word")
)
def test_accents_tell_a_town_from_a_frequent_word(understand, q, towns):
    intent = understand(q, frequent=lambda word: word == "vitre")
    assert [piece.label for piece in intent.pieces if piece.type == "place"] == towns
