"""What every command needs, made when first asked for: settings, mappings, store, index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine, select

from discovery.config import Mappings, Settings, SettingsError, load_mappings
from discovery.engine.definition import Definition, define
from discovery.engine.embedded import EmbeddedWriter
from discovery.engine.embedded.folder import IndexFolder
from discovery.engine.embedded.opening import stored_definition
from discovery.engine.port import Action, EngineStatus, Outcome
from discovery.gazetteer import Gazetteer, gazetteer
from indexer.document import DocumentBuilder
from indexer.store import ledger
from indexer.store.engine import open_store, reading
from indexer.store.migrate import require
from indexer.store.sql import LEDGER
from indexer.sync import Synchroniser


@dataclass
class Context:
    settings: Settings = field(default_factory=Settings.from_env)
    _serving: Serving | None = field(default=None, init=False, repr=False)
    _synchroniser: Synchroniser | None = field(default=None, init=False, repr=False)

    @cached_property
    def mappings(self) -> Mappings:
        return load_mappings(self.settings.mappings)

    @cached_property
    def definition(self) -> Definition:
        return define(self.mappings)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return gazetteer()

    @cached_property
    def store(self) -> Engine:
        """Connects when first used; `require_store` says whether it is there."""
        return open_store(self.settings.store_url)

    def require_store(self) -> None:
        """StoreError, saying what to run, unless the store is made and of this program's revision."""
        require(self.store)

    @cached_property
    def builder(self) -> DocumentBuilder:
        return DocumentBuilder(self.mappings.vocabulary, self.gazetteer)

    @cached_property
    def folder(self) -> IndexFolder:
        """Where the indices are. SettingsError when the settings name an engine that this version has not."""
        if not self.settings.embedded:
            raise SettingsError(
                f"DISCOVERY_ENGINE={self.settings.engine}: this version indexes with the embedded engine only; "
                "write `embedded`, or leave it empty"
            )
        return IndexFolder(self.settings.index_path, self.settings.index_prefix)

    def writer(self) -> EmbeddedWriter:
        """A writer of the serving index; the first one makes it, empty, and sees that it gets everything."""
        file = self.folder.current()
        if file is not None:
            return self.writer_of(file)
        file = self.folder.new(self.definition.fingerprint, datetime.now(UTC))
        definition = self.definition
        writer = EmbeddedWriter(file, definition.body, definition.analysis, definition.fingerprint)
        _requeue_settled(self.store)
        if self.folder.promote_first(file):
            return writer
        writer.close()
        self.folder.remove(file)
        return self.writer()

    def writer_of(self, file: Path) -> EmbeddedWriter:
        """A writer of an existing index, with the analysis that it was built with."""
        held = stored_definition(file)
        return EmbeddedWriter(file, held.body, held.analysis, held.fingerprint)

    def synchroniser(self) -> Synchroniser:
        """The one that writes the index that serves. EngineUnavailable before anything is claimed when none can."""
        if self._serving is None or self._synchroniser is None:
            self._serving = Serving(self)
            self._synchroniser = Synchroniser(self.store, self._serving, self.builder)
        self._serving.writer()
        return self._synchroniser

    def forget_writer(self) -> None:
        """After trouble: the next synchroniser opens the index anew."""
        if self._serving is not None:
            self._serving.close()
        self._synchroniser = self._serving = None

    def close(self) -> None:
        """Let go of index and store; either is opened again when it is asked for."""
        self.forget_writer()
        if "store" in self.__dict__:
            self.store.dispose()

    @property
    def rebuild_needed(self) -> bool:
        """Whether the serving index was built from other mappings than today's."""
        file = self.folder.current()
        return file is not None and stored_definition(file).fingerprint != self.definition.fingerprint


class Serving:
    """An `IndexWriter` of the index that serves at the moment of each call.

    A rebuild moves the alias, then waits for the claims that are open. A batch that looked up its index before it
    claimed could miss both, and write to the old index what nobody carries over; `bulk` comes after the claim.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._file: Path | None = None
        self._writer: EmbeddedWriter | None = None

    def writer(self) -> EmbeddedWriter:
        """The open writer while its index serves, else one of the index that does."""
        file = self._context.folder.current()
        if self._writer is None or file is None or file != self._file:
            self.close()
            self._writer = self._context.writer()
            self._file = self._context.folder.path / self._writer.status().index  # the alias may have moved again
        return self._writer

    def bulk(self, actions: Iterable[Action]) -> list[Outcome]:
        return self.writer().bulk(actions)

    def versions(self, after: str = "", limit: int = 1000) -> Iterator[tuple[str, int, str]]:
        return self.writer().versions(after, limit)

    def status(self) -> EngineStatus:
        return self.writer().status()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._file = self._writer = None


def _requeue_settled(store: Engine) -> None:
    """A new index is empty: what was settled in another, now gone, must come again."""
    with reading(store) as connection:
        settled = connection.execute(select(LEDGER.c.supplier_id).where(LEDGER.c.settled_revision > 0).limit(1)).first()
    if settled is not None:
        ledger.requeue_all(store)
