"""What is done to a thing tells the trade: "matelas à jeter" is no furniture."""

import pytest

from tests.unit.phrase.conftest import Understand


def trades(understand: Understand, q: str) -> list[tuple[str, ...]]:
    return [need.sectors for need in understand(q).needs]


def first_trades(understand: Understand, q: str) -> list[str]:
    return [sectors[0] for sectors in trades(understand, q)]


@pytest.mark.parametrize(
    ("q", "sector"),
    [
        ("tapis à jeter", "collecte-d-encombrants"),
        ("laver nos bus", "nettoyage-de-vehicules"),
        ("moquette tachée", "nettoyage-de-locaux"),
        ("nettoyage de nappes", "blanchisserie"),
        ("3000 enveloppes à mettre sous pli", "mailing-archivage-secretariat"),
        ("chaises à louer", "location-de-mobiliers"),
        ("plier 5 000 lettres et les glisser dans des enveloppes", "mailing-archivage-secretariat"),
        ("appartement vide à nettoyer", "nettoyage-de-locaux"),
    ],
)
def test_the_trade_is_of_what_is_done(understand: Understand, q: str, sector: str) -> None:
    assert first_trades(understand, q) == [sector]


@pytest.mark.parametrize(
    ("q", "sector"),
    [
        ("nettoyage de vitres", "nettoyage-de-locaux"),
        ("nettoyer une terrasse", "entretien-des-jardins"),  # a name of the vocabulary holds both
        ("machine à laver", None),  # washes nothing
        ("numérisation d'anciens livres", "numerisation-ged"),  # something else is done to them
        ("chaises", "equipements-et-mobiliers"),
        ("repeindre la salle des fêtes", "peinture-revetement-des-murs"),
        ("casquettes pour nettoyer", "objet-promotionnel-goodies"),
    ],
)
def test_other_trades_stay(understand: Understand, q: str, sector: str | None) -> None:
    assert first_trades(understand, q)[:1] == ([sector] if sector else [])


def test_the_trade_of_the_thing_is_not_offered(understand: Understand) -> None:
    offered = [piece.value for piece in understand("tapis à jeter").pieces if piece.type == "sector"]
    assert "textiles" not in offered
