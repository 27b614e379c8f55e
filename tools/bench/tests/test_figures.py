"""Measurements as figures."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.bench.figures import (
    ALL,
    EDGE,
    FLOOR,
    PAGE,
    SAID,
    SERVICE,
    Phrases,
    Run,
    Sample,
    Times,
    against,
    growth,
    growths,
    mean_stages,
    percentile,
    phrases,
    ratios,
    summary,
)

milliseconds = st.floats(0.01, 10_000)


def run(size: int = 1_000, engine: str = "embedded", scale: float = 1.0) -> Run:
    warm = {
        kind: {
            FLOOR: Times(10, 2.0 * scale, 4.0 * scale),
            SERVICE: Times(10, 3.0 * scale, 8.0 * scale),
            EDGE: Times(10, 5.0 * scale, 10.0 * scale),
        }
        for kind in ("place", ALL)
    }
    return Run(engine, size, {}, warm, {}, (), None, 1.0)


@given(values=st.lists(milliseconds, min_size=1), share=st.floats(0.01, 1))
def test_a_percentile_is_a_value_that_enough_do_not_exceed(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    below = [value for value in values if value < found]
    assert len(below) < share * len(values) + 1e-9


def test_percentiles_of_known_values() -> None:
    values = list(range(1, 101))
    assert (percentile(values, 0.5), percentile(values, 0.95), percentile(values, 1)) == (
        50,
        95,
        100,
    )
    with pytest.raises(ValueError):
        percentile([], 0.5)


def test_a_summary_keeps_first_times_apart() -> None:
    samples = [
        Sample("map", EDGE, True, 90.0),
        Sample("map", EDGE, False, 10.0),
        Sample("place", EDGE, False, 20.0),
        Sample("place", FLOOR, False, 2.0),
    ]
    assert summary(samples, cold=True) == {
        "map": {EDGE: Times(1, 90.0, 90.0)},
        ALL: {EDGE: Times(1, 90.0, 90.0)},
    }
    warm = summary(samples, cold=False)
    assert list(warm) == ["map", "place", ALL], "all of them last"
    assert warm["place"] == {EDGE: Times(1, 20.0, 20.0), FLOOR: Times(1, 2.0, 2.0)}
    assert warm[ALL][EDGE] == Times(2, 10.0, 20.0)


def test_a_page_is_above_the_answer_as_json_to_the_same_requests() -> None:
    made = run()
    place, everything = made.warm["place"], made.warm[ALL]
    warm = {
        "place": {**place, PAGE: Times(10, 6.0, 15.0)},
        ALL: {**everything, PAGE: Times(4, 1.0, 1.0)},
    }
    found = ratios(replace(made, warm=warm))
    assert (found["place"]["page/edge p50"], found["place"]["page/edge p95"]) == (1.2, 1.5)
    assert not [name for name in found[ALL] if name.startswith("page")], (
        "pages are of some classes only"
    )


def test_a_phrase_costs_what_the_same_said_by_parameters_does_not() -> None:
    both = [
        Sample("place", way, False, ms, engine)
        for way, ms, engine in ((EDGE, 5.0, 2.0), (SAID, 3.5, 1.0))
    ]
    first = [replace(one, cold=True, ms=one.ms * 3) for one in both]
    some = [
        Sample("browse", EDGE, False, 9.0),
        Sample("browse", EDGE, False, 8.0),
        Sample("browse", SAID, False, 7.0),
    ]
    samples = [
        *both,
        *first,
        *some,
        Sample("map", EDGE, False, 1.0),
        Sample("place", FLOOR, False, 99.0),
    ]
    assert phrases(samples, cold=False) == {"place": Phrases(5.0, 3.5, 3.0, 2.5)}, (
        "not of classes half without a phrase"
    )
    assert phrases(samples, cold=True) == {"place": Phrases(15.0, 10.5, 13.0, 9.5)}
    assert phrases([], cold=True) == {}


def test_ratios_are_above_the_floor() -> None:
    assert ratios(run())["place"] == {
        "service/floor p50": 1.5,
        "service/floor p95": 2.0,
        "edge/floor p50": 2.5,
        "edge/floor p95": 2.5,
    }


@given(scale=st.floats(0.01, 100))
def test_a_slower_machine_leaves_ratios_and_growth(scale: float) -> None:
    assert ratios(run(scale=scale))["place"] == pytest.approx(ratios(run())["place"])
    assert growth(run(1_000, scale=scale), run(8_000, scale=scale), EDGE) == pytest.approx(
        {"place": 1.0, ALL: 1.0}
    )


def test_a_class_without_a_floor_has_no_ratio() -> None:
    warm = {
        "place": {EDGE: Times(1, 1.0, 1.0)},
        "name": {FLOOR: Times(1, 0.0, 0.0), EDGE: Times(1, 1.0, 1.0)},
    }
    assert ratios(replace(run(), warm=warm)) == {}


def test_against_what_was_recorded() -> None:
    then = {"place": {"edge/floor p50": 5.0, "gone": 1.0}, "other": {"edge/floor p50": 1.0}}
    assert against(ratios(run()), then) == {"place": {"edge/floor p50": 0.5}}


@given(exponent=st.floats(0, 1.5))
def test_growth_is_by_doubling_whatever_lies_between(exponent: float) -> None:
    larger = run(10_000, scale=10**exponent)
    assert growth(run(1_000), larger, EDGE)["place"] == pytest.approx(2**exponent)


def test_growths_pair_sizes_of_one_engine() -> None:
    runs = [run(4_000, scale=2), run(1_000), run(1_000, "elasticsearch"), run(2_000, scale=2)]
    assert {
        name: values["place"] for name, values in growths(runs, FLOOR).items()
    } == pytest.approx({"embedded 1000 → 2000": 2.0, "embedded 2000 → 4000": 1.0})
    assert growths(runs[:1], FLOOR) == {}


@given(
    told=st.lists(
        st.fixed_dictionaries(
            {}, optional={name: st.floats(0, 10) for name in ("parse", "engine")}
        ),
        min_size=1,
    ),
    between=st.floats(0, 5),
)
def test_stages_and_rest_make_the_mean_total(told: list[dict[str, float]], between: float) -> None:
    whole = [{**stages, "total": sum(stages.values()) + between} for stages in told]
    found = mean_stages(whole)
    assert "total" not in found
    assert math.isclose(
        sum(found.values()), sum(one["total"] for one in whole) / len(whole), abs_tol=1e-6
    )
    assert found["rest"] == pytest.approx(between, abs=1e-6)
