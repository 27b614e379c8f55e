"""The circle chosen for a centre without a distance."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings import yamlfile
from discovery.mappings.files import NEAR as FILE
from discovery.mappings.profiles import Near
from discovery.search.relax import choose_circle

NEAR = Near(
    (10, 20, 30, 50, 100, 200),
    enough=10,
    offered=2,
    nearest=10,
    plenty=5,
    few=3,
    next_door_km=30,
    said_in=("name",),
)


@pytest.mark.parametrize(
    ("counts", "radius", "wider"),
    [
        ((12, 15, 15, 20, 30, 40), 10, ((20, 15), (50, 20))),
        ((9, 10, 11, 11, 11, 60), 20, ((30, 11), (200, 60))),
        ((0, 0, 0, 0, 3, 3), 200, ()),
        ((0, 0, 0, 0, 0, 0), 200, ()),
    ],
)
def test_the_smallest_with_enough_else_the_largest(
    counts: tuple[int, ...], radius: int, wider: tuple[tuple[int, int], ...]
) -> None:
    found = choose_circle(counts, NEAR)
    assert (found.radius_km, found.wider) == (radius, wider)


@given(st.lists(st.integers(0, 30), min_size=6, max_size=6).map(sorted))
def test_no_smaller_circle_would_do_and_what_is_offered_holds_more(counts: list[int]) -> None:
    found = choose_circle(counts, NEAR)
    smaller = [count for km, count in found.counts.items() if km < found.radius_km]
    assert all(count < NEAR.enough for count in smaller)
    assert found.counts[found.radius_km] >= NEAR.enough or found.radius_km == NEAR.radii_km[-1]
    held = [found.counts[found.radius_km], *(count for _, count in found.wider)]
    assert held == sorted(set(held))


@given(*[st.lists(st.integers(0, 30), min_size=6, max_size=6).map(sorted)] * 2)
def test_who_does_the_trade_decides_where_anybody_does(counts: list[int], doing: list[int]) -> None:
    found = choose_circle(counts, NEAR, doing)
    assert found.radius_km == choose_circle(doing if any(doing) else counts, NEAR).radius_km
    assert [*found.counts.values()] == counts, "what is told is who answers"


def test_the_numbers_are_the_analysts(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.parent.mkdir()
    parts = {
        "radii_km": [5, 40],
        "enough": 3,
        "offered": 1,
        "nearest": 2,
        "plenty": 4,
        "few": 2,
        "next_door_km": 20,
    }
    parts["said_in"] = ["name"]
    file.write_text(
        "".join(f"{name}:\n  value: {value}\n  why: Tried.\n" for name, value in parts.items())
    )
    assert yamlfile.load(file, Near) == Near((5, 40), 3, 1, 2, 4, 2, 20, ("name",))
