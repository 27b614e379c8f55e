"""What is refused: "sauf ESAT", "hors Lyon". Accounts as in `test_ignored`; `!` is what is told as not understood."""

# A phrase and its account are one line.
# ruff: noqa: E501

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.phrase.conftest import Understand
from tests.unit.phrase.test_additions import thorough

TABLES = {
    "test_exclusions": """
# kinds and groups
nettoyage sauf ESAT => nettoyage | not_kind ESAT
nettoyage, sauf ESAT => nettoyage | not_kind ESAT
nettoyage sauf les ESAT => nettoyage | not_kind ESAT
nettoyage hors ESAT => nettoyage | not_kind ESAT
nettoyage pas d'ESAT => nettoyage | not_kind ESAT
nettoyage pas un ESAT => nettoyage | not_kind ESAT
nettoyage excepté ESAT => nettoyage | not_kind ESAT
nettoyage à l'exception des ESAT => nettoyage | not_kind ESAT
nettoyage à l'exclusion des entreprises adaptées => nettoyage | not_kind EA
nettoyage autre que ESAT => nettoyage | not_kind ESAT
nettoyage autre qu'ESAT => nettoyage | not_kind ESAT
nettoyage sans ESAT => nettoyage | not_kind ESAT
nettoyage sauf ESAT et EA => nettoyage | not_kind ESAT; not_kind EA
nettoyage sauf ESAT, EA => nettoyage | not_kind ESAT; not_kind EA
nettoyage ni ESAT ni EA => nettoyage | not_kind ESAT; not_kind EA
nettoyage pas d'ESAT ni d'EA à Lyon => nettoyage | not_kind ESAT; not_kind EA; Lyon (69)
nettoyage sauf handicap => nettoyage | not_kind_group handicap
nettoyage mais pas d'association intermédiaire => nettoyage | not_kind AI
entretien ménager sauf ESAT, Ille-et-Vilaine => entretien ménager | not_kind ESAT; Ille-et-Vilaine (35)
EA nettoyage sauf ESAT => nettoyage | kind EA; not_kind ESAT
cleaning not an ESAT => cleaning | not_kind ESAT
cleaning except ESAT => cleaning | not_kind ESAT
cleaning excluding sheltered workshops => cleaning | not_kind ESAT
cleaning without ESAT => cleaning | not_kind ESAT
cleaning other than ESAT => cleaning | not_kind ESAT
je ne veux pas d'intérim, peinture à Lyon => peinture | not_service_type DISP; Lyon (69)
nettoyage pas d'EA, seulement des ESAT => nettoyage | not_kind EA; kind ESAT
# places
nettoyage hors Lyon => nettoyage | not_place commune:69123
nettoyage Bretagne hors Brest => nettoyage | Bretagne; not_place commune:29019
blanchisserie Bretagne sauf Finistère => blanchisserie | Bretagne; not_place department:29
blanchisserie Bretagne hors Brest et Quimper => blanchisserie | Bretagne; not_place commune:29019; not_place commune:29232
traiteur Île-de-France sauf Paris => traiteur | Île-de-France; not_place commune:75056
traiteur toute la France hors Île-de-France => traiteur | national; not_place region:11
traiteur sauf à Lyon => traiteur | not_place commune:69123
traiteur sauf dans le Rhône => traiteur | not_place department:69
laundry except 75 => laundry | not_place department:75
laundry Île-de-France except 75 and 92 => laundry | Île-de-France; not_place department:75; not_place department:92
caterer in Brittany but not in Rennes => caterer | Bretagne; not_place commune:35238
# service types, certifications, networks, sectors
nettoyage pas d'intérim => nettoyage | not_service_type DISP
nettoyage sans intérim à Lille => nettoyage | not_service_type DISP; Lille (59)
cleaning no temp agencies => cleaning | not_service_type DISP
menuiserie sans RGE => menuiserie | not_certification rge
traiteur sauf 2A pour 10 personnes => traiteur | not_place department:2A; quantity pour 10 personnes
espaces verts hors réseau Cocagne => espaces verts | not_network reseau-cocagne
espaces verts sauf nettoyage de locaux => espaces verts | not_sector nettoyage-de-locaux
# the trade asked for is never refused
entretien d'espaces verts sauf élagage => entretien d'espaces verts | not_sector travaux-forestiers-bucheronnage
nettoyage sauf nettoyage de véhicules => nettoyage | not_sector nettoyage-de-vehicules
# told, never searched nor filtered
nettoyage sans produits chimiques => nettoyage | ! sans produits chimiques
nettoyage sans produits chimiques à Lyon => nettoyage | Lyon (69); ! sans produits chimiques
nettoyage voiture sans eau Annecy => nettoyage voiture | Annecy (74); ! sans eau
traiteur sans porc => traiteur | ! sans porc
traiteur sans alcool, Metz => traiteur | Metz (57); ! sans alcool
caterer without nuts => caterer | ! without nuts
traiteur sauf le dimanche midi => traiteur | ! sauf le dimanche midi
nettoyage sans bruit pour bureaux => nettoyage bureaux | ! sans bruit
# a part of the trade's name
culture hors sol => culture hors sol
collecte de déchets non dangereux => collecte de déchets non dangereux
traiteur non loin de Nantes => traiteur | Nantes (44) focus
traiteur pas loin de Nantes => traiteur | Nantes (44) focus
association à but non lucratif => association à but non lucratif
outillage sans fil => outillage sans fil
""",
}


def test_exclusions(phrase, expected, pieces):
    assert pieces(phrase) == expected


@pytest.mark.parametrize(
    ("q", "literal", "text"),
    [
        ("nettoyage sauf ESAT", "sauf ESAT", "nettoyage sauf ESAT"),
        ("traiteur Bretagne hors Brest", "hors Brest", "traiteur hors Brest"),
        ("traiteur pour 80 personnes", "pour 80 personnes", "traiteur pour 80 personnes"),
        ("traiteur budget 1 500 €", "budget 1 500 €", "traiteur budget 1 500"),
        ("lot n° 4 plomberie", "lot n° 4", "lot n 4 plomberie"),
        ("société de nettoyage", "société", "société de nettoyage"),
        ("bonjour un traiteur", "bonjour", "bonjour un traiteur"),
    ],
)
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


@thorough
@given(
    st.sampled_from(["nettoyage à Lyon", "traiteur", "blanchisserie dans le Rhône"]),
    st.sampled_from(["ESAT", "EA", "ETTI", "association intermédiaire", "Paris", "la Corse"]),
    st.sampled_from(["{} exclu", "sauf {}", "en évitant {}", "à l'exclusion de {}", "{} à exclure", "mais pas {}"]),
)
def test_a_refusal_only_takes_away(understand: Understand, q: str, value: str, form: str) -> None:
    alone, refusing = understand(q), understand(f"{q}, {form.format(value)}")
    assert refusing.needs == alone.needs
    kept = [(piece.type, piece.value) for piece in refusing.pieces if piece.type != "exclusion"]
    assert kept == [(piece.type, piece.value) for piece in alone.pieces]
    assert any(piece.type == "exclusion" for piece in refusing.pieces)
