"""The writing side of an engine: what `indexer` uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from discovery.engine.results import Document, EngineStatus


class WriteStatus(StrEnum):
    """What became of one action. STALE: a newer version is already there, which is fine on the live path."""

    INDEXED = "indexed"
    DELETED = "deleted"
    STALE = "stale"
    RETRY = "retry"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Action:
    """Write `document`, or delete when None, if `version` >= the one the index holds (external_gte)."""

    id: str
    version: int
    document: Document | None


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What became of one action, and why."""

    id: str
    status: WriteStatus
    reason: str = ""


class IndexWriter(Protocol):
    """The writing side: what `indexer` uses."""

    def bulk(self, actions: Iterable[Action]) -> list[WriteOutcome]:
        """One outcome per action, in order. Durable when it returns."""
        ...

    def versions(self, after: str = "", limit: int = 1000) -> Iterator[tuple[str, int, str]]:
        """(id, version, content fingerprint) of live and stub documents with id > after, in id order."""
        ...

    def status(self) -> EngineStatus: ...


@dataclass(frozen=True, slots=True)
class Held:
    """What an index holds under an id: the document as it gives it back, without `_source.excludes`."""

    id: str
    version: int
    document: Document


class Holdings(Protocol):
    """The whole of an index, for whoever compares it with the store. Raises `EngineUnavailable` only."""

    def everything(self) -> Iterator[list[Held]]:
        """All live and stub documents, each once, in no order. What is written meanwhile may be missed."""
        ...

    def held(self, ids: Sequence[str]) -> list[Held]:
        """Documents of these ids that are held now, searchable or not; at most 1,000 ids."""
        ...
