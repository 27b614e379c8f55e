"""What is wrong with one parameter, as answers tell it. Pure."""

from __future__ import annotations

from typing import Any

from discovery.locales import t
from discovery.search.problems import Problem


def told_problem(problem: Problem, lang: str) -> dict[str, Any]:
    return {
        "parameter": problem.parameter,
        "value": problem.value,
        "code": problem.code,
        "message": t(f"message.{problem.code}", lang, **problem.args),
        "choices": list(problem.choices),
    }
