"""What was done to the indices: a note for each deed and each refusal, kept beside them."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from discovery.engine.catalog import Journal, Note
from indexer.targets.lock import utc


@dataclass(frozen=True, slots=True)
class Entry:
    """`deed`: first, rebuild, rollback, extend or sweep. `refused` says why it was not done."""

    deed: str
    index: str
    replaced: str | None = None
    documents: int | None = None
    seconds: float | None = None
    judged: str = ""
    refused: str = ""
    at: datetime = field(default_factory=utc)
    by: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")

    def line(self) -> str:
        """The entry in a line, for people."""
        when = f"{self.at:%Y-%m-%d %H:%M:%S} UTC  {self.deed}:"
        if self.refused:
            kept = f", {self.replaced} kept" if self.replaced else ""
            return f"{when} not {self.index or 'done'}, {self.refused}{kept}"
        shown = "" if self.documents is None else f" {self.documents} suppliers"
        instead = f", instead of {self.replaced}" if self.replaced else ""
        judged = f", judged queries {self.judged}" if self.judged else ""
        return f"{when} {self.index} serves{shown}{instead}{judged}"


def write(journal: Journal, entry: Entry) -> None:
    """Add an entry to the journal."""
    journal.append({**asdict(entry), "at": entry.at.isoformat()})


def read(journal: Journal, limit: int) -> list[Entry]:
    """The newest `limit` entries of the journal, oldest first; lines that can't be read are left out."""
    return [entry for note in journal.last(limit) if (entry := _entry(note)) is not None]


def _entry(note: Note) -> Entry | None:
    known: Mapping[str, Any] = {name: note[name] for name in Entry.__slots__ if name in note}
    try:
        return Entry(**{**known, "at": datetime.fromisoformat(str(note["at"]))})
    except (KeyError, TypeError, ValueError):
        return None
