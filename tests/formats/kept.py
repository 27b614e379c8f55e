"""Kept indices, put where the settings look for one that serves."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from discovery.engine.elasticsearch.indices import write_alias
from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import Settings

HERE = Path(__file__).parent
NUMBERS = sorted(int(folder.name) for folder in HERE.iterdir() if folder.name.isdigit())
NAME = "0123456789abcdef-20260101-000000000000"
"""Of the index, behind its prefix: any fingerprint, any time."""

_numbers = count()


def answers(number: int) -> Any:
    return json.loads((HERE / str(number) / "answers.json").read_text(encoding="utf-8"))


def embedded(number: int, home: Path) -> Settings:
    settings = Settings(home=home)
    folder = IndexFolder(settings.index_path, settings.index_prefix)
    folder.path.mkdir(parents=True)
    name = f"{settings.index_prefix}-{NAME}"
    folder.file(name).write_bytes(gzip.decompress((HERE / str(number) / "embedded.sqlite.gz").read_bytes()))
    folder.promote(name)
    return settings


def elasticsearch(number: int, home: Path, url: str) -> Iterator[Settings]:
    prefix = f"kept-{os.getpid()}-{next(_numbers)}"
    kept = json.loads(gzip.decompress((HERE / str(number) / "elasticsearch.json.gz").read_bytes()))
    with Elasticsearch(url, request_timeout=60) as client:
        name = f"{prefix}-{NAME}"
        aliases: dict[str, Any] = {write_alias(name): {"is_write_index": True}, prefix: {}}
        client.indices.create(index=name, aliases=aliases, **kept["body"])
        done = client.bulk(index=name, operations=[kept["bulk"]], refresh=True)
        assert not done["errors"], done
        yield Settings(home=home, engine=url, index_prefix=prefix)
        for index in client.indices.get_alias(index=f"{prefix}-*"):
            client.indices.delete(index=index)
