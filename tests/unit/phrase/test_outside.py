"""What no inclusive supplier does is told, and what it is for is no need."""

import pytest

from discovery.phrase import Intent
from discovery.phrase.model import OUTSIDE_TRADE
from tests.tables import cases
from tests.unit.phrase.conftest import Understand


def outside(intent: Intent) -> list[str]:
    return [note.text for note in intent.notes if note.code == OUTSIDE_TRADE]


def needs(intent: Intent) -> list[str]:
    return [need.text for need in intent.needs]


@pytest.mark.parametrize(("q", "told"), cases(__file__, "outside_trades"))
def test_what_it_governs_is_no_need_nor_a_machine_that_is_bought(
    understand: Understand, q: str, told: str
) -> None:
    intent = understand(q)
    assert outside(intent) == [told]
    assert not needs(intent)


@pytest.mark.parametrize(
    ("q", "need"),
    [("nettoyage et assurance", "nettoyage"), ("assurance, nettoyage, peinture", "nettoyage")],
)
def test_a_need_beside_it_stays(understand: Understand, q: str, need: str) -> None:
    intent = understand(q)
    assert outside(intent)
    assert need in needs(intent)


@pytest.mark.parametrize(
    "q", cases(__file__, "who_buys_and_what_is_hired_or_cleaned_are_not_what_is_bought")
)
def test_who_buys_and_what_is_hired_or_cleaned_are_not_what_is_bought(
    understand: Understand, q: str
) -> None:
    intent = understand(q)
    assert needs(intent)
    assert not outside(intent)


@pytest.mark.parametrize(
    "q", ["assurance qualité logicielle", "fournitures de bureau", "travaux d'électricité"]
)
def test_a_longer_name_of_the_vocabulary_wins(understand: Understand, q: str) -> None:
    assert needs(understand(q))


@pytest.mark.parametrize(
    "q", cases(__file__, "of_a_mission_what_a_dash_or_a_colon_parts_is_said_too")
)
def test_of_a_mission_what_a_dash_or_a_colon_parts_is_said_too(
    understand: Understand, q: str
) -> None:
    intent = understand(q)
    assert outside(intent)
    assert not needs(intent)


@pytest.mark.parametrize(("q", "need"), cases(__file__, "what_is_listed_beside_a_mission_stays"))
def test_what_is_listed_beside_a_mission_stays(understand: Understand, q: str, need: str) -> None:
    intent = understand(q)
    assert outside(intent)
    assert any(text.startswith(need) for text in needs(intent))


@pytest.mark.parametrize("size", range(5))
def test_what_buys_alone_names_nothing(understand: Understand, size: int) -> None:
    assert not outside(
        understand(" ".join(["achat", "de", "deux", "et", "fourniture"][: size + 1]))
    )


@pytest.mark.parametrize("q", cases(__file__, "what_is_done_to_it_is_no_need_either"))
def test_what_is_done_to_it_is_no_need_either(understand: Understand, q: str) -> None:
    assert [need.text for need in understand(q).needs if "entretien" not in need.text] == []


def test_what_is_done_to_something_else_stays(understand: Understand) -> None:
    assert [need.text for need in understand("réparation de vélos et assurance").needs] == [
        "réparation de vélos"
    ]
