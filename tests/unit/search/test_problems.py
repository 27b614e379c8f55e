from __future__ import annotations

from discovery.search.query import InvalidQuery, Problem


def test_an_invalid_query_holds_all_its_problems() -> None:
    problems = (Problem("kind", "x", "unknown_value"), Problem("radius", "0", "radius_range"))
    error = InvalidQuery(problems)
    assert error.problems == problems
    assert "kind=x" in str(error)
    assert "radius=0" in str(error)
