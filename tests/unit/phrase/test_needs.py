"""The trades that a phrase asks for: the words of one need after another, parted by ` / `."""

import pytest

from tests.unit.phrase.conftest import Understand

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
        (
            "collecte en porte à porte des biodéchets des restaurants",
            ["collecte-et-traitement-des-bio-dechets"],
        ),
        ("collecte en porte à porte", ["autre-collecte-des-dechets"]),
    ],
)
def test_the_thing_tells_more_than_other(
    understand: Understand, q: str, sectors: list[str]
) -> None:
    assert [need.sectors[0] for need in understand(q).needs] == sectors
