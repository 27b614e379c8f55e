"""Whether a figure grows: told apart from noise and from one odd sample."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.bench.soak import TOLERANCES, Growth, growths, slope


def run(minutes: int, **figures: object) -> list[dict[str, float]]:
    """Samples in which each figure is steady, but for those given as functions of the minute."""
    return [
        {"minutes": float(at)}
        | {name: figures.get(name, lambda _: 100.0)(at) for name in TOLERANCES}  # type: ignore[operator]
        for at in range(1, minutes + 1)
    ]


def growing(samples: list[dict[str, float]]) -> set[str]:
    return {growth.name for growth in growths(samples) if growth.grows}


def test_what_stays_is_steady() -> None:
    assert growing(run(30)) == set()


@pytest.mark.parametrize("name", TOLERANCES)
def test_each_figure_that_rises_by_twice_its_tolerance_grows(name: str) -> None:
    rise = 2 * TOLERANCES[name] * 100 / 22
    assert growing(run(30, **{name: lambda at: 100 + rise * at})) == {name}


def test_what_falls_does_not_grow() -> None:
    assert growing(run(30, service_mb=lambda at: 500 - 10 * at)) == set()


def test_one_odd_minute_is_not_growth_and_hides_none() -> None:
    assert growing(run(30, service_mb=lambda at: 900.0 if at == 29 else 100.0)) == set()
    assert growing(run(30, service_mb=lambda at: 1.0 if at == 29 else 100.0 + at)) == {"service_mb"}


def test_what_fills_up_first_is_not_growth() -> None:
    assert growing(run(40, service_mb=lambda at: 100.0 + 10 * min(at, 10))) == set()


def test_noise_is_not_growth() -> None:
    draw = random.Random(1)
    assert (
        growing(
            run(
                30,
                p95_ms=lambda _: draw.uniform(80, 120),
                service_mb=lambda _: draw.uniform(99, 101),
            )
        )
        == set()
    )


@given(
    st.floats(-5, 5),
    st.floats(-100, 100),
    st.lists(st.floats(0, 100), min_size=2, max_size=8, unique=True),
)
def test_the_slope_of_a_line_is_its_own(rise: float, start: float, times: list[float]) -> None:
    times = sorted({round(at, 2) for at in times})
    if len(times) > 1:
        assert slope(times, [start + rise * at for at in times]) == pytest.approx(rise, abs=1e-6)


@pytest.mark.parametrize("minutes", [0, 1, 2])
def test_too_few_samples_say_nothing(minutes: int) -> None:
    assert growing(run(minutes, service_mb=lambda at: 100.0 * at)) == set()


def test_a_figure_that_is_nothing_does_not_grow() -> None:
    assert growing(run(10, worker_threads=lambda _: 0.0)) == set()


def test_the_line_says_the_verdict() -> None:
    assert "GROWS" in Growth("service_mb", 200.0, 0.10, 0.05).line()
    assert "steady" in Growth("service_mb", 200.0, 0.04, 0.05).line()
