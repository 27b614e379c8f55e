"""The folder of embedded index files: their names, and which one serves.

An index is one file, `<prefix>-<fingerprint>-<stamp>.sqlite`; the link `<prefix>.sqlite` is the alias that readers
follow, moved in one rename, so that they see the old index or the new one and never neither.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

STAMP = "%Y%m%dT%H%M%S%f"
_NAME = re.compile(r"(?P<prefix>[a-z0-9-]+)-(?P<fingerprint>[0-9a-f]{16})-(?P<stamp>\d{8}T\d{12})\.sqlite")


@dataclass(frozen=True, slots=True)
class IndexName:
    """What the name of an index file says: what it was built from, and when (UTC)."""

    prefix: str
    fingerprint: str
    built: datetime

    def build(self) -> str:
        return f"{self.prefix}-{self.fingerprint}-{self.built.astimezone(UTC).strftime(STAMP)}.sqlite"

    @classmethod
    def parse(cls, name: str) -> IndexName | None:
        """The inverse of `build`; None for any other name."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        try:
            built = datetime.strptime(match["stamp"], STAMP).replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(match["prefix"], match["fingerprint"], built)


class IndexFolder:
    """The index files of one prefix in one folder. Cheap to make; looks at the disk when asked."""

    def __init__(self, path: Path, prefix: str) -> None:
        self.path = path
        self.prefix = prefix
        self.link = path / f"{prefix}.sqlite"

    def current(self) -> Path | None:
        """The file that serves; None when there is none yet."""
        try:
            target = self.path / os.readlink(self.link)
        except OSError:
            return None
        return target if target.exists() else None

    def files(self) -> list[Path]:
        """All index files, oldest first."""
        return [file for _, file in sorted(self._dated())]

    def _dated(self) -> Iterator[tuple[datetime, Path]]:
        if self.path.is_dir():
            for file in self.path.iterdir():
                name = IndexName.parse(file.name)
                if name is not None and name.prefix == self.prefix:
                    yield name.built, file

    def new(self, fingerprint: str, now: datetime) -> Path:
        """Where to build the next index; nothing is made yet."""
        return self.path / IndexName(self.prefix, fingerprint, now).build()

    def previous(self) -> Path | None:
        """The newest file older than the one that serves: what a rollback goes back to."""
        files, current = self.files(), self.current()
        older = files[: files.index(current)] if current in files else files
        return older[-1] if older else None

    def promote(self, file: Path) -> None:
        """Make `file` the one that serves, atomically."""
        fresh = self.path / f".{self.prefix}.{os.getpid()}.link"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(file.name)
        os.replace(fresh, self.link)

    def promote_first(self, file: Path) -> bool:
        """Make `file` the one that serves unless one does already; of several processes exactly one gets True."""
        try:
            self.link.symlink_to(file.name)
        except FileExistsError:
            if self.current() is not None:
                return False
            self.promote(file)  # the alias pointed nowhere: its file was deleted
        return True

    def remove(self, file: Path) -> None:
        """Delete an index with its SQLite companions. Readers that hold it open keep it until they let go."""
        for name in (file, *(file.with_name(file.name + suffix) for suffix in ("-wal", "-shm"))):
            name.unlink(missing_ok=True)

    def prune(self, keep: int = 2) -> list[Path]:
        """Delete all but the serving file and the newest others, `keep` in all; returns what went."""
        current = self.current()
        others = [file for file in self.files() if file != current]
        gone = others[: max(0, len(others) - (keep - (current is not None)))]
        for file in gone:
            self.remove(file)
        return gone
