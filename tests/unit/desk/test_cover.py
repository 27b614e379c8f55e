"""Groups that cover: against the smallest that there is, on thirty made-up lots."""

import random
from collections.abc import Mapping, Sequence
from itertools import combinations, product

import pytest

from discovery.desk.answering import Cell, covering

IDS = [f"s{at}" for at in range(12)]


def made_up(seed: int) -> tuple[dict[Cell, list[str]], dict[str, float], float]:
    draw = random.Random(seed)
    trades, places = draw.randint(2, 3), draw.randint(1, 3)
    cells = {
        (f"t{trade}", f"p{place}"): draw.sample(IDS, draw.randint(1, 5))
        for trade, place in product(range(trades), range(places))
    }
    people = {id_: float(draw.randint(0, 60)) for id_ in IDS}
    return cells, people, draw.choice([0.0, 40.0, 80.0])


def smallest(
    cells: Mapping[Cell, Sequence[str]], people: Mapping[str, float], needed: float
) -> int | None:
    known = sorted({id_ for ids in cells.values() for id_ in ids})
    for size in range(1, 5):
        for group in combinations(known, size):
            if sum(people[id_] for id_ in group) >= needed and all(
                set(group) & set(ids) for ids in cells.values()
            ):
                return size
    return None


@pytest.mark.parametrize("seed", range(30))
def test_a_group_is_at_most_one_larger_than_the_smallest(seed: int) -> None:
    cells, people, needed = made_up(seed)
    least, group = smallest(cells, people, needed), covering(cells, people, needed)
    if least == 1:
        assert group is None
        return
    assert group is not None
    covered = {cell for cell, ids in cells.items() if set(ids) & set(group.brings)}
    assert set(group.uncovered) == set(cells) - covered
    assert group.short == max(needed - sum(people[id_] for id_ in group.brings), 0)
    if least is not None and least < 4:
        assert not group.uncovered
        assert not group.short
        assert len(group.brings) <= least + 1


def test_what_nobody_does_is_said() -> None:
    group = covering({("linge", ""): ["a"], ("repas", ""): ["b"], ("vol", ""): []}, {})
    assert group is not None
    assert set(group.brings) == {"a", "b"}
    assert group.uncovered == (("vol", ""),)


def test_nobody_is_needed_where_one_does_all_or_nobody_does_any() -> None:
    assert covering({("linge", ""): ["a"], ("repas", ""): ["b", "a"]}, {}) is None
    assert covering({("linge", ""): []}, {}) is None
