"""Indices: made from a definition, and read back as the definition that they were made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from discovery.engine.definition import DOCUMENT_FORMAT, Definition, format_of, stored
from discovery.engine.elasticsearch.connection import Connection, IndexMissingError
from discovery.engine.elasticsearch.derived import index_body
from discovery.engine.port import EngineUnavailable

CREATE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Identity:
    """`uuid` is another for every index ever made, whatever its name."""

    index: str
    uuid: str


def create(connection: Connection, index: str, definition: Definition) -> None:
    """Make the index, empty, with its write alias. EngineUnavailable when it exists or can't be."""
    body = index_body(definition)
    connection.call(
        lambda client: client.options(request_timeout=CREATE_SECONDS).indices.create(
            index=index,
            settings=body["settings"],
            mappings=body["mappings"],
            aliases={write_alias(index): {"is_write_index": True}},
            wait_for_active_shards=1,
        )
    )


def write_alias(index: str) -> str:
    """Writers address an index by this alias of its own, and require that it is one.

    Elasticsearch makes an index that a bulk names and that is not there, guessing its mapping: a worker that is late
    would so bring back an index just pruned, as a ghost.
    """
    return f"{index}-write"


def identify(connection: Connection, name: str) -> Identity:
    """The index that a name, or an alias of one index, stands for."""
    answer = connection.call(lambda client: client.indices.get_settings(index=name, name="index.uuid"))
    if len(answer) != 1:
        raise IndexMissingError(f"{name} stands for {len(answer)} indices; it must stand for one")
    index, body = next(iter(answer.items()))
    return Identity(index, body["settings"]["index"]["uuid"])


def read_definition(connection: Connection, index: str) -> Definition:
    """What an index was built with. EngineUnavailable when it is of another format."""
    answer = connection.call(lambda client: client.indices.get(index=index))
    body = dict(next(iter(answer.values())))
    settings, mappings = body["settings"]["index"], body["mappings"]
    if format_of({"mappings": mappings}) != DOCUMENT_FORMAT:
        raise EngineUnavailable(
            f"{index} holds documents of format {format_of({'mappings': mappings})}, this version reads "
            f"{DOCUMENT_FORMAT}: run `indexer rebuild`"
        )
    meta = mappings["_meta"]
    return stored(
        {"settings": {"analysis": typed(settings["analysis"])}, "mappings": mappings}, meta.get("fingerprint", "")
    )


def typed(settings: Any) -> Any:
    """Settings come back with every scalar as text: true and false are put back."""
    if isinstance(settings, Mapping):
        return {name: typed(value) for name, value in settings.items()}
    return {"true": True, "false": False}.get(settings, settings) if isinstance(settings, str) else settings
