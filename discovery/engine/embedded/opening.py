"""What an index file says of itself, read without loading it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from discovery.engine.definition import DOCUMENT_FORMAT, Definition, format_of, stored
from discovery.engine.embedded import store
from discovery.engine.port import EngineUnavailable

BUSY_SECONDS = 5.0


def stored_definition(file: Path) -> Definition:
    """The definition that the index at `file` was built with. EngineUnavailable when it can't be used."""
    try:
        with closing(store.connect(file, timeout=BUSY_SECONDS, writing=False)) as connection:
            meta = store.read_meta(connection, file)
    except sqlite3.Error as error:
        raise EngineUnavailable(f"the index file {file.name} can't be read: {error}") from error
    body = dict(meta.definition)
    if format_of(body) != DOCUMENT_FORMAT:
        raise EngineUnavailable(
            f"{file.name} holds documents of format {format_of(body)}, this version reads {DOCUMENT_FORMAT}: "
            "run `indexer rebuild`"
        )
    return stored(body, meta.fingerprint)
