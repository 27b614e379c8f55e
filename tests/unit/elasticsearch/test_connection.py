"""An engine that is away, slow or partial: told quickly, in words, and over as soon as it is back.
Real sockets.
"""

import json
import multiprocessing
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from elasticsearch import Elasticsearch, TransportError
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.breaker import Breaker
from discovery.engine.definition import Definition
from discovery.engine.elasticsearch import Connection, ElasticsearchEngine, ElasticsearchWriter
from discovery.engine.elasticsearch.connection import IndexMissingError, Quick, whole
from discovery.engine.elasticsearch.engine import STATUS_SECONDS, EngineWords
from discovery.engine.port import EngineUnavailable, SearchRequest
from tests.contract.corpus import supplier
from tests.door import Door
from tests.elasticsearch import GROUP, engine_of, index_of
from tests.servers import free_port
from tests.unit.indexer.processes import wait_for

REQUEST = SearchRequest(facets=())


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def nowhere() -> str:
    return f"http://127.0.0.1:{free_port()}"


def test_an_engine_that_is_away_is_said_to_be() -> None:
    engine = ElasticsearchEngine(Connection([nowhere()]), "suppliers")
    with pytest.raises(EngineUnavailable, match="can't be reached"):
        engine.search(REQUEST)
    status = engine.status()
    assert not status.ready
    assert "can't be reached" in status.reason


def test_a_silent_engine_is_not_waited_for() -> None:
    with (
        silent() as url,
        pytest.raises(EngineUnavailable, match=r"did not answer within 0\.2 seconds"),
    ):
        ElasticsearchEngine(Connection([url], seconds=0.2), "suppliers").search(REQUEST)


def test_nodes_share_the_time_that_one_has() -> None:
    assert [
        Connection(["http://a:1", "http://b:1"][:count], seconds=6).share for count in (1, 2)
    ] == [6, 3]


def test_after_some_failures_nobody_waits() -> None:
    """The breaker opens: later calls don't even try."""
    now = [0.0]
    breaker = Breaker(failures=3, seconds=2.0, clock=lambda: now[0])
    with silent() as url:
        connection = Connection([url], seconds=0.05, breaker=breaker)
        engine = ElasticsearchEngine(connection, "suppliers")
        said = []
        for _ in range(5):
            with pytest.raises(EngineUnavailable) as caught:
                engine.search(REQUEST)
            said.append(str(caught.value))
        assert ["within" in words for words in said] == [True, True, True, False, False]
        now[0] = 2.1
        with pytest.raises(EngineUnavailable, match="within"):
            engine.search(REQUEST)  # the one that may try
        with pytest.raises(EngineUnavailable, match="tried again"):
            engine.search(REQUEST)


@given(st.lists(st.sampled_from(["fail", "succeed", "wait"]), max_size=40))
def test_a_breaker_opens_on_failures_in_a_row_only(steps: list[str]) -> None:
    now, row, until = 0.0, 0, 0.0
    clock = [now]
    breaker = Breaker(failures=3, seconds=2.0, clock=lambda: clock[0])
    for step in steps:
        if step == "wait":
            clock[0] += 1.5
            continue
        allowed = breaker.allows()
        assert allowed is (row < 3 or clock[0] >= until)
        if not allowed:
            continue
        if step == "fail":
            breaker.failed()
            row, until = row + 1, clock[0] + 2.0
        else:
            breaker.succeeded()
            row = 0


def test_a_writer_that_can_not_reach_the_engine_is_not_made(packaged: Definition) -> None:
    with pytest.raises(EngineUnavailable):
        ElasticsearchWriter(Connection([nowhere()]), "suppliers", packaged)


WHOLE: dict[str, Any] = {
    "timed_out": False,
    "_shards": {"total": 2, "successful": 2, "skipped": 0, "failed": 0},
}
FAILURE = {"reason": {"type": "x", "reason": "the shard broke"}}


def test_a_whole_answer_passes() -> None:
    assert whole(WHOLE) == WHOLE
    assert whole({**WHOLE, "_shards": {"total": 2, "successful": 2, "skipped": 1, "failed": 0}})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"timed_out": True}, "too long"),
        (
            {
                "_shards": {
                    "total": 2,
                    "successful": 1,
                    "skipped": 0,
                    "failed": 1,
                    "failures": [FAILURE],
                }
            },
            "shard broke",
        ),
        (
            {"_shards": {"total": 2, "successful": 1, "skipped": 1, "failed": 0}},
            "part of the index",
        ),
        ({"error": {"reason": "all shards failed"}, "status": 503}, "all shards failed"),
    ],
)
def test_a_part_of_an_answer_is_none(change: dict[str, Any], why: str) -> None:
    """A count that lacks a shard is a wrong count."""
    with pytest.raises(EngineUnavailable, match=why):
        whole({**WHOLE, **change})


