"""What tests make anew a thousand times, made once a process: a tenth of a run went into reading the same files."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from marshmallow import Schema

from discovery.config import Settings, yamlfile
from indexer.store.engine import open_store
from indexer.store.migrate import migrate

_read = yamlfile.load
_known: dict[tuple[bytes, type[Schema]], Any] = {}


def remember_mappings() -> None:
    """A YAML file read again with the same content gives what it gave, which nobody changes: all that serves shares it.
    One at fault is read each time."""
    yamlfile.load = _load


def _load(path: Path, schema: Schema) -> Any:
    if not path.is_file():
        return _read(path, schema)
    key = path.read_bytes(), type(schema)
    if key not in _known:
        _known[key] = _read(path, schema)
    return _known[key]


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
