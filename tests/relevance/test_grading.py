"""The rules for places: those that serve, and each fault told with its line."""

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings import MappingsError, packaged_mappings
from tests.tables import cases
from tools.judge.grading import Grading, Rule, Way, load

WAYS = st.sets(st.sampled_from(get_args(Way)))
KM = st.none() | st.floats(0, 1000)
GOOD = """rules:
  - {rule: seated, grade: 3, why: because}
  - {rule: close, km: 30, grade: 2, why: because}
overseas: {grade: 0, why: because}
"""


@pytest.fixture(scope="module")
def served() -> Grading:
    return load(packaged_mappings())


def test_every_way_has_a_rule(served: Grading) -> None:
    assert {one.way for one in served.rules} == set(get_args(Way))
    assert served.overseas == 0


@given(WAYS, KM, KM)
def test_nearer_is_never_worth_less(
    served: Grading, ways: set[Way], one: float | None, other: float | None
) -> None:
    near, far = sorted((one, other), key=lambda km: float("inf") if km is None else km)
    assert served.best(ways, near) >= served.best(ways, far)


@given(WAYS, WAYS, KM)
def test_one_more_way_is_never_worth_less(
    served: Grading, ways: set[Way], more: set[Way], km: float | None
) -> None:
    assert served.best(ways | more, km) >= served.best(ways, km)


def test_seated_is_best_from_afar_is_little_and_without_a_way_is_nothing(served: Grading) -> None:
    assert served.best({"seated"}, None) == 3
    assert served.best({"country"}, 700) == 1
    assert served.best(set(), 1) == 0


def test_a_distance_is_an_edge_and_an_unknown_one_is_outside() -> None:
    rule = Rule("close", 3, 30)
    assert rule.holds({"close"}, 30)
    assert not rule.holds({"close"}, 30.001)
    assert not rule.holds({"close"}, None)
    assert not rule.holds({"seated"}, 1)


@pytest.mark.parametrize(("old", "new", "told"), cases(__file__, "a_fault_names_the_file"))
def test_a_fault_names_the_file(old: str, new: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "judgments").mkdir()
    file = tmp_path / "judgments" / "grading.yaml"
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MappingsError) as caught:
        load(tmp_path)
    assert told in str(caught.value)
    assert str(file) in str(caught.value)
