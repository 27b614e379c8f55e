"""What is wrong with a file, where, and what to do: one shape for every configuration error."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from discovery.errors import DiscoveryError

REQUIRED: dict[str, str | list[Any] | dict[Any, Any]] = {"required": "is missing"}
"""What a marshmallow field says of an entry that is not there."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a file.

    `line` counts from 1; 0 = the file as a whole.
    """

    file: Path
    line: int
    message: str
    fix: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{where}: {self.message}" + (f" → {self.fix}" if self.fix else "")


class MappingsError(DiscoveryError):
    """The files under `mappings/` can't be used; `problems` lists everything wrong at once."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
