import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings import Mappings, load_mappings
from indexer.intake.text import Readable, in_capitals

READABLE = Readable(load_mappings().vocabulary)


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("ATELIERS DU VIADUC", "Ateliers du Viaduc"),
        ("ESAT LES ECLUSES", "ESAT Les Ecluses"),
        ("ESAT HORS LES MURS", "ESAT Hors les Murs"),
        ("ESAT DU VAL", "ESAT du Val"),
        ("GEIQ BTP DU GRAND SUD", "GEIQ BTP du Grand Sud"),
        ("SARL LE FIL ROUGE", "SARL Le Fil Rouge"),
        ("ENTREPRISE D INSERTION DE L ISERE", "Entreprise d'Insertion de l'Isere"),
        ("ESAT LES GENETS D'OR ST MARTIN", "ESAT Les Genets d'Or St Martin"),
        ("S A S DES HALLES", "S A S des Halles"),
        ("BALUCHON A TABLE", "Baluchon à Table"),
        ("MP 2 ENVIRONNEMENT", "MP 2 Environnement"),
        ("ATELIER 3ID ET A2I", "Atelier 3ID et A2I"),
        ("RELAIS DU XIV SIECLE", "Relais du XIV Siecle"),
        ("LONS-LE-SAUNIER SERVICES", "Lons-le-Saunier Services"),
        ("L'ÉTABLI", "L'Établi"),
        ("ESAT - L'ENVOL", "ESAT - L'Envol"),
        ("ACI DE L'UNEA", "ACI de l'UNEA"),
        ('ESAT "LES GENETS"', 'ESAT "Les Genets"'),
        ("", ""),
    ],
)
def test_a_shouted_name_is_made_readable(name: str, readable: str) -> None:
    assert READABLE(name) == readable


@pytest.mark.parametrize("name", ["Atelier du Bocage", "eco-lieu", "iD'EES", "FAP", "ASEM", "3", "ESAT Les Tilleuls"])
def test_any_other_name_is_left_alone(name: str) -> None:
    assert READABLE(name) == name


@given(st.text("ABCDEFIOU -'", min_size=5, max_size=40))
def test_a_readable_name_stays(name: str) -> None:
    once = READABLE(name)
    assert READABLE(once) == once


def test_every_kind_keeps_its_letters(mappings: Mappings) -> None:
    for kind in mappings.vocabulary.kinds:
        assert READABLE(f"{kind} DU BOCAGE NEUF") == f"{kind} du Bocage Neuf"


@pytest.mark.parametrize(("name", "shouts"), [("FAIRE", True), ("FAP", False), ("LA MER", True), ("12", False)])
def test_what_shouts(name: str, shouts: bool) -> None:
    assert in_capitals(name) is shouts
