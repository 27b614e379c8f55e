import pytest

from discovery.places import Gazetteer, Place
from discovery.search.where import _prepositions, de, in_place


@pytest.mark.parametrize(
    ("place", "name", "said"),
    [
        ("department:69", "Rhône", "dans le Rhône"),
        ("department:38", "Isère", "dans l'Isère"),
        ("department:40", "Landes", "dans les Landes"),
        ("department:42", "Loire", "dans la Loire"),
        ("department:44", "Loire-Atlantique", "en Loire-Atlantique"),
        ("department:75", "Paris", "à Paris"),
        ("department:974", "La Réunion", "à La Réunion"),
        ("region:53", "Bretagne", "en Bretagne"),
        ("region:44", "Grand Est", "dans le Grand Est"),
        ("region:32", "Hauts-de-France", "dans les Hauts-de-France"),
        ("region:52", "Pays de la Loire", "dans les Pays de la Loire"),
        ("commune:69123", "Lyon", "à Lyon"),
        ("commune:72181", "Le Mans", "au Mans"),
        ("commune:97101", "Les Abymes", "aux Abymes"),
        ("commune:17300", "La Rochelle", "à La Rochelle"),
    ],
)
def test_inside(place: str, name: str, said: str) -> None:
    kind, _, code = place.partition(":")
    assert in_place(Place(kind, code), name) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Lyon", "de Lyon"),
        ("Arles", "d'Arles"),
        ("Évreux", "d'Évreux"),
        ("Le Mans", "du Mans"),
        ("Les Abymes", "des Abymes"),
        ("La Rochelle", "de La Rochelle"),
        ("Hendaye", "de Hendaye"),
    ],
)
def test_of(name: str, said: str) -> None:
    assert de(name) == said
    assert de(name, "en") == name


def test_every_name_listed_is_a_department_or_a_region(gazetteer: Gazetteer) -> None:
    """A misspelt name in the lists would silently never match."""
    known = {one.name for one in gazetteer.departments()} | {one.name for one in gazetteer.regions()}
    assert _prepositions().keys() - known == set()
