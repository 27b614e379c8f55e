"""Notes in files beside the indices: the lock, and the journal."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from discovery.config.secrets import private_folder
from discovery.engine.catalog import Note


class FileSlot:
    """A `Slot` in a file of one JSON object, empty when there is none. Its mark is its content."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> tuple[Note | None, Any]:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            content = b""
        return _parse(content), content

    def write(self, note: Note | None, mark: Any) -> bool:
        content = b"" if note is None else json.dumps(note, ensure_ascii=False).encode()
        with _alone(self._path) as file:
            if file.read() != mark:
                return False
            file.seek(0)
            file.truncate()
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return True


class FileJournal:
    """A `Journal` in a file of JSON lines."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, note: Note) -> None:
        with _alone(self._path) as file:
            whole = file.read()
            # A line cut short by a lost machine stays a line of its own.
            broken = b"\n" if whole and not whole.endswith(b"\n") else b""
            file.write(broken + json.dumps(note, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def last(self, limit: int) -> list[Note]:
        try:
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        notes = [note for line in lines if (note := _parse(line)) is not None]
        return sorted(notes, key=lambda note: str(note.get("at", "")))[-limit:]


@contextmanager
def _alone(path: Path) -> Iterator[BinaryIO]:
    """The file, made if need be, while no other process changes it."""
    private_folder(path.parent)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _parse(content: bytes) -> Note | None:
    try:
        note = json.loads(content)
    except ValueError:
        return None
    return note if isinstance(note, dict) else None
