"""What is wrong with a parameter, and what is only to be told of one, as answers have them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, TypedDict

from discovery.phrase.spelling.names import close_values
from discovery.search.query import Notice, Problem, Query
from discovery.texts import t

_KNOWN = {name: (name,) for name in Query.__dataclass_fields__ if name not in {"unknown", "as_of", "scope"}}


class ParameterError(TypedDict):
    """A parameter at fault."""

    parameter: str
    value: Annotated[str, "As given, shortened when long."]
    code: Annotated[str, "Stable name of the fault."]
    message: Annotated[str, "What is wrong and what to do, in the language of `lang`."]
    choices: Annotated[list[str], "Valid values that come close."]


class NoticeBody(TypedDict):
    """A warning: the search was made all the same."""

    code: str
    parameter: str
    message: str
    choices: Annotated[list[str], "Values that were meant, perhaps."]


def message(problem: Problem, lang: str) -> str:
    """What is wrong, in a sentence for people."""
    return t(f"message.{problem.code}", lang, **problem.args)


def lines(problems: Iterable[Problem], lang: str) -> list[str]:
    """Each problem on a line, with the values that come close."""
    return [f"{one.parameter}: {message(one, lang)}{_near(one)}" for one in problems]


def _near(problem: Problem) -> str:
    return f" ({', '.join(problem.choices)})" if problem.choices else ""


def told_problem(problem: Problem, lang: str) -> ParameterError:
    """The problem as JSON has it."""
    return {
        "parameter": problem.parameter,
        "value": problem.value,
        "code": problem.code,
        "message": message(problem, lang),
        "choices": list(problem.choices),
    }


def warning(notice: Notice, lang: str) -> NoticeBody:
    """A notice in words; an unknown parameter comes with the known one it resembles."""
    message, choices = t(f"message.{notice.code}", lang, **notice.args), notice.choices
    if notice.code == "unknown_parameter":
        choices = close_values(notice.parameter, _KNOWN, limit=1)
        if choices:
            message += " " + t("message.did_you_mean_parameter", lang, parameter=choices[0])
    return {"code": notice.code, "parameter": notice.parameter, "message": message, "choices": list(choices)}
