"""Codes and probable trades on the page: chips that say what they are and go with one click."""

import pytest

from discovery.pages.results import chips as made
from tests.pages.reading import Reader, parameters

UNNAMED = "Travaux sur le clocher et la nef de l'église"
PROBABLE = "métier probable : Tous travaux et petits bricolages, Travaux de chantiers"
POSSIBLE = "circuit spécial pour les écoliers du village"


def test_a_code_filters_and_is_a_chip_that_goes(reader: Reader) -> None:
    everyone, some = (
        reader.search("", place="country"),
        reader.search("", place="country", cpv="90911000-6"),
    )
    chips = some.chips("active")
    label = "CPV 90911000 – Services de nettoyage de logements, de bâtiments et de vitres"
    assert label in chips
    assert 0 < some.total < everyone.total
    assert some.total == reader.search("", place="country", sector="nettoyage-de-locaux").total
    assert "cpv" not in parameters(chips[label])


def test_a_probable_trade_is_said_to_be_and_refused_with_one_click(reader: Reader) -> None:
    chips = reader.search(UNNAMED).chips("understood")
    assert list(chips) == [PROBABLE]
    refused = reader.open(chips[PROBABLE])
    assert PROBABLE not in refused.chips("understood")
    assert parameters(refused.address)["q"] == [UNNAMED]


def test_a_trade_that_is_nearly_sure_is_said_to_be(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "VERY_LIKELY", 0.5)
    assert list(reader.search(UNNAMED).chips("understood")) == [
        PROBABLE.replace("probable", "très probable")
    ]


def test_a_trade_that_is_only_possible_is_not_claimed(reader: Reader) -> None:
    page = reader.search(POSSIBLE)
    assert list(page.chips("understood")) == ["métier possible : Transports de personnes"]
    assert page.heading == "Aucun métier reconnu avec certitude"


def test_words_of_an_authority_weigh_nothing_against_the_name_of_a_trade(reader: Reader) -> None:
    page = reader.search(
        "blanchisserie pour direction générale des services techniques et du personnel"
    )
    assert list(page.chips("trades")) == ["métier : Blanchisserie"]
    assert page.heading == reader.search("blanchisserie").heading == "38 fournisseurs"


@pytest.mark.parametrize("address", ["/", "/?q=nettoyage", "/types?lang=en"])
def test_the_tools_of_buyers_are_in_the_header(reader: Reader, address: str) -> None:
    tools = reader.open(address).root.first("nav", class_="aside").first("details")
    paths = [one.attributes["href"].partition("?")[0] for one in tools.every("a")]
    assert paths == ["/besoin", "/programme", "/verifier"]
