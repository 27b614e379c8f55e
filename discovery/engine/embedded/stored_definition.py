"""What an index file says of itself, read without loading it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from discovery.engine import formats
from discovery.engine.definition import Definition, stored
from discovery.engine.embedded import store
from discovery.engine.port import EngineUnavailable

BUSY_SECONDS = 5.0


def stored_definition(file: Path) -> Definition:
    """The definition that the index at `file` was built with. Raises EngineUnavailable when the file can't be used."""
    try:
        with closing(store.connect(file, timeout=BUSY_SECONDS, writing=False)) as connection:
            meta = store.read_meta(connection, file)
    except sqlite3.Error as error:
        raise EngineUnavailable(f"the index file {file.name} can't be read: {error}") from error
    body = dict(meta.definition)
    formats.check(body, file.name)
    return stored(body, meta.fingerprint)
