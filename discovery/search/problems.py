"""What can be wrong with a search, and what is worth saying about it.

Codes are stable; the words are the key `message.<code>` of `discovery/locales`, in which `args` are filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from discovery.errors import DiscoveryError

Args = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Problem:
    """A parameter that can't be used. `choices`: valid values that come close, nearest first."""

    parameter: str
    value: str
    code: str
    args: Args = field(default_factory=dict)
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning: the search is answered, but not quite as asked, or with a choice made for the user."""

    code: str
    parameter: str = ""
    args: Args = field(default_factory=dict)
    choices: tuple[str, ...] = ()


MALFORMED = frozenset({"not_a_number", "not_a_whole_number", "not_a_switch", "not_a_box", "given_twice"})
"""Codes of parameters that can't be read at all; the others are read, but can't be meant."""


class InvalidQuery(DiscoveryError):
    """The parameters can't be answered; `problems` lists all of them at once.

    `status`: 400 as soon as one can't even be read, else 422.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        self.status = 400 if any(one.code in MALFORMED for one in problems) else 422
        super().__init__("; ".join(f"{one.parameter}={one.value}: {one.code}" for one in problems))
