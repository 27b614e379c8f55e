"""The catalog of embedded indices: a folder of files.

An index is one file, `<its name>.sqlite`. The link `<prefix>.format-<format>.sqlite` is the alias
that readers of that format follow, moved in one rename, so that they see the old index or the new
one and never neither; beside it, `<prefix>.format-<format>.building` points to what is built.
"""

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from discovery.engine.catalog import Note, Targets, following, ours
from discovery.engine.definition import Definition, stored
from discovery.engine.embedded import store
from discovery.engine.embedded.engine import EmbeddedEngine
from discovery.engine.embedded.layout import FORMAT
from discovery.engine.embedded.writer import BUSY_SECONDS, EmbeddedWriter
from discovery.engine.port import EngineUnavailable
from discovery.mappings.secrets import private_folder

READING_SECONDS = 5.0


def stored_definition(file: Path) -> Definition:
    """The definition that the index at `file` was built with. Raises EngineUnavailable when the
    file can't be used.
    """
    try:
        with closing(store.connect(file, timeout=READING_SECONDS, writing=False)) as connection:
            meta = store.read_meta(connection, file)
    except sqlite3.Error as error:
        raise EngineUnavailable(f"the index file {file.name} can't be read: {error}") from error
    return stored(file.stem, dict(meta.definition), meta.fingerprint)


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


SUFFIX = ".sqlite"


class IndexFolder:
    """A `Catalog`: the indices of one prefix in one folder."""

    def __init__(self, path: Path, prefix: str) -> None:
        self.path = path
        self.prefix = prefix
        self.link = path / f"{prefix}.format-{FORMAT}{SUFFIX}"
        self.lock = FileSlot(path / f"{prefix}.lock")
        self.journal = FileJournal(path / f"{prefix}.journal")
        self._building = self.link.with_suffix(".building")

    def file(self, name: str) -> Path:
        return self.path / f"{name}{SUFFIX}"

    def current(self) -> Path | None:
        """The file that serves; None when there is none."""
        name = self._target(self.link)
        return None if name is None else self.file(name)

    def targets(self) -> Targets:
        # In this order: a promotion moves the first link, then removes the second.
        building = self._target(self._building)
        return Targets(self._target(self.link), building)

    def _target(self, link: Path) -> str | None:
        """The index that a link stands for; None when the link or the file is not there."""
        try:
            name = os.readlink(link).removesuffix(SUFFIX)
        except OSError:
            return None
        return name if self.file(name).exists() else None

    def names(self) -> list[str]:
        if not self.path.is_dir():
            return []
        return ours(
            self.prefix, (file.stem for file in self.path.iterdir() if file.suffix == SUFFIX)
        )

    def foreign(self) -> list[str]:
        links = (
            file
            for file in self.path.glob(f"{self.prefix}*{SUFFIX}")
            if file.is_symlink() and file != self.link
        )
        return ours(self.prefix, filter(None, map(self._target, links)))

    def create(self, definition: Definition, now: datetime) -> str:
        name = following(self.prefix, definition.fingerprint, now, self.names())
        private_folder(self.path)
        self.register(name)
        aside = self._aside(name)  # until it is whole the index is not there, whoever looks
        EmbeddedWriter(aside, definition.body, definition.analysis, definition.fingerprint).close()
        aside.rename(self.file(name))
        return name

    def _aside(self, name: str) -> Path:
        return self.path / f".{name}{SUFFIX}"

    def finish(self, name: str, definition: Definition) -> None:  # noqa: ARG002
        """Make the look-ups of a filled index. What is written can be read already; here it becomes
        quick to find.
        """
        file = self.file(name)
        self.definition_of(name)  # a file that is not there must not be made
        try:
            with closing(store.connect(file, timeout=BUSY_SECONDS, writing=True)) as connection:
                store.index_look_ups(connection)
        except sqlite3.Error as error:
            raise EngineUnavailable(
                f"the index file {file.name} can't be written: {error}"
            ) from error

    def register(self, name: str) -> None:
        self._point(self._building, name)

    def unregister(self, name: str) -> None:
        if self._target(self._building) in (name, None):
            self._building.unlink(missing_ok=True)

    def promote(self, name: str) -> None:
        os.stat(self.file(name))  # an alias must not point nowhere
        self._point(self.link, name)
        self.unregister(name)

    def _point(self, link: Path, name: str) -> None:
        fresh = self.path / f".{link.name}.{os.getpid()}"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(f"{name}{SUFFIX}")
        os.replace(fresh, link)

    def remove(self, name: str) -> None:
        """Delete the index's file with its SQLite companions. Readers that hold it open keep it
        until they let go.
        """
        for file in (self.file(name), self._aside(name)):
            for suffix in ("", "-wal", "-shm"):
                file.with_name(file.name + suffix).unlink(missing_ok=True)
        self.unregister(name)

    def definition_of(self, name: str) -> Definition:
        return stored_definition(self.file(name))

    def writer_of(self, name: str) -> EmbeddedWriter:
        held = self.definition_of(name)
        return EmbeddedWriter(self.file(name), held.body, held.analysis, held.fingerprint)

    def reader_of(self, name: str) -> EmbeddedEngine:
        return EmbeddedEngine(self.file(name), background=False)

    def close(self) -> None:
        """Nothing to do: no file is held open."""
