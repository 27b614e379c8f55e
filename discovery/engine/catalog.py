"""The place where indices live: which there are, which serves, which is being built. One protocol,
two engines.

An index is made by `create` and takes writes at once; it serves after `promote`. In between,
whoever writes changes writes them to both (`targets`), so that what is built misses nothing, in
whatever order transactions commit.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from discovery.engine.definition import Definition
from discovery.engine.port import Holdings, IndexWriter, SearchEngine
from discovery.model import dataclass

_STAMP = "%Y%m%d-%H%M%S%f"
_NAME = re.compile(
    r"(?P<prefix>[a-z0-9-]+)-(?P<fingerprint>[0-9a-f]{16})-(?P<stamp>[0-9]{8}-[0-9]{12})"
)


@dataclass(frozen=True, slots=True)
class IndexName:
    """What the name of an index says: what it was built from, and when (UTC, to the microsecond)."""

    prefix: str
    fingerprint: str
    built: datetime

    def build(self) -> str:
        return f"{self.prefix}-{self.fingerprint}-{self.built.astimezone(UTC).strftime(_STAMP)}"

    @classmethod
    def parse(cls, name: str) -> "IndexName | None":
        """The inverse of `build`; None for any other name."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        try:
            built = datetime.strptime(match["stamp"], _STAMP).replace(tzinfo=UTC)
        except ValueError:
            return None
        return cls(match["prefix"], match["fingerprint"], built)


def ours(prefix: str, names: Iterable[str]) -> list[str]:
    """The indices of that prefix among any names, oldest first."""
    parsed = [(IndexName.parse(name), name) for name in names]
    return [
        name
        for _, name in sorted(
            (one.built, name) for one, name in parsed if one and one.prefix == prefix
        )
    ]


def following(prefix: str, fingerprint: str, now: datetime, known: Sequence[str]) -> str:
    """The name of the next index: newer than all `known` (ours, oldest first), even if a clock was
    set back.
    """
    newest = IndexName.parse(known[-1]) if known else None
    built = max(now, newest.built + timedelta(microseconds=1)) if newest else now
    return IndexName(prefix, fingerprint, built).build()


def previous(known: Sequence[str], serving: str | None) -> str | None:
    """What a rollback goes back to: the newest index older than the one that serves."""
    older = known[: known.index(serving)] if serving in known else known
    return older[-1] if older else None


def surplus(known: Sequence[str], serving: str, replaced: str | None) -> list[str]:
    """All but the serving index and the one that it replaced (should it be gone: the newest other).
    Where it replaced none, nothing: what is there may serve a version of another format.

    After a rollback what was replaced is not the newest: what one fled from is not what the next
    rollback should find.
    """
    if replaced is None:
        return []
    others = [name for name in known if name != serving]
    kept = replaced if replaced in others else next(reversed(others), None)
    return [name for name in others if name != kept]


Note = Mapping[str, Any]
"""A small JSON object."""


@dataclass(frozen=True, slots=True)
class Targets:
    """The indices that take writes at a moment, by name; None where there is none."""

    serving: str | None = None
    building: str | None = None

    def names(self) -> list[str]:
        """The indices that take writes, each once."""
        return list(
            dict.fromkeys(name for name in (self.serving, self.building) if name is not None)
        )


class Writer(IndexWriter, Holdings, Protocol):
    """What writes to an index and tells what it holds, until closed."""

    def close(self) -> None: ...


class Reader(SearchEngine, Protocol):
    """A search engine over one index, until closed."""

    def close(self) -> None: ...


class Slot(Protocol):
    """One note that processes share; it is changed only by one who has seen it as it is."""

    def read(self) -> tuple[Note | None, Any]:
        """The note, or None, and the mark of this state."""

    def write(self, note: Note | None, mark: Any) -> bool:
        """Put the note (None: take it away) if the state still is that of `mark`; False otherwise."""


class Journal(Protocol):
    """Notes that are only ever added; each has a time `at` (ISO 8601, UTC), by which they are
    ordered.
    """

    def append(self, note: Note) -> None: ...

    def last(self, limit: int) -> list[Note]:
        """The newest `limit` notes, oldest first."""


class Catalog(Protocol):
    """Indices by name, all of one prefix. Cheap to make; looks when asked. Raises EngineUnavailable
    when it can't.
    """

    @property
    def lock(self) -> Slot: ...

    @property
    def journal(self) -> Journal: ...

    def targets(self) -> Targets:
        """The index that serves and, during a rebuild, the one being built. Raises
        EngineUnavailable.
        """

    def names(self) -> list[str]:
        """All indices of ours, oldest first, of whatever format."""

    def foreign(self) -> list[str]:
        """Indices that serve versions of another format, by their pointers; `targets` are this
        version's alone.
        """

    def create(self, definition: Definition, now: datetime) -> str:
        """A new index, empty, that takes writes from now on. Not to be searched before `finish`."""

    def finish(self, name: str, definition: Definition) -> None:
        """After the filling: all of it can be searched, on as many copies as the definition asks
        for.
        """

    def register(self, name: str) -> None:
        """An existing index takes writes from now on, beside the one that serves."""

    def unregister(self, name: str) -> None:
        """Undo `register`; no harm when it was not."""

    def promote(self, name: str) -> None:
        """It serves from now on, and nothing else does: one atomic step."""

    def remove(self, name: str) -> None:
        """Delete it, if it is there."""

    def definition_of(self, name: str) -> Definition:
        """What it was built with. Raises EngineUnavailable when it can't be read, as one of another
        format.
        """

    def writer_of(self, name: str) -> Writer:
        """A writer of an existing index, with the analysis that it was built with."""

    def reader_of(self, name: str) -> Reader:
        """Searches that index, whether or not it serves."""

    def close(self) -> None: ...
