"""The trades that a phrase asks for: the words of one need after another, parted by ` / `."""

from __future__ import annotations

import pytest

from tests.unit.phrase.conftest import Understand

TABLES = {
    "test_one_need": """
nettoyage de bureaux => nettoyage de bureaux
entretien des locaux => entretien des locaux
nettoyage de vitres => nettoyage de vitres
traiteur => traiteur
traiteur bio => traiteur
je cherche un traiteur à Lyon => traiteur
plateaux repas => plateaux repas
blanchisserie à une demi-heure d'Amiens => blanchisserie
traiteur cocktail Bordeaux 150 personnes => traiteur cocktail
Entretien ménager des locaux de la Caisse primaire d'assurance maladie => Entretien ménager des locaux
société de nettoyage => nettoyage
entretien d'espaces verts => entretien d'espaces verts
mise sous pli => mise sous pli
office cleaning in Lyon => office cleaning
window cleaning => window cleaning
laundry near Marseille => laundry
""",
    "test_several_needs": """
traiteur et nettoyage => traiteur / nettoyage
peinture, plomberie et électricité => peinture / plomberie / électricité
peinture, plâtrerie et carrelage à Tours => peinture / carrelage
traiteur / nettoyage => traiteur / nettoyage
traiteur + blanchisserie => traiteur / blanchisserie
traiteur & blanchisserie => traiteur / blanchisserie
traiteur ou plateaux repas => traiteur / plateaux repas
espaces verts, nettoyage de locaux, Lyon => espaces verts / nettoyage de locaux
nettoyage des vitres, des sols et des sanitaires => nettoyage des vitres
entretien des locaux et des espaces verts => entretien des locaux / espaces verts
travaux de plomberie et d'électricité => plomberie / électricité
catering and laundry in Nantes => catering / laundry
menuiserie plomberie => menuiserie / plomberie
nettoyage de locaux et entretien d'espaces verts à Lille => nettoyage de locaux / entretien d'espaces verts
""",
    "test_whose_need_it_is_is_none": """
blanchisserie de la maison de retraite d'Abbaretz => blanchisserie
maison de retraite du Mans : traiteur => traiteur
nettoyage de bureaux, hôtel de ville => nettoyage de bureaux
peinture du lycée agricole => peinture
traiteur du musée => traiteur
maison de retraite => maison de retraite
musée et théâtre => musée / théâtre
""",
    "test_what_is_done_is_no_kind": """
services d'insertion professionnelle en Bretagne => services d'insertion
marché de services d'insertion professionnelle => insertion professionnelle
entreprise d'insertion, traiteur => traiteur
""",
    "test_no_need": """
pièces détachées
zone d'aménagement concerté
hôtel de ville =>
xyzzy =>
ESAT Lyon =>
bonjour =>
pendules atomiques =>
espèces sonnantes =>
""",
    "test_verbs_and_their_nouns": """
je veux faire nettoyer mes bureaux => nettoyer mes bureaux
imprimer des flyers => imprimer des flyers
repasser du linge => repasser du linge
nous devons déménager => déménager
on voudrait peindre une salle => peindre une salle
jardinier => jardinier
menuisier à Nantes => menuisier
plombier => plombier
électricien Lyon => électricien
déménageur => déménageur
livrer des colis => livrer des colis
tondre la pelouse => tondre la pelouse
trier nos déchets => déchets
""",
}


def texts(intent) -> str:
    return " / ".join(need.text for need in intent.needs)


def test_one_need(phrase, expected, understand):
    assert texts(understand(phrase)) == expected


def test_several_needs(phrase, expected, understand):
    assert texts(understand(phrase)) == expected


def test_whose_need_it_is_is_none(phrase, expected, understand):
    assert texts(understand(phrase)) == expected


def test_what_is_done_is_no_kind(phrase, expected, understand):
    assert texts(understand(phrase)) == expected


def test_no_need(phrase, expected, understand):
    assert understand(phrase).needs == ()


def test_verbs_and_their_nouns(phrase, expected, understand):
    assert texts(understand(phrase)) == expected


SECTORS = {
    "je veux faire nettoyer mes bureaux": "nettoyage-de-locaux",
    "imprimer des affiches": "impressions",
    "nous devons déménager": "demenagement",
    "jardinier à Nantes": "creation-et-entretien-des-espaces-verts",
    "plombier": "plomberie",
    "nettoyage et entretien des espaces verts": "creation-et-entretien-des-espaces-verts",
    "menuisier": "menuiserie",
    "électricien": "electricite",
    "traduire un document": "traductions",
    "repasser des chemises": "repassage",
    "réparer un vélo": "reparation-de-velos",
    "poser du carrelage": "carrelage-revetement-des-sols",
    "élagueur": "travaux-forestiers-bucheronnage",
    "abattage d'arbres": "creation-et-entretien-des-espaces-verts",
}


def test_a_verb_leads_to_its_trade(understand):
    found = {q: [slug for need in understand(q).needs for slug in need.sectors] for q in SECTORS}
    assert {q: slug for q, slug in SECTORS.items() if slug not in found[q]} == {}


GOVERNED = {
    "formation des agents d'entretien": "conseils-formation",
    "construction d'une blanchisserie": "batiments-et-travaux-publics",
    "réhabilitation de la cuisine centrale": "tous-travaux-et-petits-bricolages",
    "travaux d'extension du centre de tri des déchets ménagers": "tous-travaux-et-petits-bricolages",
    "démolition de la piscine": "deconstruction-curage-demolition",
    "travaux d'espaces verts": "creation-et-entretien-des-espaces-verts",
    "travaux de nettoyage de vitres": "nettoyage-de-locaux",
    "collecte de papier": "collecte-des-dechets-papiers-et-fournitures-d-entreprises",
    "peinture de la salle des fêtes": "peinture-revetement-des-murs",
    "repeindre la cantine": "peinture-revetement-des-murs",
    "électricité du restaurant scolaire": "electricite",
    "curage d'un ruisseau": "entretien-restauration-amenagement-des-espaces-naturels",
    "repriser les pantalons de travail des agents": "couture-reprisage-retouches",
    "réparer un vélo": "reparation-de-velos",
}


def test_what_is_built_taught_or_mended_is_no_need_of_its_own(understand):
    found = {q: [slug for need in understand(q).needs for slug in need.sectors] for q in GOVERNED}
    assert found == {q: [slug] for q, slug in GOVERNED.items()}


@pytest.mark.parametrize(
    ("q", "sectors"),
    [
        ("l'EHPAD Les Tilleuls recherche un prestataire pour l'entretien du linge", ["blanchisserie"]),
        ("notre crèche cherche un traiteur", ["traiteur"]),
        ("collecte en porte à porte des biodéchets des restaurants", ["collecte-et-traitement-des-bio-dechets"]),
        ("collecte en porte à porte", ["autre-collecte-des-dechets"]),
    ],
)
def test_who_asks_is_no_need_and_the_thing_tells_more_than_other(
    understand: Understand, q: str, sectors: list[str]
) -> None:
    assert [need.sectors[0] for need in understand(q).needs] == sectors
