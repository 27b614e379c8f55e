"""What tests make anew a thousand times, made once a process: a tenth of a run went into reading the same files."""

import json
import shutil
import tempfile
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, cast
from weakref import WeakKeyDictionary

from marshmallow import Schema

from discovery import disk_cache
from discovery.engine.analysis import Analysis
from discovery.mappings import Settings, mappings, yamlfile
from discovery.mappings.vocabulary import Vocabulary
from discovery.phrase import Lexicon
from discovery.phrase.spelling.words import KnownWords, known_words
from discovery.places import Gazetteer
from discovery.places.groupings import Groupings
from discovery.places.model import NamedPlaces
from discovery.search import caches
from discovery.search.reasons import Terms
from indexer.store.engine import migrate, open_store
from tests.servers import leave_nothing

_read = yamlfile.load
_cached = disk_cache.cached
_packaged: dict[tuple[str, bytes], Any] = {}
_compile = Analysis.from_settings
_known: dict[tuple[bytes, type[Any]], Any] = {}
_read_words = Lexicon.from_vocabulary
_gather = Terms.compile
_for_queries = Analysis.of_queries
_whole: WeakKeyDictionary[Analysis, Analysis] = WeakKeyDictionary()
_know_words = known_words
_name = Groupings.naming
_last: defaultdict[str, deque[tuple[tuple[Any, ...], Any]]] = defaultdict(lambda: deque(maxlen=4))


def remember_mappings() -> None:
    """A YAML file or the package's folder read again with the same content gives what it gave, settings compiled again
    the same analysis, an equal vocabulary the same lexicon, words and terms, equal names of places the same groupings:
    nobody changes them, all that serves shares them. What is at fault is read each time."""
    yamlfile.load = _load  # type: ignore[assignment]
    mappings.cached = _kept  # type: ignore[attr-defined, assignment]
    Analysis.from_settings = _compiled  # type: ignore[method-assign, assignment]
    Lexicon.from_vocabulary = _lexicon  # type: ignore[method-assign]
    Terms.compile = _of_names  # type: ignore[method-assign]
    Analysis.of_queries = _of_queries  # type: ignore[method-assign, assignment]
    caches.known_words = _known_words  # type: ignore[attr-defined]
    Groupings.naming = _naming  # type: ignore[method-assign, assignment]


def _load(path: Path, schema: type[Any] | Schema, below: Path | None = None) -> Any:
    if below or not path.is_file():
        return _read(path, schema, below)
    key = path.read_bytes(), schema if isinstance(schema, type) else type(schema)
    if key not in _known:
        _known[key] = _read(path, schema)
    return _known[key]


def _kept(module: str, make: Callable[[], Any], *, folder: Path) -> Any:
    """A command reads the package's mappings anew: a tenth of a second of processor, a thousand times a run."""
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


def _equal(kind: str, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """What was made of an equal key, one of the last four of its kind."""
    for known, made in _last[kind]:
        if known == key:
            return made
    _last[kind].append((key, make()))
    return _last[kind][-1][1]


def _lexicon(vocabulary: Vocabulary) -> Lexicon:
    return cast(Lexicon, _equal("lexicon", (vocabulary,), partial(_read_words, vocabulary)))


def _known_words(vocabulary: Vocabulary, gazetteer: Gazetteer) -> KnownWords:
    return cast(KnownWords, _equal("words", (gazetteer.words, vocabulary), partial(_know_words, vocabulary, gazetteer)))


def _naming(official: Groupings, named: NamedPlaces) -> Groupings:
    return cast(Groupings, _equal("groupings", (official, named), partial(_name, official, named)))


def _of_names(vocabulary: Vocabulary, analyse: Callable[[str], Iterable[str]]) -> Terms:
    """Of an analysis and a language that `analyse` names; of any other function, anew."""
    if not isinstance(analyse, partial) or not isinstance(own := getattr(analyse.func, "__self__", None), Analysis):
        return _gather(vocabulary, analyse)
    key = _whole.get(own, own), *analyse.args, vocabulary
    return cast(Terms, _equal("terms", key, partial(_gather, vocabulary, analyse)))


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
