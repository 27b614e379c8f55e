"""Thresholds decide, each with its reason; what is not known is never taken for good."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.desk.answering import Market, potential
from discovery.mappings import load_mappings, packaged_mappings
from discovery.mappings.files import LAW as FILE

THRESHOLDS = load_mappings().law
SOLID = (1_000_000, 2_000_000, 3_000_000)


@pytest.mark.parametrize(
    ("total", "amount", "turnovers", "step"),
    [
        (31, 100_000, SOLID, "reserve"),
        (31, 600_000, SOLID, "reserved_lot"),  # 30 % of the middle one
        (31, None, SOLID, "reserved_lot"),
        (31, 100_000, SOLID[:2], "reserved_lot"),  # too few to tell
        (30, 100_000, SOLID, "reserved_lot"),
        (10, 100_000, SOLID, "social_clause"),
        (1, 100_000, SOLID, "subcontracting"),
        (0, None, (), "subcontracting"),
    ],
)
def test_the_first_step_that_holds(
    total: int, amount: float | None, turnovers: tuple[int, ...], step: str
) -> None:
    assert potential(Market(total, turnovers=turnovers), amount, THRESHOLDS).step.name == step


def test_nothing_is_reserved_by_a_private_buyer() -> None:
    found = [
        potential(Market(total, turnovers=SOLID), 100_000, THRESHOLDS, (), "private")
        for total in (0, 15, 31)
    ]
    assert {(one.step.name, one.step.articles) for one in found} == {("private", ())}


@given(
    st.integers(0, 500), st.none() | st.floats(0, 1e9), st.lists(st.integers(-5, 10**8), max_size=9)
)
def test_more_suppliers_never_ask_for_less(
    total: int, amount: float | None, turnovers: list[int]
) -> None:
    names = [step.name for step in THRESHOLDS.steps]
    found = potential(Market(total, turnovers=turnovers), amount, THRESHOLDS)
    better = potential(Market(total + 1, turnovers=turnovers), amount, THRESHOLDS)
    assert names.index(better.step.name) <= names.index(found.step.name)
    assert (found.dependency is None) == (amount is None or found.typical_turnover is None)


def test_an_edit_is_taken_in_without_a_restart(tmp_path: Path) -> None:
    shutil.copytree(packaged_mappings(), tmp_path / "mappings")
    found = load_mappings(tmp_path / "mappings")
    file = tmp_path / "mappings" / FILE
    file.write_text(
        file.read_text(encoding="utf-8").replace("more_than: 10", "more_than: 20"), encoding="utf-8"
    )
    assert potential(Market(15), None, found.law).step.name == "reserved_lot"
    assert potential(Market(15), None, found.retuned().law).step.name == "social_clause"
