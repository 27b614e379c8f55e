"""Indices: made from a definition, and read back as the definition that they were made from."""

from collections.abc import Mapping, Sequence
from typing import Any

from elastic_transport import ObjectApiResponse
from elasticsearch import Elasticsearch, NotFoundError

from discovery.engine.definition import FORMAT, Definition, stored
from discovery.engine.elasticsearch.connection import Connection, IndexMissingError
from discovery.engine.elasticsearch.derived import index_body, own_mappings
from discovery.engine.elasticsearch.query.lookups import State
from discovery.engine.port import EngineStatus, EngineUnavailable
from discovery.model import dataclass

NAME = "elasticsearch"

CREATE_SECONDS = 60.0
RECOVERY_SECONDS = 600.0

FILLING: Mapping[str, Any] = {"refresh_interval": "-1", "number_of_replicas": 0}
"""Nobody searches an index that is being filled; a copy made afterwards is copied, not analysed
again.
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """An index that can't be taken for a later one of the same name.

    `uuid` is another for every index ever made, whatever its name.
    """

    index: str
    uuid: str

    def status(self, state: State, fingerprint: str) -> EngineStatus:
        """Of the index in this state, ready."""
        return EngineStatus(
            ready=True,
            engine=NAME,
            index=self.index,
            documents=state.documents,
            generation=f"{self.uuid}-{state.stamp}",
            fingerprint=fingerprint,
        )


def create(
    connection: Connection,
    index: str,
    definition: Definition,
    *,
    aliases: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Make the index, empty, with its write alias and these aliases, in one step. Raises
    EngineUnavailable when it exists.

    `settings` go before those of the definition.
    """
    body = index_body(definition)
    made = connection.call(
        lambda client: client.options(request_timeout=CREATE_SECONDS).indices.create(
            index=index,
            settings={**body["settings"], **(settings or {})},
            mappings=body["mappings"],
            aliases={
                write_alias(index): {"is_write_index": True},
                **{alias: {} for alias in aliases},
            },
            wait_for_active_shards=1,
        )
    )
    _acknowledged(made)


def finish(connection: Connection, index: str, definition: Definition) -> None:
    """Undo `FILLING`: wait for the copies that the cluster has room for, and make all that was
    written searchable.
    """
    settings = definition.body["settings"]
    wanted = {
        "refresh_interval": settings.get("refresh_interval"),
        "number_of_replicas": settings["number_of_replicas"],
    }
    connection.call(lambda client: client.indices.put_settings(index=index, settings=wanted))
    connection.call(
        lambda client: client.options(request_timeout=RECOVERY_SECONDS).cluster.health(
            index=index,
            wait_for_no_initializing_shards=True,
            wait_for_events="languid",
            timeout=f"{RECOVERY_SECONDS:.0f}s",
        )
    )
    connection.call(
        lambda client: client.options(request_timeout=RECOVERY_SECONDS).indices.refresh(index=index)
    )


def aliased(connection: Connection, alias: str, *others: str) -> list[list[str]]:
    """For each of the aliases, the indices that it stands for; all of one moment."""
    wanted = (alias, *others)
    found = connection.call(
        lambda client: client.options(ignore_status=404).indices.get_alias(name=",".join(wanted))
    )
    held = {index: body["aliases"] for index, body in found.items() if isinstance(body, Mapping)}
    return [sorted(index for index, names in held.items() if one in names) for one in wanted]


def move(
    connection: Connection, pattern: str, *, to: Mapping[str, str], off: Sequence[str] = ()
) -> None:
    """One atomic step: each alias of `to` stands for its index alone, those of `off` for none that
    fits the pattern.

    IndexMissingError, and nothing is moved, when one of the indices is not there.
    """
    taken = [
        {"remove": {"index": pattern, "alias": alias, "must_exist": False}} for alias in (*to, *off)
    ]
    given = [{"add": {"index": index, "alias": alias}} for alias, index in to.items()]

    def update(client: Elasticsearch) -> None:
        try:
            _acknowledged(client.indices.update_aliases(actions=[*taken, *given]))
        except NotFoundError:
            if given:  # else there was none to take off
                raise

    connection.call(update)


def _acknowledged(answer: ObjectApiResponse[Any]) -> None:
    """Every node must know of it: one that does not would have writers miss an index."""
    if not answer["acknowledged"]:
        raise EngineUnavailable(
            "not every node of the search engine answered in time; try again when all are well"
        )


def alias(prefix: str) -> str:
    """Stands for the index of this version's format that serves."""
    return f"{prefix}-format-{FORMAT}"


def write_alias(index: str) -> str:
    """Writers address an index by this alias of its own, and require that it is one.

    Elasticsearch makes an index that a bulk names and that is not there, guessing its mapping: a
    worker that is late would so bring back an index just pruned, as a ghost.
    """
    return f"{index}-write"


def identify(connection: Connection, name: str) -> Identity:
    """The index that a name, or an alias of one index, stands for."""
    answer = connection.ask(
        lambda client: client.indices.get_settings(index=name, name="index.uuid")
    )
    if len(answer) != 1:
        raise IndexMissingError(f"{name} stands for {len(answer)} indices; it must stand for one")
    index, body = next(iter(answer.items()))
    return Identity(index, body["settings"]["index"]["uuid"])


def read_definition(connection: Connection, index: str) -> Definition:
    """The definition that an index was built with, from its own settings and mappings. Raises
    ForeignFormatError.
    """
    answer = connection.ask(lambda client: client.indices.get(index=index))
    body: Mapping[str, Any] = next(iter(answer.values()))
    settings, mappings = body["settings"]["index"], body["mappings"]
    meta = mappings["_meta"]
    own = {
        "settings": {"analysis": typed(settings["analysis"])},
        "mappings": own_mappings(mappings),
    }
    return stored(index, own, meta.get("fingerprint", ""))


def typed(settings: Any) -> Any:
    """Settings come back with every scalar as text: true and false are put back."""
    if isinstance(settings, Mapping):
        return {name: typed(value) for name, value in settings.items()}
    return (
        {"true": True, "false": False}.get(settings, settings)
        if isinstance(settings, str)
        else settings
    )
