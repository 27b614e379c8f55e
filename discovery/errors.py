"""Trouble that is told to people: the base of every error, faults of files, what a disk refuses."""

from pathlib import Path

from discovery.model import dataclass


class DiscoveryError(Exception):
    """Known trouble. The message says what was wrong, where, and what to do; nobody is shown a
    trace of it.
    """

    status: int = 500
    """Of the HTTP answer, where a request meets it."""
    exit_code: int = 2
    """Of the command that meets it."""


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
    """Files of analysts, or of texts, can't be used; `problems` lists everything wrong at once."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


_FULL = ("no space left", "disk is full", "quota exceeded")
_CLOSED = (
    "read-only file system",
    "permission denied",
    "readonly database",
    "unable to open database file",
)
_FAULTY = ("disk i/o error", "input/output error")


def remedy(said: str) -> str:
    """What to do about a refusal that is known; "" about others."""
    words = said.lower()
    if any(one in words for one in _FULL):
        return "the disk is full: free some space, then start this again; what was written stays"
    if any(one in words for one in _FAULTY):
        return "the disk is full or failing: see its free space and the system's log"
    if any(one in words for one in _CLOSED):
        return "this user may not write there: take the right to, or name another folder in DISCOVERY_HOME"
    return ""
