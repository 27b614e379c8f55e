"""What is done to a thing tells the trade: "matelas à jeter" is no furniture."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.phrase.lexer import lex
from discovery.phrase.model import OUTSIDE_TRADE
from tests.unit.phrase.conftest import Understand, packaged, packaged_lexicon
from tests.unit.phrase.test_additions import thorough

DEEDS = packaged().grammar.deeds
TOLD = [
    (" ".join(act), " ".join(thing), sectors)
    for deed in DEEDS.deeds
    for act in sorted(deed.acts)
    for of, sectors in deed.means.items()
    for thing in sorted(DEEDS.things[of])
]
WRONG = [
    (" ".join(state), " ".join(thing), sectors)
    for deed in DEEDS.deeds
    for state in sorted(deed.states)
    for of, sectors in deed.means.items()
    for thing in sorted(DEEDS.things[of])
]


def trades(understand: Understand, q: str) -> list[tuple[str, ...]]:
    return [need.sectors for need in understand(q).needs]


def first_trades(understand: Understand, q: str) -> list[str]:
    return [sectors[0] for sectors in trades(understand, q)]


@pytest.mark.parametrize(
    ("q", "sector"),
    [
        ("tapis à jeter", "collecte-d-encombrants"),
        ("matelas de l'internat à laver", "pressing-et-nettoyage-a-sec"),
        ("laver nos bus", "nettoyage-de-vehicules"),
        ("bus et cars à laver", "nettoyage-de-vehicules"),
        ("les vestiaires du gymnase sont sales", "nettoyage-de-locaux"),
        ("moquette tachée", "nettoyage-de-locaux"),
        ("moquette tachée à remplacer", "carrelage-revetement-des-sols"),
        ("nettoyage de nappes", "blanchisserie"),
        ("nettoyer et désinfecter les camions", "nettoyage-de-vehicules"),
        ("3000 enveloppes à mettre sous pli", "mailing-archivage-secretariat"),
        ("restaurer de vieux meubles", "services-d-artisanat"),
        ("machine à laver en panne", "autre-reparation"),
        ("chaises à louer", "location-de-mobiliers"),
        ("cartouches d'encre vides", "collecte-des-dechets-papiers-et-fournitures-d-entreprises"),
        ("un gars pour retaper un mur", "travaux-de-chantiers"),
        ("appartement vide à nettoyer", "nettoyage-de-locaux"),
        ("throw away old mattresses", "collecte-d-encombrants"),
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
        ("scan old paper files", "numerisation-ged"),
        ("chaises", "equipements-et-mobiliers"),
        ("repeindre la salle des fêtes", "peinture-revetement-des-murs"),
        ("casquettes pour nettoyer", "objet-promotionnel-goodies"),
    ],
)
def test_other_trades_stay(understand: Understand, q: str, sector: str | None) -> None:
    assert first_trades(understand, q)[:1] == ([sector] if sector else [])


def test_each_thing_of_a_list_goes_its_own_way(understand: Understand) -> None:
    found = first_trades(understand, "jeter des chaises, deux ordinateurs et de vieux vêtements")
    assert found == [
        "collecte-des-dechets-d-elements-d-ameublement-dae-et-petits-objets",
        "collecte-des-dechets-dechets-d-equipements-electriques-et-electroniques-deee",
        "collecte-des-dechets-textiles",
    ]


def test_the_trade_of_the_thing_is_not_offered(understand: Understand) -> None:
    offered = [piece.value for piece in understand("tapis à jeter").pieces if piece.type == "sector"]
    assert "textiles" not in offered


def test_no_thing_is_of_two_classes_and_no_words_say_two_deeds() -> None:
    said = Counter(words for phrases in DEEDS.things.values() for words in phrases)
    said += Counter(words for deed in DEEDS.deeds for words in deed.acts | deed.states)
    assert [words for words, times in said.items() if times > 1] == []


@thorough
@given(st.sampled_from(TOLD), st.sampled_from(["{act} {thing}", "{act} les {thing}", "{thing} à {act}"]))
def test_whatever_is_done_to_whatever(
    understand: Understand, told: tuple[str, str, tuple[str, ...]], form: str
) -> None:
    act, thing, sectors = told
    q = form.format(act=act, thing=thing)
    assert _told(understand, q, sectors), trades(understand, q)


@thorough
@given(st.sampled_from(WRONG), st.sampled_from(["{thing} {state}", "{thing} très {state}"]))
def test_whatever_is_wrong_with_it(understand: Understand, told: tuple[str, str, tuple[str, ...]], form: str) -> None:
    state, thing, sectors = told
    q = form.format(state=state, thing=thing)
    assert _told(understand, q, sectors), trades(understand, q)


def _told(understand: Understand, q: str, sectors: tuple[str, ...]) -> bool:
    """Whether it is read so, or the vocabulary has a name that holds both, or nobody here does it at all."""
    intent = understand(q)
    tokens, free = lex(q), [True] * len(q)
    whole = any(
        match is not None and match.last > index and match.last - index >= len(tokens) - 3
        for index in range(len(tokens))
        for match in [packaged_lexicon().sector(tokens, index, free)]
    )
    outside = any(note.code == OUTSIDE_TRADE for note in intent.notes)
    return whole or outside or any(need.sectors == sectors for need in intent.needs)