def test_an_index_that_is_missing_is_told_apart() -> None:
    with pytest.raises(IndexMissingError, match=r"no such index.*indexer rebuild"):
        whole({"error": {"reason": "no such index [x]"}, "status": 404})


@pytest.mark.xdist_group(GROUP)
class TestOnANode:
    def test_one_node_of_two_is_enough(self, elasticsearch_url: str, packaged: Definition) -> None:
        engine = engine_of(packaged, [supplier("a")])
        connection = Connection([nowhere(), elasticsearch_url, nowhere()])
        for _ in range(6):
            assert ElasticsearchEngine(connection, engine._alias).search(REQUEST).total == 1

    def test_a_silent_node_of_two_is_not_waited_for(
        self, elasticsearch_url: str, packaged: Definition
    ) -> None:
        """It has half of the time; then the other one is asked."""
        engine = engine_of(packaged, [supplier("a")])
        with silent() as url:
            searching = ElasticsearchEngine(
                Connection([url, elasticsearch_url], seconds=2), engine._alias
            )
            assert [searching.search(REQUEST).total for _ in range(4)] == [1] * 4
            assert searching.status().ready

    def test_a_write_is_never_sent_twice(self, elasticsearch_url: str) -> None:
        """To another node, because the first was slow: it may have done it."""
        with silent() as slow, silent() as other:
            connection = Connection([slow, other], seconds=0.2)
            with pytest.raises(EngineUnavailable, match=r"within 0\.2 seconds"):
                connection.call(lambda client: client.indices.create(index="twice"))

    def test_while_one_looks_the_others_go_on(
        self, elasticsearch_url: str, packaged: Definition
    ) -> None:
        """A slow engine makes one caller wait for its state, not a queue of them."""
        alias = engine_of(packaged, [supplier("a")])._alias
        now = [0.0]
        with Door(elasticsearch_url).standing() as door:
            engine = ElasticsearchEngine(
                Connection([door.url()], seconds=30), alias, clock=lambda: now[0]
            )
            known = engine.analysis()
            now[0] += STATUS_SECONDS
            door.close()
            with ThreadPoolExecutor(1) as pool:
                looking = pool.submit(engine.status)
                wait_for("the look", lambda: engine._looking)
                assert [engine.analysis() for _ in range(5)] == [known] * 5
                assert not looking.done()
                door.open()
                assert looking.result(timeout=60).ready

    @pytest.mark.parametrize(
        ("whole_", "part", "why"),
        [
            (b'"timed_out":false', b'"timed_out":true', "too long"),
            (b'"failed":0', b'"failed":1', "part of the index"),
        ],
    )
    def test_a_part_of_an_answer_is_no_page(
        self, elasticsearch_url: str, packaged: Definition, whole_: bytes, part: bytes, why: str
    ) -> None:
        alias = engine_of(packaged, [supplier("a")])._alias
        with Door(elasticsearch_url).standing() as door:
            engine = ElasticsearchEngine(Connection([door.url()]), alias)
            assert engine.search(REQUEST).total == 1
            door.change = lambda body: body.replace(whole_, part)
            with pytest.raises(EngineUnavailable, match=why):
                engine.search(REQUEST)
            assert not ElasticsearchEngine(Connection([door.url()]), alias).status().ready
            door.change = bytes
            assert engine.search(REQUEST).total == 1

    def test_the_words_of_another_index_come_without_waiting(
        self, elasticsearch_url: str, packaged: Definition, client: Elasticsearch, index_name: str
    ) -> None:
        """Those of the old one serve until the others are read."""
        old, new = (
            index_of(packaged, [supplier("a", name=name)]) for name in ("atelier", "menuiserie")
        )
        client.indices.put_alias(index=old, name=index_name)
        now = [0.0]
        engine = ElasticsearchEngine(
            Connection([elasticsearch_url]), index_name, clock=lambda: now[0]
        )
        assert (engine.words().count("atelier"), engine.words().count("menuiserie")) == (1, 0)
        moved = [
            {"remove": {"index": old, "alias": index_name}},
            {"add": {"index": new, "alias": index_name}},
        ]
        client.indices.update_aliases(actions=moved)
        now[0] += STATUS_SECONDS
        assert engine.words().count("atelier") == 1
        wait_for("its words", lambda: engine.words().count("menuiserie"))
        assert engine.words().count("atelier") == 0
        client.indices.delete_alias(index=new, name=index_name)

    def test_words_of_the_same_index_may_be_a_minute_behind(
        self, elasticsearch_url: str, packaged: Definition
    ) -> None:
        index, states = index_of(packaged, [supplier("a", name="atelier")]), count()
        words = EngineWords(
            Connection([elasticsearch_url]), index, lambda: (index, str(next(states)))
        )
        held = words._words()
        assert (words._words() is held, words._reading) == (True, False)

    def test_without_an_index_the_status_says_so(self, elasticsearch_url: str) -> None:
        engine = ElasticsearchEngine(Connection([elasticsearch_url]), "not-there")
        status = engine.status()
        assert (status.ready, status.documents) == (False, 0)
        assert "not-there" in status.reason
        with pytest.raises(IndexMissingError):
            engine.search(REQUEST)

    def test_a_forked_process_has_its_own_connection(
        self, elasticsearch_url: str, packaged: Definition
    ) -> None:
        """As a web server's workers do, which are forked from one that has searched already."""
        engine = engine_of(packaged, [supplier("a")])
        assert engine.search(REQUEST).total == 1

        def search() -> None:
            assert all(engine.search(REQUEST).total == 1 for _ in range(20))

        child = multiprocessing.get_context("fork").Process(target=search, daemon=True)
        child.start()
        search()
        child.join(60)
        assert child.exitcode == 0

    def test_closing_lets_go_of_the_client(self, elasticsearch_url: str) -> None:
        connection = Connection([elasticsearch_url])
        client = connection.client
        assert client.cluster.health()
        connection.close()
        with pytest.raises(TransportError):
            client.cluster.health()

    def test_a_request_that_is_refused_leaves_the_engine_in_use(
        self, elasticsearch_url: str, packaged: Definition
    ) -> None:
        """A page beyond the window is an error of that request, not of the engine."""
        engine = engine_of(packaged, [supplier("a")])
        for _ in range(10):
            with pytest.raises(EngineUnavailable, match="window is too large"):
                engine.search(SearchRequest(offset=10_000_000, facets=()))
        assert engine.search(REQUEST).total == 1

    def test_another_format_is_not_read(self, elasticsearch_url: str, packaged: Definition) -> None:
        mappings = {**packaged.body["mappings"], "_meta": {"format": 0}}
        old = Definition(
            {**packaged.body, "mappings": mappings}, packaged.analysis, packaged.fingerprint
        )
        with pytest.raises(EngineUnavailable, match=r"another format.*indexer rebuild"):
            engine_of(old, [])


