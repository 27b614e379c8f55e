"""What tests make anew a thousand times, made once a process: a tenth of a run went into reading
the same files.
"""

import json
import shutil
import tempfile
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from marshmallow import Schema
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine.default import DefaultDialect

from discovery import disk_cache
from discovery.engine.analysis import Analysis
from discovery.mappings import Settings, mappings, yamlfile
from discovery.mappings.vocabulary import Vocabulary
from discovery.phrase import Lexicon
from discovery.phrase.spelling.words import KnownWords, known_words
from discovery.places import Gazetteer
from discovery.places.groupings import Groupings
from discovery.places.name_index import NameIndex
from discovery.search import caches, suggest
from discovery.search.reasons import Terms
from indexer.store import engine as store_engine
from indexer.store.engine import migrate, open_store
from tests.servers import leave_nothing

T = TypeVar("T")

_read = yamlfile.load
_cached = disk_cache.cached
_packaged: dict[tuple[str, bytes], Any] = {}
_compile = Analysis.from_settings
_known: dict[tuple[bytes, type[Any]], Any] = {}
_gather = Terms.compile
_for_queries = Analysis.of_queries
_whole: WeakKeyDictionary[Analysis, Analysis] = WeakKeyDictionary()
_know_words = known_words
_statements: dict[str, Any] = {}
_last: defaultdict[Callable[..., Any], deque[tuple[tuple[Any, ...], Any]]] = defaultdict(
    lambda: deque(maxlen=4)
)


def remember_mappings() -> None:
    """A YAML file or the package's folder read again with the same content gives what it gave,
    settings compiled again the same analysis, an equal vocabulary the same lexicon, words, terms
    and things, equal names of places the same groupings, a statement the same SQL: nobody changes
    them, all that serves shares them. What is at fault is read each time.
    """
    yamlfile.load = _load  # type: ignore[assignment]
    mappings.cached = _kept  # type: ignore[attr-defined, assignment]
    Analysis.from_settings = _compiled  # type: ignore[method-assign, assignment]
    Lexicon.from_vocabulary = _once(Lexicon.from_vocabulary)  # type: ignore[method-assign]
    Terms.compile = _of_names  # type: ignore[method-assign]
    Analysis.of_queries = _of_queries  # type: ignore[method-assign, assignment]
    caches.known_words = _known_words  # type: ignore[attr-defined]
    suggest.Things = _once(suggest.Things)  # type: ignore[misc, assignment]
    Groupings.naming = _once(Groupings.naming)  # type: ignore[method-assign, assignment]
    NameIndex.of_towns = _once(NameIndex.of_towns)  # type: ignore[method-assign, assignment]
    store_engine.create_engine = _engine  # type: ignore[attr-defined]
    DefaultDialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign]
    DefaultDialect.__hash__ = lambda one: hash(type(one))  # type: ignore[assignment, method-assign]


def _load(path: Path, schema: type[Any] | Schema, below: Path | None = None) -> Any:
    if below or not path.is_file():
        return _read(path, schema, below)
    key = path.read_bytes(), schema if isinstance(schema, type) else type(schema)
    if key not in _known:
        _known[key] = _read(path, schema)
    return _known[key]


def _kept(module: str, make: Callable[[], Any], *, folder: Path) -> Any:
    """A command reads the package's mappings anew: a tenth of a second of processor, a thousand
    times a run.
    """
    key = module, disk_cache._state(folder)
    if key not in _packaged:
        _packaged[key] = _cached(module, make, folder=folder)
    return _packaged[key]


def _compiled(settings: Mapping[str, Any]) -> Analysis:
    try:
        text = json.dumps(settings)
    except (TypeError, ValueError):  # no settings at all, as a test of faults may have it
        return _compile(settings)
    return _compiled_once(text)


def _engine(*given: Any, **options: Any) -> Engine:
    """Each compiles its statements once: of one file a thousand times, as a test has its own."""
    made = create_engine(*given, **options)
    made._compiled_cache = _statements.setdefault(made.name, made._compiled_cache)
    return made


def _equal(key: tuple[Any, ...], make: Callable[..., T], *given: Any) -> T:
    """What was made of an equal key, one of the last four."""
    for known, made in _last[make]:
        if known == key:
            return cast(T, made)
    _last[make].append((key, make(*given)))
    return cast(T, _last[make][-1][1])


def _once(make: Callable[..., T]) -> Callable[..., T]:
    return lambda *given: _equal(given, make, *given)


def _known_words(vocabulary: Vocabulary, gazetteer: Gazetteer) -> KnownWords:
    return _equal((gazetteer.words, vocabulary), _know_words, vocabulary, gazetteer)


def _of_names(vocabulary: Vocabulary, analyse: Callable[[str], Iterable[str]]) -> Terms:
    """Of an analysis and a language that `analyse` names; of any other function, anew."""
    if not isinstance(analyse, partial) or not isinstance(
        own := getattr(analyse.func, "__self__", None), Analysis
    ):
        return _gather(vocabulary, analyse)
    return _equal((_whole.get(own, own), *analyse.args, vocabulary), _gather, vocabulary, analyse)


def _of_queries(analysis: Analysis) -> Analysis:
    made = _for_queries(analysis)
    _whole[made] = _whole.get(analysis, analysis)
    return made


@lru_cache(64)
def _compiled_once(text: str) -> Analysis:
    return _compile(json.loads(text))


def migrated(settings: Settings) -> Settings:
    """The settings of an empty store, made by our own migrations."""
    settings.home.mkdir(parents=True, exist_ok=True)
    shutil.copy(empty_store(), settings.home / "store.sqlite")
    return settings


@cache
def empty_store() -> Path:
    """A migrated SQLite file, to copy."""
    folder = Path(tempfile.mkdtemp(prefix="discovery-template-"))
    leave_nothing(folder=folder)
    file = folder / "store.sqlite"
    store = open_store(f"sqlite:///{file}")
    migrate(store)
    store.dispose()  # the last connection folds the write-ahead log into the file
    return file
