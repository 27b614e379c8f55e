"""What every command needs, made when first asked for: settings, mappings, store, index."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from discovery.config import Mappings, Settings, load_mappings
from discovery.engine.definition import Definition, define
from discovery.engine.embedded import EmbeddedWriter
from discovery.engine.embedded.folder import IndexFolder
from discovery.engine.embedded.opening import stored_definition
from discovery.gazetteer import Gazetteer, gazetteer
from indexer.document import DocumentBuilder
from indexer.store.engine import open_store
from indexer.sync import Synchroniser


@dataclass
class Context:
    settings: Settings = field(default_factory=Settings.from_env)
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
        return open_store(self.settings.store_url)

    @cached_property
    def builder(self) -> DocumentBuilder:
        return DocumentBuilder(self.mappings.vocabulary, self.gazetteer)

    @cached_property
    def folder(self) -> IndexFolder:
        return IndexFolder(self.settings.index_path, self.settings.index_prefix)

    def writer(self) -> EmbeddedWriter:
        """A writer of the serving index; the first one makes it, empty."""
        file = self.folder.current()
        if file is not None:
            return self.writer_of(file)
        file = self.folder.new(self.definition.fingerprint, datetime.now(UTC))
        definition = self.definition
        writer = EmbeddedWriter(file, definition.body, definition.analysis, definition.fingerprint)
        self.folder.promote(file)
        return writer

    def writer_of(self, file: Path) -> EmbeddedWriter:
        """A writer of an existing index, with the analysis that it was built with."""
        held = stored_definition(file)
        return EmbeddedWriter(file, held.body, held.analysis, held.fingerprint)

    def synchroniser(self) -> Synchroniser:
        """The one that writes the index that serves now: a rebuild moves the alias, and whoever writes must follow."""
        file = self.folder.current()
        if self._synchroniser is None or file is None or self._synchroniser.writer.status().index != file.name:
            self._synchroniser = Synchroniser(self.store, self.writer(), self.builder)
        return self._synchroniser

    def forget_writer(self) -> None:
        """After trouble: the next synchroniser opens the index anew."""
        self._synchroniser = None

    @property
    def rebuild_needed(self) -> bool:
        """Whether the serving index was built from other mappings than today's."""
        file = self.folder.current()
        return file is not None and stored_definition(file).fingerprint != self.definition.fingerprint
