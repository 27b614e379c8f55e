"""What a phrase costs to read, in calls of our own functions: the same on every machine."""

import sys
from types import FrameType

import pytest

from tests.unit.phrase.conftest import Understand

LONGEST = 300
UNITS = (
    "a-",
    "à ",
    "en ",
    "a ",
    "près de ",
    "la ville de ",
    "st ",
    "val ",
    "bois ",
    "saint-",
    "lyon et ",
    "E S A T ",
    "30 km de ",
    "m2",  # found by `scripts/bench worst`
    "Le Ménil-Guyon ",
)


def calls(understand: Understand, phrase: str) -> int:
    """Functions of Python entered while a phrase is read."""
    entered = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal entered
        entered += event == "call"

    sys.setprofile(count)
    try:
        understand(phrase)
    finally:
        sys.setprofile(None)
    return entered


@pytest.mark.parametrize("unit", UNITS)
def test_twice_the_phrase_is_about_twice_the_work(understand: Understand, unit: str) -> None:
    whole = (unit * LONGEST)[:LONGEST]
    understand(whole)  # what is made once is made
    assert calls(understand, whole) < 3 * calls(understand, whole[: LONGEST // 2])


MAX_CALLS = 100_000
"""About 15 ms of a processor of 2024."""


@pytest.mark.parametrize("unit", UNITS)
def test_no_phrase_of_full_length_costs_more_than_it_may(understand: Understand, unit: str) -> None:
    whole = (unit * LONGEST)[:LONGEST]
    understand(whole)
    assert calls(understand, whole) < MAX_CALLS
