"""What was done to the indices: a note for each deed and each refusal, kept beside them."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from discovery.engine.catalog import Journal, Note
from indexer.lifecycle.lock import utc


@dataclass(frozen=True, slots=True)
class Entry:
    """`deed`: first, rebuild, rollback, or live (mappings updated in place). `refused` says why it was not done."""

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
        """For people."""
        parts = [f"{self.at:%Y-%m-%d %H:%M:%S} UTC  {self.deed}: "]
        parts.append(f"refused, {self.refused}" if self.refused else f"{self.index} serves")
        if self.documents is not None and not self.refused:
            parts.append(f" {self.documents} suppliers")
        if self.replaced:
            parts.append(f", {'kept' if self.refused else 'instead of'} {self.replaced}")
        return "".join(parts)


def write(journal: Journal, entry: Entry) -> None:
    journal.append({**asdict(entry), "at": entry.at.isoformat()})


def read(journal: Journal, limit: int) -> list[Entry]:
    """The newest `limit` entries, oldest first; notes that are none are left out."""
    return [entry for note in journal.last(limit) if (entry := _entry(note)) is not None]


def _entry(note: Note) -> Entry | None:
    known: Mapping[str, Any] = {name: note[name] for name in Entry.__slots__ if name in note}
    try:
        return Entry(**{**known, "at": datetime.fromisoformat(str(note["at"]))})
    except (KeyError, TypeError, ValueError):
        return None
