"""What tests make anew a thousand times, made once a process: a tenth of a run went into reading the same files."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from marshmallow import Schema

from discovery.config import Settings, yamlfile
from discovery.engine.analysis import Analysis
from indexer.store.engine import open_store
from indexer.store.migrate import migrate

_read = yamlfile.load
_compile = Analysis.from_settings
_known: dict[tuple[bytes, type[Schema]], Any] = {}


def remember_mappings() -> None:
    """A YAML file read again with the same content gives what it gave, and settings compiled again the same analysis:
    nobody changes either, all that serves shares them. What is at fault is read each time."""
    yamlfile.load = _load
    Analysis.from_settings = _compiled  # type: ignore[method-assign, assignment]


def _load(path: Path, schema: Schema) -> Any:
    if not path.is_file():
        return _read(path, schema)
    key = path.read_bytes(), type(schema)
    if key not in _known:
        _known[key] = _read(path, schema)
    return _known[key]


def _compiled(settings: Mapping[str, Any]) -> Analysis:
    try:
        text = json.dumps(settings)
    except (TypeError, ValueError):  # no settings at all, as a test of faults may have it
        return _compile(settings)
    return _compiled_once(text)


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
    file = Path(tempfile.mkdtemp(prefix="discovery-template-")) / "store.sqlite"
    store = open_store(f"sqlite:///{file}")
    migrate(store)
    store.dispose()  # the last connection folds the write-ahead log into the file
    return file
