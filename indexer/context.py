"""What every command needs, made when first asked for: settings, mappings, store, index."""

from dataclasses import dataclass, field
from functools import cached_property, partial

from sqlalchemy import Engine

from discovery.engine.catalog import Catalog, IndexName, Targets
from discovery.engine.definition import Definition, define
from discovery.engine.factory import open_catalog
from discovery.mappings import Mappings, MappingsError, Settings, load_mappings
from discovery.places import Gazetteer, gazetteer
from indexer.document.build import DocumentBuilder
from indexer.store.engine import open_store, require
from indexer.sync import Synchroniser
from indexer.targets import DualWriter, make_first, serve_first


@dataclass
class Context:
    """What commands, workers and tasks share, each part opened when first asked for."""

    settings: Settings = field(default_factory=Settings.from_env)
    _serving: DualWriter | None = field(default=None, init=False, repr=False)
    _synchroniser: Synchroniser | None = field(default=None, init=False, repr=False)
    _read_for: set[str] = field(default_factory=set, init=False, repr=False)

    @cached_property
    def mappings(self) -> Mappings:
        """The folder of mappings, parsed. Raises MappingsError."""
        return load_mappings(self.settings.mappings)

    @cached_property
    def definition(self) -> Definition:
        return define(self.mappings)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The gazetteer with the areas that analysts drew: zones may name them."""
        return gazetteer().naming(self.mappings.places)

    @cached_property
    def store(self) -> Engine:
        """The store's engine. Connects when first used; `require_store` says whether the store is
        there.
        """
        return open_store(self.settings.store_url)

    def require_store(self) -> None:
        """Raise StoreError, saying what to run, unless the store is made and of this program's
        revision.
        """
        require(self.store)

    @cached_property
    def builder(self) -> DocumentBuilder:
        return DocumentBuilder(self.mappings.vocabulary, self.gazetteer, self.mappings.codes)

    @cached_property
    def catalog(self) -> Catalog:
        """Where the indices are. Raises SettingsError when the settings name an engine that can't
        be used.
        """
        return open_catalog(self.settings)

    def elsewhere(self) -> "Context":
        """A copy for a process forked from this one: what was read stays read, store and index are
        its own to open.
        """
        other = Context(self.settings)
        read = ("mappings", "definition", "gazetteer", "builder")
        other.__dict__ |= {name: self.__dict__[name] for name in read if name in self.__dict__}
        return other

    def serving(self) -> DualWriter:
        """A writer of whatever takes writes; the first one makes an index, which serves once it has
        everything.
        """
        return DualWriter(
            self.catalog,
            partial(make_first, self.catalog, self.definition, self.store),
            partial(serve_first, self.catalog, self.definition, self.store),
            self.definition.fingerprint,
        )

    def synchroniser(self) -> Synchroniser:
        """What writes changes to the index that serves. Raises EngineUnavailable before anything is
        claimed when none can.

        A process that lives long makes documents by the mappings of the newest index, when the
        files are those by now.
        """
        if self._serving is None or self._synchroniser is None:
            self._serving = self.serving()
            self._synchroniser = Synchroniser(
                self.store, self._serving, self.builder, self._serving.idle
            )
        self._serving.writer()
        if self._read_again(self._serving.targets):
            self.forget_writer()
            return self.synchroniser()
        return self._synchroniser

    def _read_again(self, targets: Targets) -> bool:
        """Read the mappings anew, once for an index made from others than ours; True when they are
        its own now.
        """
        newest = targets.names()[-1]
        name = IndexName.parse(newest)
        if (
            name is None
            or name.fingerprint == self.definition.fingerprint
            or newest in self._read_for
        ):
            return False
        try:
            mappings = load_mappings(self.settings.mappings)
            definition = define(mappings)
        except MappingsError:  # an edit under way; `discovery mappings check` is where it is told
            return False
        self._read_for.add(newest)
        if definition.fingerprint != name.fingerprint:
            return False
        self.__dict__ |= {"mappings": mappings, "definition": definition}
        self.gazetteer.adopt(mappings.places)
        self.__dict__.pop("builder", None)
        return True

    def forget_writer(self) -> None:
        """Close the writer after trouble: the next synchroniser opens the index anew."""
        if self._serving is not None:
            self._serving.close()
        self._synchroniser = self._serving = None

    def close(self) -> None:
        """Let go of index and store; either is opened again when it is asked for."""
        self.forget_writer()
        if "store" in self.__dict__:
            self.store.dispose()
        if "catalog" in self.__dict__:
            self.catalog.close()

    @property
    def rebuild_needed(self) -> bool:
        """Whether the serving index was built from other mappings than today's, or none serves
        under this version's format and one does under another's.
        """
        serving = self.catalog.targets().serving
        if serving is None:
            return bool(self.catalog.foreign())
        return self.catalog.definition_of(serving).fingerprint != self.definition.fingerprint
