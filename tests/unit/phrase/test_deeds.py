"""What is done to a thing tells the trade: "matelas à jeter" is no furniture."""

import pytest

from tests.tables import cases
from tests.unit.phrase.conftest import Understand


def trades(understand: Understand, q: str) -> list[tuple[str, ...]]:
    return [need.sectors for need in understand(q).needs]


def first_trades(understand: Understand, q: str) -> list[str]:
    return [sectors[0] for sectors in trades(understand, q)]


@pytest.mark.parametrize(("q", "sector"), cases(__file__, "the_trade_is_of_what_is_done"))
def test_the_trade_is_of_what_is_done(understand: Understand, q: str, sector: str) -> None:
    assert first_trades(understand, q) == [sector]


@pytest.mark.parametrize(("q", "sector"), cases(__file__, "other_trades_stay"))
def test_other_trades_stay(understand: Understand, q: str, sector: str | None) -> None:
    assert first_trades(understand, q)[:1] == ([sector] if sector else [])
