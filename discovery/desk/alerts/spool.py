"""The folder between both programs: a file a request, whole or not there, taken away once it was taken up."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from discovery.errors import DiscoveryError
from discovery.mappings.secrets import private_folder

MAX_WAITING = 10_000
"""Requests that may wait; beyond, nobody takes them up, or somebody floods us."""
MAX_BYTES = 16_384
"""Of a request; ours have some hundred."""
ABANDONED_SECONDS = 3_600.0
"""After which a file that was not written to its end is removed."""
ENDING, UNFINISHED = ".request", ".unfinished"


class SpoolFull(DiscoveryError):
    """Nothing more can be handed over for now."""

    status = 503


class Spool:
    """The folder in which requests wait for the alerts program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, text: str, at: int) -> None:
        """Hand over; when this returns, the request outlives a crash. Raises OSError, or SpoolFull."""
        private_folder(self.folder)
        if len(self._names()) >= MAX_WAITING:
            raise SpoolFull(f"{self.folder}: {MAX_WAITING} requests wait; does `indexer worker` run?")
        name = f"{at:012d}-{secrets.token_hex(8)}"
        aside = self.folder / f"{name}{UNFINISHED}"
        try:
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            os.rename(aside, self.folder / f"{name}{ENDING}")
        except OSError:
            aside.unlink(missing_ok=True)
            raise
        self._sync()

    def waiting(self) -> Iterator[tuple[Path, str]]:
        """(file, its text), oldest first; a text that is none of ours is "". Another process may take one meanwhile."""
        for name in sorted(self._names()):
            path = self.folder / name
            try:
                with path.open("rb") as file:
                    content = file.read(MAX_BYTES + 1)
            except FileNotFoundError:
                continue
            yield path, content.decode("ascii", "replace") if len(content) <= MAX_BYTES else ""

    def done(self, path: Path) -> None:
        """Take a request away: what it asks for is in the store."""
        path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what a process that died left half written: it holds an address, and nobody was told that it is."""
        for path in self.folder.glob(f"*{UNFINISHED}"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                    path.unlink()

    def _names(self) -> list[str]:
        try:
            return [name for name in os.listdir(self.folder) if name.endswith(ENDING)]
        except FileNotFoundError:
            return []

    def _sync(self) -> None:
        held = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)
