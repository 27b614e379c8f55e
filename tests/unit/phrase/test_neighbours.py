"""What stands beside a word tells which trade it names, if any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import cases
from tests.unit.phrase.conftest import Understand
from tests.unit.phrase.test_additions import TRADES, thorough


def trades(understand: Understand, q: str) -> list[tuple[str, ...]]:
    return [need.sectors for need in understand(q).needs]


@pytest.mark.parametrize("q", cases(__file__, "a_persons_name_is_no_trade"))
def test_a_persons_name_is_no_trade(understand: Understand, q: str) -> None:
    assert trades(understand, q) == []


@pytest.mark.parametrize(
    ("q", "sector"), cases(__file__, "the_same_words_alone_or_with_a_trade_name_one")
)
def test_the_same_words_alone_or_with_a_trade_name_one(
    understand: Understand, q: str, sector: str
) -> None:
    assert sector in trades(understand, q)[0]
    assert len(trades(understand, q)) == 1


@pytest.mark.parametrize(
    ("alone", "sector", "beside", "other"), cases(__file__, "a_word_of_two_trades_is_told_by")
)
def test_a_word_of_two_trades_is_told_by_its_neighbour(
    understand: Understand, alone: str, sector: str, beside: str, other: str
) -> None:
    assert any(one.startswith(sector) for one in trades(understand, alone)[0])
    told = [one for sectors in trades(understand, beside) for one in sectors]
    assert any(one.startswith(other) for one in told)
    assert not any(one == sector for one in told)


@pytest.mark.parametrize(
    ("q", "need"),
    [
        ("mobilier destiné à la collecte des déchets", "mobilier"),
        ("mobilier nécessaire au nettoyage", "mobilier"),
    ],
)
def test_what_a_thing_is_meant_for_is_no_need(understand: Understand, q: str, need: str) -> None:
    assert [one.text for one in understand(q).needs] == [need]


@thorough
@given(
    st.sampled_from(TRADES),
    st.sampled_from(["de la salle", "du collège", "du square", "à la médiathèque"]),
    st.sampled_from(["Jean Vilar", "Rose Blanche", "Pierre Marin", "Olive Fleury", "Fleur Martin"]),
)
def test_whose_house_it_is_changes_no_need(
    understand: Understand, trade: str, house: str, name: str
) -> None:
    assert trades(understand, f"{trade} {house} {name}") == trades(understand, trade)


@pytest.mark.parametrize(
    ("q", "needs"), cases(__file__, "an_accent_tells_a_participle_from_a_thing")
)
def test_an_accent_tells_a_participle_from_a_thing(
    understand: Understand, q: str, needs: list[str]
) -> None:
    assert [need.text for need in understand(q).needs] == needs
