"""The writing side, on a real node: versions, outcomes, and the same history told by both engines."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from urllib.parse import urlsplit

import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.definition import Definition
from discovery.engine.elasticsearch import (
    Connection,
    ElasticsearchEngine,
    ElasticsearchWriter,
    indices,
)
from discovery.engine.elasticsearch.catalog import DocumentSlot
from discovery.engine.embedded import EmbeddedWriter
from discovery.engine.port import Action, Document, SearchRequest, WriteStatus
from tests.contract import worlds
from tests.contract.corpus import delisted, supplier
from tests.elasticsearch import GROUP
from tests.examples import some

pytestmark = pytest.mark.xdist_group(GROUP)

INDEXED, DELETED, STALE = WriteStatus.INDEXED, WriteStatus.DELETED, WriteStatus.STALE
RETRY, DEAD = WriteStatus.RETRY, WriteStatus.DEAD


@pytest.fixture(scope="module")
def connection(elasticsearch_url: str) -> Iterator[Connection]:
    connection = Connection([elasticsearch_url], seconds=30)
    yield connection
    connection.close()


@pytest.fixture
def writer(connection: Connection, index_name: str, packaged: Definition) -> ElasticsearchWriter:
    indices.create(connection, index_name, packaged)
    return ElasticsearchWriter(connection, index_name, packaged)


def statuses(writer: ElasticsearchWriter, *actions: Action) -> list[WriteStatus]:
    return [outcome.status for outcome in writer.bulk(actions)]


def test_a_bad_document_does_not_keep_the_others_out(writer: ElasticsearchWriter) -> None:
    """One outcome per action, in order."""
    actions = [
        Action("a", 1, supplier("a")),
        Action("b", 1, supplier("b", colour="red")),
        Action("c", 1, supplier("other")),
        Action("d", 1, supplier("d", completeness="12")),
        Action("e", 1, supplier("e")),
    ]
    found = writer.bulk(actions)
    assert [(one.id, one.status) for one in found] == list(
        zip("abcde", [INDEXED, DEAD, DEAD, DEAD, INDEXED], strict=True)
    )
    assert "colour" in found[1].reason
    assert "other" in found[2].reason
    assert "completeness" in found[3].reason
    assert [*writer.versions()] == ["a", "e"]


def test_versions_page_through_live_ones_and_stubs(writer: ElasticsearchWriter) -> None:
    writer.bulk([Action(f"s{number}", number + 1, supplier(f"s{number}")) for number in range(5)])
    writer.bulk([Action("s3", 9, delisted("s3")), Action("s4", 9, None)])
    assert [*writer.versions(limit=2).items()] == [("s0", 1), ("s1", 2)]
    assert [*writer.versions(after="s1", limit=2).items()] == [("s2", 3), ("s3", 9)]
    assert writer.versions(after="s3") == {}
    assert writer.status().documents == 3


def test_another_definition_is_not_mixed_in(
    connection: Connection, writer: ElasticsearchWriter, packaged: Definition, index_name: str
) -> None:
    other = ElasticsearchWriter(
        connection, index_name, Definition(packaged.body, packaged.analysis, "another")
    )
    [outcome] = other.bulk([Action("a", 1, supplier("a"))])
    assert outcome.status is RETRY
    assert "rebuild" in outcome.reason
    assert writer.versions() == {}


def test_a_late_writer_brings_no_pruned_index_back(
    client: Elasticsearch, writer: ElasticsearchWriter, index_name: str
) -> None:
    """Elasticsearch makes the index that a bulk names, with a mapping that it guesses: ours must
    not be named so.
    """
    client.indices.delete(index=index_name)
    assert statuses(writer, Action("a", 1, supplier("a")), Action("b", 1, None)) == [RETRY, RETRY]
    assert not client.indices.exists(index=index_name)
    assert not client.indices.exists(index=indices.write_alias(index_name))


def test_of_many_who_note_first_where_no_index_is_one_does(
    connection: Connection, index_name: str
) -> None:
    def note(_: int) -> bool:
        return DocumentSlot(connection, index_name).write({"holder": "me"}, None)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(note, range(8))) == 1


@contextmanager
def narrow(url: str, most: int, status: int = 413) -> Iterator[str]:
    """A proxy before the engine that refuses requests of more than `most` bytes, as web servers in
    between do.
    """
    target = urlsplit(url)

    class Handler(BaseHTTPRequestHandler):
        def do_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if len(body) > most:
                self._answer(status, b"too large", "text/plain")
                return
            behind = HTTPConnection(target.netloc)
            kept = {
                name: self.headers[name]
                for name in ("Content-Type", "Accept")
                if name in self.headers
            }
            behind.request(self.command, self.path, body, kept)
            answer = behind.getresponse()
            self._answer(answer.status, answer.read(), answer.headers["Content-Type"])
            behind.close()

        do_GET = do_POST = do_PUT = do_any

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Not on the tests' output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_bulk_too_large_for_what_stands_before_the_engine_is_cut(
    elasticsearch_url: str, writer: ElasticsearchWriter, packaged: Definition, index_name: str
) -> None:
    """Halves are tried, down to the one document that is too large."""
    sizes = [10, 30_000, 10, 30_000, 60_000, 30_000, 10]
    actions = [
        Action(f"s{n}", 1, supplier(f"s{n}", public={"text": "x" * size}))
        for n, size in enumerate(sizes)
    ]
    with narrow(elasticsearch_url, 50_000) as url:
        through = ElasticsearchWriter(Connection([url], seconds=30), index_name, packaged)
        found = through.bulk([*actions, Action("bad", 1, supplier("other"))])
    assert [one.id for one in found] == [*(action.id for action in actions), "bad"]
    assert [one.status for one in found] == [INDEXED] * 4 + [DEAD] + [INDEXED] * 2 + [DEAD]
    assert "larger" in found[4].reason
    assert len(writer.versions()) == 6
    with narrow(elasticsearch_url, 50_000, status=403) as url:
        through = ElasticsearchWriter(Connection([url], seconds=30), index_name, packaged)
        (refused,) = through.bulk([actions[4]])
    assert refused.status is WriteStatus.RETRY
    assert "refused the bulk" in refused.reason


def test_what_was_written_is_soon_found_without_asking_for_it(
    elasticsearch_url: str, writer: ElasticsearchWriter, index_name: str
) -> None:
    """Elasticsearch makes writes searchable by itself; the generation tells when."""
    engine = ElasticsearchEngine(
        Connection([elasticsearch_url]), index_name, clock=iter(range(0, 10**9, 60)).__next__
    )
    before = engine.status()
    seen = {before.generation}
    for number in range(2):
        writer.bulk([Action("a", number + 1, supplier("a", name=f"Nom {number}"))])
        while (status := engine.status()).generation in seen:
            pass
        seen.add(status.generation)
        [hit] = engine.search(SearchRequest(facets=())).hits
        assert hit.document["public"]["name"] == f"Nom {number}"
    writer.bulk([Action("a", 9, None)])
    while (status := engine.status()).generation in seen - {before.generation}:
        pass
    assert (status.documents, status.generation) == (0, before.generation)


@st.composite
def histories(draw: st.DrawFn) -> list[list[Action]]:
    """Batches of writes and deletions over few ids, with repeated and older versions, some of them
    bad.
    """
    batches = []
    for _ in range(draw(st.integers(1, 6))):
        batch = []
        for _ in range(draw(st.integers(1, 6))):
            id_ = f"d{draw(st.integers(0, 5))}"
            document: Document | None = draw(
                st.one_of(worlds.documents(id_), worlds.documents(id_), st.none())
            )
            if document is not None and draw(st.integers(0, 9)) == 0:
                document |= draw(
                    st.sampled_from(
                        [
                            {"colour": "red"},
                            {"live": "perhaps"},
                            {"updated_at": "1/2/3"},
                            {"first_listed_at": "2026-01-01"},
                        ]
                    )
                )
            batch.append(Action(id_, draw(st.integers(0, 6)), document))
        batches.append(batch)
    return batches


@settings(max_examples=some(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(histories())
def test_a_history_has_the_same_outcomes_on_both_engines(
    connection: Connection, packaged: Definition, history: list[list[Action]]
) -> None:
    name = f"history-{os.getpid()}"
    connection.client.indices.delete(index=name, ignore_unavailable=True)
    indices.create(connection, name, packaged)
    real = ElasticsearchWriter(connection, name, packaged)
    with (
        TemporaryDirectory() as folder,
        closing(
            EmbeddedWriter(
                Path(folder) / "i", packaged.body, packaged.analysis, packaged.fingerprint
            )
        ) as embedded,
    ):
        for batch in history:
            mine, theirs = embedded.bulk(batch), real.bulk(batch)
            assert [(one.id, one.status) for one in theirs] == [
                (one.id, one.status) for one in mine
            ]
        assert [*real.versions().items()] == [*embedded.versions().items()]
        assert real.status().documents == embedded.status().documents
    connection.client.indices.delete(index=name)
