"""Why an import could not be done. Messages are for people."""

from __future__ import annotations


class IntakeError(Exception):
    """The import could not be done (exit code 2)."""


class BrokenFile(IntakeError):
    """A file is not what it should be, from its first line to its last; nothing of it was written.

    `line` counts from 1; 0 = the file as a whole.
    """

    def __init__(self, what: str, fix: str, line: int = 0) -> None:
        self.what, self.fix, self.line, self.file = what, fix, line, ""
        super().__init__(what)

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.what}. {self.fix}." if where else f"{self.what}. {self.fix}."
