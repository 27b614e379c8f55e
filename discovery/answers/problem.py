"""What is wrong with one parameter, as answers tell it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from discovery.locales import t
from discovery.search.problems import Problem


def message(problem: Problem, lang: str) -> str:
    """What is wrong, in a sentence for people."""
    return t(f"message.{problem.code}", lang, **problem.args)


def lines(problems: Iterable[Problem], lang: str) -> list[str]:
    """Each problem on a line, with the values that come close."""
    return [f"{one.parameter}: {message(one, lang)}{_near(one)}" for one in problems]


def _near(problem: Problem) -> str:
    return f" ({', '.join(problem.choices)})" if problem.choices else ""


def told_problem(problem: Problem, lang: str) -> dict[str, Any]:
    """The problem as JSON has it."""
    return {
        "parameter": problem.parameter,
        "value": problem.value,
        "code": problem.code,
        "message": message(problem, lang),
        "choices": list(problem.choices),
    }
