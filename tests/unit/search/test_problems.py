from __future__ import annotations

import string

import pytest

from discovery.search.problems import TEXTS, InvalidQuery, Problem, text


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("code", TEXTS)
def test_every_code_says_the_same_thing_in_both_languages(code: str) -> None:
    assert set(TEXTS[code]) == {"fr", "en"}
    assert fields(TEXTS[code]["fr"]) == fields(TEXTS[code]["en"])


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert text("why_distance_point", {"distance": 3.4}) == "à 3,4 km"
    assert text("why_distance_point", {"distance": 3.4}, "en") == "3.4 km away"
    assert text("why_distance_point", {"distance": 3.0}) == "à 3 km"
    assert text("why_distance_point", {"distance": 12}) == "à 12 km"


def test_an_invalid_query_holds_all_its_problems() -> None:
    problems = (Problem("kind", "x", "unknown_value"), Problem("radius", "0", "radius_range"))
    error = InvalidQuery(problems)
    assert error.problems == problems
    assert "kind=x" in str(error)
    assert "radius=0" in str(error)
