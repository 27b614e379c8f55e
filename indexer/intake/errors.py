"""Why an import could not be done. Messages are for people."""

from __future__ import annotations

import signal

from discovery.errors import DiscoveryError


class IntakeError(DiscoveryError):
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


class Interrupted(IntakeError):
    """Stopped before its end. `rows` are done, up to `line` of `file`; 0 = nothing was written."""

    exit_code = 128 + signal.SIGINT

    def __init__(self, file: str, line: int, rows: int) -> None:
        self.file, self.line, self.rows = file, line, rows
        done = (
            f"Stopped after {file}:{line}. The {rows} rows up to there are in the store, whole batches only"
            if rows
            else "Stopped. Nothing was written"
        )
        super().__init__(f"{done}. Run the same command to go on: rows that are there already count as unchanged.")
