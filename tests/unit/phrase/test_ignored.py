"""What sizes, dates, prices or words a request and names no trade: pieces of their own, shown and never searched.

Accounts are `words | piece; piece…`, in the order of the phrase, sectors apart.
"""

import pytest

from tests.unit.phrase.conftest import Understand


@pytest.mark.parametrize("signing", ["Cordialement,", "Bien à vous, ", "Best regards,\n", "Sincères salutations. "])
@pytest.mark.parametrize("who", ["Mme Le Goff, service communication", "Paul, traiteur et jardinier", "le gardien"])
def test_a_signature_names_no_trade(understand: Understand, signing: str, who: str) -> None:
    found = understand(f"Bonjour, nettoyage de bureaux. {signing} {who}")
    assert [need.text for need in found.needs] == ["nettoyage de bureaux"]
    assert found.text == "nettoyage de bureaux"
    assert not any(piece.type == "sector" and piece.start > found.needs[0].end for piece in found.pieces)


def test_a_signature_tells_a_place(understand: Understand) -> None:
    found = understand("Nettoyage de bureaux. Cordialement, mairie de Quimper")
    assert [piece.value for piece in found.pieces if piece.type == "place"] == ["commune:29232"]


def test_a_closing_that_goes_on_signs_nothing(understand: Understand) -> None:
    assert understand("merci, traiteur à Lyon").needs
    assert understand("cordialement traiteur").needs


@pytest.mark.parametrize(
    ("q", "needs"),
    [
        ("service communication", ["communication"]),  # alone, it is asked for
        ("le service communication cherche un imprimeur", ["imprimeur"]),
        ("direction de la communication : impression de flyers", ["impression de flyers"]),
        ("service informatique, matelas à jeter", ["matelas"]),
    ],
)
def test_which_service_asks_is_no_need_beside_another(understand: Understand, q: str, needs: list[str]) -> None:
    assert [need.text for need in understand(q).needs] == needs
