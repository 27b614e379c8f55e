"""What every way in needs (API, pages, command line), made once: settings, mappings, engine,
search, presenter.
"""

from functools import partial
from importlib import import_module
from typing import Any

from discovery.answers.search import Presenter
from discovery.engine.definition import Definition, define
from discovery.engine.factory import client_missing
from discovery.engine.port import EngineStatus, EngineUnavailable, SearchEngine, Searcher
from discovery.mappings import Mappings, Settings, SettingsError, load_mappings
from discovery.mappings.watched import WatchedFiles, watch_mappings
from discovery.model import dataclass, replace
from discovery.phrase.spelling.names import nearest_towns
from discovery.places import Gazetteer, gazetteer
from discovery.search import launch
from discovery.search.query import Cursors, Query
from discovery.search.service import SearchService
from discovery.search.suggest import SuggestService

PRIMERS = ("ménage près de grenobel", "ménage à lyonx", "ménage 69003")
"""Each needs a table of places that is made when first asked for: of misspelt names, of post codes.
"""


@dataclass(frozen=True, slots=True)
class Services:
    """Shared by threads and inherited by forked workers. `mappings`: those of the start, which
    `watch` keeps tuned.
    """

    settings: Settings
    mappings: Mappings
    watch: WatchedFiles[Mappings]
    definition: Definition
    engine: SearchEngine
    gazetteer: Gazetteer
    search: SearchService
    presenter: Presenter
    suggest: SuggestService
    cursors: Cursors

    @property
    def index(self) -> Searcher:
        """What is asked: the engine as it is at each call, or one state of it (`on`)."""
        return self.search.index

    def on(self, index: Searcher) -> "Services":
        """The same services, which ask one state of the index."""
        return replace(self, search=self.search.on(index))

    def status(self) -> EngineStatus:
        return self.index.status()

    def warm(self) -> None:
        """Read now what a first request would wait for: the index, the names of places, the
        vocabulary, the trades.
        """
        self.suggest.suggest("vileurb", types=("place", "kind"))
        nearest_towns("vileurb", self.gazetteer, 1)
        try:
            for phrase in PRIMERS:
                self.search.understand(Query(q=phrase))
            self.presenter.answer(
                self.search.search(Query(q="nettoyage de bureaux à Lyon", per_page=1))
            )
            self.search.learn_spellings()
        except EngineUnavailable:
            self.gazetteer.by_name("Lyon")


def make_services(
    settings: Settings | None = None,
    *,
    engine: SearchEngine | None = None,
    mappings: Mappings | None = None,
) -> Services:
    """Make the services; no index is needed yet. Raises SettingsError or MappingsError for a bad
    configuration.
    """
    settings = settings or Settings.from_env()
    mappings = mappings or load_mappings(settings.mappings)
    definition = define(mappings)

    def verify(found: Mappings) -> None:
        found.equivalences.compile(partial(definition.analysis.terms, "french"))

    # Faults of the equivalences are told at start, by file and line, rather than at the first
    # search.
    verify(mappings)
    watch = watch_mappings(mappings, verify)
    engine = engine or open_engine(settings)
    places = gazetteer().naming(mappings.places)
    scope = launch.read(settings.scope, mappings.vocabulary, places)

    def live() -> Mappings:
        found = watch.current()
        places.adopt(found.places)
        return found

    search = SearchService(engine, mappings, places, live=live, scope=scope)
    cursors = Cursors(settings.secret)
    return Services(
        settings=settings,
        mappings=mappings,
        watch=watch,
        definition=definition,
        engine=engine,
        gazetteer=places,
        search=search,
        presenter=Presenter(search, definition.fingerprint, settings.public_url, cursors.write),
        suggest=SuggestService(engine, mappings, places, scope),
        cursors=cursors,
    )


def assistants() -> Any:
    """The module that answers assistants. Raises SettingsError, with the extra to install, where it
    is not.
    """
    try:
        return import_module("discovery.http.mcp")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"mcp", "mcp_types", "pydantic"}:
            raise
    raise SettingsError(
        "The Model Context Protocol's package is not installed: pip install 'inclusive-discovery[mcp]'"
    )


def open_engine(settings: Settings) -> SearchEngine:
    """The engine that the settings name; it may be away, and its index come later. Raises
    SettingsError.
    """
    if settings.embedded:
        from discovery.engine.embedded import EmbeddedEngine
        from discovery.engine.embedded.folder import IndexFolder

        return EmbeddedEngine(IndexFolder(settings.index_path, settings.index_prefix).link)
    try:
        from discovery.engine.elasticsearch import ElasticsearchEngine, connect
        from discovery.engine.elasticsearch.indices import alias
    except ModuleNotFoundError as error:
        raise client_missing(error) from None
    return ElasticsearchEngine(connect(settings), alias(settings.index_prefix))
