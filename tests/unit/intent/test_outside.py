"""What no inclusive supplier does is told, and what it is for is no need."""

from __future__ import annotations

import pytest

from discovery.intent import Intent
from discovery.intent.model import OUTSIDE_TRADE
from tests.unit.intent.conftest import Understand


def outside(intent: Intent) -> list[str]:
    return [note.text for note in intent.notes if note.code == OUTSIDE_TRADE]


def needs(intent: Intent) -> list[str]:
    return [need.text for need in intent.needs]


@pytest.mark.parametrize(
    ("q", "told"),
    [
        ("Maîtrise d'œuvre pour la construction d'une école et d'une crèche", "Maîtrise d'œuvre"),
        ("concours restreint d'architecture pour un gymnase", "concours restreint"),
        ("assurance des bâtiments communaux", "assurance"),
        ("fourniture d'électricité pour les écoles", "fourniture d'électricité"),
        ("distribution d'eau potable", "distribution d'eau potable"),
        ("médicaments pour la pharmacie du restaurant scolaire", "médicaments"),
        ("entretien des ascenseurs", "entretien des ascenseurs"),
        ("lawyers for our catering company", "lawyers"),
    ],
)
def test_what_it_governs_is_no_need(understand: Understand, q: str, told: str) -> None:
    intent = understand(q)
    assert outside(intent) == [told]
    assert not needs(intent)


@pytest.mark.parametrize(
    ("q", "need"),
    [
        ("nettoyage et assurance", "nettoyage"),
        ("assurance, nettoyage, peinture", "nettoyage"),
        ("traiteur pour une banque", "traiteur"),
        ("nettoyage des locaux de la mutuelle", "nettoyage des locaux"),
    ],
)
def test_a_need_beside_or_before_it_stays(understand: Understand, q: str, need: str) -> None:
    intent = understand(q)
    assert outside(intent)
    assert need in needs(intent)


@pytest.mark.parametrize("q", ["assurance qualité logicielle", "fournitures de bureau", "travaux d'électricité"])
def test_a_longer_name_of_the_vocabulary_wins(understand: Understand, q: str) -> None:
    assert needs(understand(q))