@pytest.mark.parametrize(
    "mimetype", ["application/json", "application/vnd.elasticsearch+json;compatible-with=9"]
)
def test_answers_are_read_as_they_were_written(mimetype: str) -> None:
    client = Connection(["http://127.0.0.1:1"]).client
    read = client.transport.serializers.loads
    answer = {
        "took": 3,
        "hits": [{"_score": 1.25, "_source": {"name": "Éclair « à l'œuvre »", "none": None}}],
    }
    assert read(json.dumps(answer).encode(), mimetype) == answer
    assert read(b"", mimetype) is None
    kind = client.transport.serializers.get_serializer(mimetype)
    assert isinstance(kind, Quick)


@pytest.mark.parametrize(
    "line",
    [
        {"q": "Éclair « à l'œuvre »", "n": [1, 2.5, None, True]},
        {"q": "\ud83d"},
        {"n": 2**70},
        {7: "seven"},
    ],
)
def test_whatever_is_asked_is_written_a_line_each(line: dict[str, Any]) -> None:
    """Half a character and a long number too, which the quick way refuses."""
    client = Connection(["http://127.0.0.1:1"]).client
    lines = client.transport.serializers.dumps([{}, line], "application/vnd.elasticsearch+x-ndjson")
    assert lines.endswith(b"\n")
    first, second = lines.decode("utf-8", "surrogatepass").splitlines()
    assert (json.loads(first), json.loads(second)) == ({}, json.loads(json.dumps(line)))
