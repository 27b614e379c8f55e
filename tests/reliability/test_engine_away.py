"""Elasticsearch hangs, dies, comes back, loses a node: searchers never see an accident. Real
processes.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from discovery.engine.definition import define
from discovery.engine.elasticsearch import Connection, ElasticsearchWriter, connect, indices
from discovery.engine.port import Action, Document, WriteStatus
from discovery.mappings import Settings, load_mappings
from tests.elasticsearch import Cluster, EngineAbsentError, Node, absent
from tests.generated import documents
from tests.reliability.served import People, Served
from tools.bench.queries import NEEDS, TOWNS

pytestmark = pytest.mark.xdist_group(
    "away"
)  # nodes of its own: the shared one's tests take longest already

DEFINITION = define(load_mappings())
PHRASES = [f"{need} à 50 km de {town}" for need, town in zip(NEEDS, itertools.cycle(TOWNS))]
SECONDS_OF_TROUBLE = 4.0
SUPPLIERS = 200


def fill(connection: Connection, prefix: str, replicas: int) -> str:
    """An index of generated suppliers that serves."""
    index = f"{prefix}-1"
    aliases = [indices.alias(prefix)]
    indices.create(
        connection, index, DEFINITION, aliases=aliases, settings={"number_of_replicas": replicas}
    )
    writer = ElasticsearchWriter(connection, index, DEFINITION)
    outcomes = writer.bulk(Action(one["id"], 1, one) for one in documents(SUPPLIERS))
    assert {one.status for one in outcomes} == {WriteStatus.INDEXED}
    return index


def totals(served: Served) -> list[int]:
    """Of some searches; a process of the service that has not noticed yet that the engine is back
    may ask for time.
    """
    return [served.search(phrase, patience=2)[0].body["total"]["value"] for phrase in PHRASES[:10]]


def test_an_engine_that_hangs_or_dies_is_a_503_until_it_is_back(node: Node, tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path,
        engine=f"http://127.0.0.1:{node.settings['http.port']}",
        index_prefix="away",
        engine_timeout=1.0,
    )
    fill(connect(settings), "away", replicas=0)
    with Served.running(settings, tmp_path / "log") as served:
        served.wait_ready()
        before = totals(served)
        with People(served, PHRASES, rate=20).searching() as people:
            node.pause()
            served.wait_ready(False)
            time.sleep(SECONDS_OF_TROUBLE)
            node.resume()
            served.wait_ready()
            time.sleep(1)
            node.kill()
            served.wait_ready(False)
            node.start()
            served.wait_ready()
        after = totals(served)
    assert after == before
    assert set(people.statuses) == {200, 503}, people.statuses
    refused = [answer for answer in people.answers if answer.status == 503]
    # Who waits a second for a thread, while all of them wait for the engine, is refused as by any
    # full service.
    assert {answer.problem for answer in refused} <= {"problem-unavailable", "problem-overloaded"}
    assert all(answer.retry_after for answer in refused)
    assert served.traces() == 0


@dataclass
class Writing:
    """Writes `rate` documents a second as the indexer does: what is not settled is tried again,
    versions only grow.
    """

    writer: ElasticsearchWriter
    written: dict[str, int] = field(default_factory=dict)
    retried: int = 0
    dead: list[str] = field(default_factory=list)

    @contextmanager
    def going_on(self, rate: float) -> Iterator[Writing]:
        stop = threading.Event()

        def write() -> None:
            waiting: dict[str, Action] = {}
            for version, document in zip(itertools.count(2), itertools.cycle(documents(SUPPLIERS))):
                if stop.is_set() and not waiting:
                    return
                if not stop.is_set():
                    waiting[document["id"]] = Action(
                        document["id"], version, changed(document, version)
                    )
                if stop.wait(0 if stop.is_set() else 1 / rate) or len(waiting) >= rate / 4:
                    self._send(waiting)

        thread = threading.Thread(target=write)
        thread.start()
        try:
            yield self
        finally:
            stop.set()
            thread.join()

    def _send(self, waiting: dict[str, Action]) -> None:
        for outcome in self.writer.bulk(list(waiting.values())):
            if outcome.status is WriteStatus.RETRY:
                self.retried += 1
                continue
            action = waiting.pop(outcome.id)
            if outcome.status is WriteStatus.INDEXED:
                self.written[action.id] = action.version
            else:
                self.dead.append(f"{outcome.id}: {outcome.status} {outcome.reason}")


def changed(document: Document, version: int) -> Document:
    return document | {"fingerprint": f"v{version}"}


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    cluster = Cluster(3)
    try:
        cluster.start()
        yield cluster
    except EngineAbsentError as error:
        absent(error)
    finally:
        cluster.stop()


def test_a_node_of_three_dies_and_nobody_notices(cluster: Cluster, tmp_path: Path) -> None:
    """First the one that holds the primary shard, then the master, under searches and writes."""
    # Nothing hangs here: a long time keeps a busy machine from passing for a dead node.
    settings = Settings(
        home=tmp_path, engine=",".join(cluster.urls), index_prefix="three", engine_timeout=15
    )
    connection = connect(settings)
    index = fill(connection, "three", replicas=1)
    cluster.wait(3, "green")
    with Served.running(settings, tmp_path / "log") as served:
        served.wait_ready()
        before = totals(served)
        with (
            People(served, PHRASES, rate=20, patience=1).searching() as people,
            Writing(ElasticsearchWriter(connection, index, DEFINITION)).going_on(
                rate=20
            ) as writing,
        ):
            for victim in (cluster.holder_of_primary, cluster.master):
                time.sleep(2)
                node = cluster.nodes[victim(index)]
                node.kill()
                time.sleep(SECONDS_OF_TROUBLE)
                node.start()
                cluster.wait(3, "green")
        assert totals(served) == before
    stored = ElasticsearchWriter(connection, index, DEFINITION).held([*writing.written])
    held = {one.id: (one.version, one.document["fingerprint"]) for one in stored}
    print(
        f"{len(people.answers)} searches, {people.told_to_wait} told to come back; {writing.retried} writes retried"
    )
    assert people.refusals == {}
    assert served.traces() == 0
    assert writing.dead == []
    assert len(writing.written) > SUPPLIERS / 2
    assert held == {id_: (version, f"v{version}") for id_, version in writing.written.items()}
