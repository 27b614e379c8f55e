"""The table of examples that defines the reading of phrases, line by line, and what surrounds it."""

from __future__ import annotations

import pytest

TABLES = {
    "test_the_table": """
cleaning within 30 km of Lyon, ESAT or EI => cleaning | Lyon (69) | 30 | ESAT EI
nettoyage à 30 km de Lyon ESAT ou EI => nettoyage | Lyon (69) | 30 | ESAT EI
nettoyage de bureaux à 30 km de Lyon, ESAT ou EI => nettoyage de bureaux | Lyon (69) | 30 | ESAT EI
entreprise adaptée espaces verts Nantes => espaces verts | Nantes (44) |  | EA
traiteur dans le Rhône => traiteur | Rhône (69)
blanchisserie 59 => blanchisserie | Nord (59)
blanchisserie 59000 => blanchisserie | Lille (59)
esat bretagne mise sous pli => mise sous pli | Bretagne |  | ESAT
Intérim d'insertion près de Grenoble => | Grenoble (38) focus |  | ETTI
j'ai besoin de nettoyage de vitres à Saint-Denis 93 => nettoyage de vitres | Saint-Denis (93)
déménagement Paris 12e rayon 15km => déménagement | Paris 12e (75) | 15
menuiserie RGE toute la France => menuiserie |  |  |  | rge national
AI ou ACI, Isère, petits travaux => petits travaux | Isère (38) |  | AI ACI
vente de fromage => vente de fromage
collecte de cartons 31, 32 et 81 => collecte de cartons | Haute-Garonne (31), Gers (32), Tarn (81)
784 671 695 00103 => |  |  |  | 78467169500103
Villeurbane nettoyage => nettoyage | Villeurbanne (69) typo
travail temporaire handicap Île-de-France => | Île-de-France |  | EATT
laundry near Marseille => laundry | Marseille (13) focus
un traiteur au Mans pour 60 personnes le 4 juillet, budget 1 500 € => traiteur | Le Mans (72)
entretien ménager sauf ESAT, Ille-et-Vilaine => entretien ménager | Ille-et-Vilaine (35)
blanchisserie Bretagne hors Brest => blanchisserie | Bretagne
peinture, plâtrerie et carrelage à Tours => peinture plâtrerie et carrelage | Tours (37)
Marché réservé L2113-12 : entretien des espaces verts, lot n° 4 => entretien des espaces verts
blanchisserie à une demi-heure d'Amiens => blanchisserie | Amiens (80) | 25
traiteur Guipavas => traiteur | Guipavas (29)
""",
}


def test_the_table(phrase, expected, account):
    assert account(phrase) == expected


TABLE = [line.partition("=>")[0].strip() for line in TABLES["test_the_table"].strip().splitlines()]


@pytest.mark.parametrize("phrase", TABLE)
@pytest.mark.parametrize("typed", [str.lower, str.upper], ids=["lower", "upper"])
def test_case_changes_nothing_but_the_kinds_of_two_letters(phrase, typed, understand):
    def pieces(q):
        return [(p.type, p.value, p.role) for p in understand(q).pieces if p.type != "sector"]

    assert pieces(typed(phrase)) == pieces(phrase)


@pytest.mark.parametrize("phrase", TABLE)
def test_accents_change_nothing(phrase, understand):
    bare = phrase.translate(str.maketrans("éèêàâîôûÎ", "eeeaaiouI"))
    assert [(p.type, p.value, p.role) for p in understand(bare).pieces] == [
        (p.type, p.value, p.role) for p in understand(phrase).pieces
    ]


@pytest.mark.parametrize("phrase", TABLE)
def test_the_language_of_the_page_changes_labels_only(phrase, understand):
    french, english = understand(phrase, lang="fr"), understand(phrase, lang="en")
    assert [(p.type, p.value, p.role, p.text) for p in french.pieces] == [
        (p.type, p.value, p.role, p.text) for p in english.pieces
    ]
    assert french.text == english.text


def test_labels_are_in_the_language_of_the_page(understand):
    def labels(lang):
        return {p.type: p.label for p in understand("ESAT RGE toute la France", lang=lang).pieces}

    assert labels("fr")["national"] == "toute la France"
    assert labels("en")["national"] == "all of France"
    assert labels("fr")["kind"] != labels("en")["kind"]


def test_a_removed_chip_s_words_go_back_to_plain_text(understand):
    q = "nettoyage de bureaux à 30 km de Lyon, ESAT ou EI"
    left = understand(q, literal=["esat"])
    assert left.text == "nettoyage de bureaux ESAT"
    assert [p.value for p in left.pieces if p.type == "kind"] == ["EI"]


@pytest.mark.parametrize(
    ("q", "literal", "text", "pieces"),
    [
        ("traiteur à Lyon", ["Lyon"], "traiteur à Lyon", []),
        ("traiteur à Lyon", ["LYON"], "traiteur à Lyon", []),
        ("traiteur Saint-Denis 93", ["saint denis 93"], "traiteur Saint-Denis 93", []),
        ("nettoyage à 30 km de Lyon", ["30 km"], "nettoyage à 30 km", ["commune:69123"]),
        ("nettoyage à 30 km de Lyon", ["Lyon"], "nettoyage à 30 km de Lyon", []),
        ("nettoyage à 30 km de Lyon", ["Lyon", "30 km"], "nettoyage à 30 km de Lyon", []),
        ("traiteur en Alsace", ["Alsace"], "traiteur en Alsace", []),
        ("menuiserie toute la France", ["toute la France"], "menuiserie toute la France", []),
        ("784 671 695 00103", ["78467169500103"], "", ["78467169500103"]),
        ("784 671 695 00103", ["784 671 695 00103"], "784 671 695 00103", []),
        ("traiteur à Lyon", ["Lille", "", "!!"], "traiteur", ["commune:69123"]),
    ],
)
def test_literal(q, literal, text, pieces, understand):
    left = understand(q, literal=literal)
    assert left.text == text
    assert [p.value for p in left.pieces if p.type != "sector"] == pieces


def test_a_piece_left_as_words_is_no_other_piece(understand):
    # "93" must not become the department once "Saint-Denis 93" is refused, nor "75012" the post code.
    assert [p.type for p in understand("Saint-Denis 93", literal=["Saint-Denis 93"]).pieces] == []
    assert [p.type for p in understand("Paris 75012", literal=["Paris 75012"]).pieces] == []
