"""Look-ups, words, status; and how a reader follows its file."""

import gc
import json
import math
import multiprocessing
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from threading import Event
from typing import Any
from weakref import ref

import pytest

from discovery.engine.embedded import EmbeddedEngine, EmbeddedWriter, snapshot
from discovery.engine.port import (
    Action,
    Alternative,
    Document,
    EngineUnavailable,
    Filters,
    Grid,
    Order,
    SearchRequest,
    TextQuery,
    Word,
    WriteStatus,
)
from tests.contract.worlds import DEFINITION, Split


def write(writer: EmbeddedWriter, *documents: Document, version: int = 1) -> None:
    outcomes = writer.bulk(Action(document["id"], version, document) for document in documents)
    assert {outcome.status for outcome in outcomes} == {WriteStatus.INDEXED}, outcomes


def live(id_: str, **fields: Any) -> Document:
    return {"id": id_, "live": True, **fields}


def text(*tokens: str, fields: tuple[tuple[str, float], ...] = (("name", 1.0),)) -> TextQuery:
    words = tuple(Word(token, (Alternative(token),)) for token in tokens)
    return TextQuery(words, len(words), fields, 0.0)


def ids(documents: list[Document]) -> list[str]:
    return [document["id"] for document in documents]


def test_get_by_id_slug_or_former_slug(writer: EmbeddedWriter, engine: EmbeddedEngine) -> None:
    write(
        writer,
        live("a", slug="alpha", former_slugs=["old", "older"]),
        live("b", slug="old"),
        {"id": "gone", "live": False, "slug": "vanished", "former_slugs": ["older"]},
        live("alpha", slug="first"),
    )
    for key, id_ in {
        "a": "a",
        "old": "b",
        "older": "a",
        "vanished": "gone",
        "alpha": "alpha",
        "first": "alpha",
    }.items():
        found = engine.get(key)
        assert found is not None, key
        assert found["id"] == id_
    assert engine.get("never") is None
    write(writer, live("a", slug="alpha"), version=2)
    found = engine.get("older")
    assert found is not None
    assert found["id"] == "gone"


def test_by_siret_lists_live_suppliers_of_an_establishment_or_company(
    writer: EmbeddedWriter, engine: EmbeddedEngine
) -> None:
    write(
        writer,
        live("b", siret="12345678900011", siren="123456789"),
        live("a", siret="12345678900011", siren="123456789"),
        live("c", siret="12345678900029", siren="123456789"),
        {"id": "d", "live": False, "siret": "12345678900011", "siren": "123456789"},
    )
    assert ids(engine.by_siret("12345678900011")) == ["a", "b"]
    assert ids(engine.by_siret("123456789")) == ["a", "b", "c"]
    assert engine.by_siret("12345") == []


def test_names_by_prefix_of_any_word_or_of_a_siret(
    writer: EmbeddedWriter, engine: EmbeddedEngine
) -> None:
    write(
        writer,
        live("a", name="Net Plus", completeness=10),
        live("b", name="Atelier", brand="Plusieurs nettoyeurs", completeness=90),
        live("c", name="Netteté", siret="40012345600011"),
        live("d", name="Autre", description="net", completeness=50),
        {"id": "e", "live": False, "name": "Net"},
        live("f", name="net", completeness=90),
    )
    assert ids(engine.names("net")) == ["b", "f", "a", "c"]
    assert ids(engine.names("NET")) == ["b", "f", "a", "c"]
    assert ids(engine.names("net", limit=2)) == ["b", "f"]
    assert ids(engine.names("net pl")) == ["a"]
    assert ids(engine.names("plus net")) == ["a"]
    assert ids(engine.names("plusieurs n")) == ["b"]
    assert ids(engine.names("400 123")) == ["c"]
    assert engine.names("zzz") == []
    assert engine.names(" ") == []
    write(writer, live("b", name="Atelier"), version=2)
    assert ids(engine.names("net")) == ["f", "a", "c"]


def test_words_count_live_documents_and_follow_every_change(
    writer: EmbeddedWriter, engine: EmbeddedEngine
) -> None:
    words = engine.words()
    write(
        writer,
        live("a", name="Vitrerie vitrerie", description="menuiserie"),
        live("b", offers=["vitrerie", "peinture"]),
        {"id": "c", "live": False, "name": "vitrerie"},
    )
    assert [words.count(word) for word in ("vitrerie", "menuiserie", "rien", "EI")] == [2, 1, 0, 0]
    assert words.near("vitreri") == [("vitrerie", 2)]
    write(writer, live("b", offers=["vitreries"]), version=2)
    assert words.count("vitrerie") == 1
    assert words.near("vitreri") == [("vitrerie", 1)]
    assert words.near("vitrerie") == [("vitreries", 1)]
    assert words.near("vitreriess") == [("vitreries", 1)]
    writer.bulk([Action("b", 3, None)])
    assert words.count("vitreries") == 0
    assert words.near("vitreriess") == []
    engine.merge()
    assert words.near("vitreri") == [("vitrerie", 1)]


def test_a_score_is_lucenes(writer: EmbeddedWriter, engine: EmbeddedEngine) -> None:
    """By hand, for two documents that have a description (k1 1.2, b 0.75) and one that has none."""
    write(
        writer,
        live("a", description="x x y"),
        live("b", description="y z z z z"),
        live("c", name="x"),
    )
    (hit,) = engine.search(
        SearchRequest(text=text("x", fields=(("description", 2.0),)), order=Order.RELEVANCE)
    ).hits
    idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    assert hit.score == pytest.approx(
        2.0 * 2.2 * idf * 2 / (2 + 1.2 * (1 - 0.75 + 0.75 * 3 / 4)), rel=1e-12
    )


def test_before_the_first_build_the_engine_says_so(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path / "suppliers.sqlite", Split())
    status = engine.status()
    assert not status.ready
    assert "rebuild" in status.reason
    with pytest.raises(EngineUnavailable, match="rebuild"):
        engine.search(SearchRequest())
    with closing(EmbeddedWriter(tmp_path / "suppliers.sqlite", DEFINITION, Split(), "f")):
        assert engine.status().ready
        assert engine.search(SearchRequest()).total == 0


def test_a_damaged_file_is_unavailable_not_a_crash(tmp_path: Path) -> None:
    file = tmp_path / "suppliers.sqlite"
    file.write_bytes(b"not a database at all, only words. " * 100)
    engine = EmbeddedEngine(file, Split())
    with pytest.raises(EngineUnavailable, match=r"suppliers\.sqlite"):
        engine.search(SearchRequest())
    file.write_bytes(b"")
    assert "rebuild" in engine.status().reason


@pytest.mark.parametrize("change", ["one text field more", "one less", "cut short"])
def test_rows_of_another_mapping_are_refused_not_misread(
    path: Path, writer: EmbeddedWriter, engine: EmbeddedEngine, change: str
) -> None:
    """A writer that lies about its mappings: the fingerprint is the guard, this is the wall behind
    it.
    """
    write(writer, live("a", name="x"))
    assert engine.search(SearchRequest()).total == 1
    definition = json.loads(json.dumps(DEFINITION))
    properties = definition["mappings"]["properties"]
    if change == "one less":
        del properties["brand"]
    elif change == "one text field more":
        properties["motto"] = properties["brand"]
    with closing(EmbeddedWriter(path, definition, Split(), "f1")) as liar:
        write(liar, live("b", name="x"))
    if change == "cut short":
        with closing(sqlite3.connect(path)) as file, file:
            file.execute("UPDATE documents SET packed = substr(packed, 1, 8) WHERE id = 'b'")
    with pytest.raises(EngineUnavailable, match="rebuild"):
        engine.search(SearchRequest())
    assert "rebuild" in engine.status().reason
    with pytest.raises(EngineUnavailable, match="rebuild"):
        EmbeddedEngine(path, Split()).search(SearchRequest())


def test_a_searcher_that_ended_keeps_no_state(
    writer: EmbeddedWriter, engine: EmbeddedEngine
) -> None:
    write(writer, live("a"))
    with engine.searcher() as index:
        assert index.search(SearchRequest()).total == 1
        snapshot = engine._reader._snapshot
        assert snapshot is not None
        seen = ref(snapshot)
        del snapshot
    write(writer, live("b"))
    assert engine.search(SearchRequest()).total == 2
    gc.collect()
    assert seen() is None, "what remembers the searcher (a phrase understood) holds no index"
    assert index.status().engine == "embedded"


def test_a_searcher_sees_one_state_and_holds_nobody_up(
    writer: EmbeddedWriter, engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discovery.engine.embedded.engine.BATCH", 3)
    write(writer, *(live(f"d{number}") for number in range(7)))
    with ThreadPoolExecutor(1) as pool, engine.searcher() as index:
        assert index.search(SearchRequest()).total == 7
        write(writer, live("e"), live("f"))

        def answer() -> int:
            with engine.searcher() as other:
                return other.search(SearchRequest()).total

        assert pool.submit(answer).result(timeout=30) == 9, (
            "while nothing is read, answers are given"
        )
        assert (index.search(SearchRequest()).total, index.status().documents) == (7, 7)
        total, hits = index.walk(SearchRequest(order=Order.ID, size=100))
        found = [next(hits)]
        assert pool.submit(answer).result(timeout=30) == 9, (
            "while a document is used, answers are given"
        )
        found += hits
        assert (total, [hit.id for hit in found]) == (7, [f"d{number}" for number in range(7)])
        assert pool.submit(lambda: engine.status().documents).result(timeout=30) == 9
    assert engine.search(SearchRequest()).total == 9


@pytest.mark.parametrize("every", [1, 2, 3, 9, 10])
def test_milestones_are_each_so_many_of_those_found(
    writer: EmbeddedWriter, engine: EmbeddedEngine, every: int
) -> None:
    write(writer, *(live(f"d{number}", kind="EI") for number in range(6)), live("d05", kind="EA"))
    assert engine.status().documents == 7
    write(
        writer, live("d15", kind="EI"), live("c", kind="EI"), live("e", kind="EI")
    )  # in a segment of their own
    request = SearchRequest(filters=Filters(kind=("EI",)), order=Order.ID, size=100)
    with engine.searcher() as index:
        ids = [hit.id for hit in index.search(request).hits]
        assert len(ids) == 9
        assert index.milestones(request, every) == [(None, id_) for id_ in ids[every - 1 :: every]]


def test_who_watches_does_not_wait_while_an_index_is_loaded(
    writer: EmbeddedWriter, engine: EmbeddedEngine
) -> None:
    write(writer, live("a"))
    before = engine.status()
    write(writer, live("b"))
    with engine._reader._lock, ThreadPoolExecutor(1) as pool:  # as a thread that loads holds it
        assert pool.submit(engine.status).result(timeout=30) == before
    assert engine.status().documents == 2


@pytest.mark.parametrize("kept", [4_096, 1, 0])
def test_a_map_shows_suppliers_as_they_are_however_many_it_keeps(
    writer: EmbeddedWriter, engine: EmbeddedEngine, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "MAX_SHOWN", kept)

    def located(id_: str, name: str) -> Document:
        point = {"lat": 45.7, "lon": 4.8}
        public = {"id": id_, "name": name, "location": point, "description": "long"}
        return live(id_, kind="EI", location=point, public=public)

    def shown() -> list[tuple[str, str]]:
        [one] = engine.clusters(SearchRequest(), Grid(10, few=5)).clusters
        return [(document["public"]["name"], document["kind"]) for document in one.suppliers]

    write(writer, located("a", "before"), located("b", "other"))
    assert shown() == shown() == [("before", "EI"), ("other", "EI")]
    write(writer, located("a", "after"), version=2)
    assert shown() == [("after", "EI"), ("other", "EI")]
    writer.bulk([Action("b", 2, None)])
    assert shown() == [("after", "EI")]


def test_a_searcher_that_finds_no_index_says_so_and_ends(tmp_path: Path) -> None:
    path = tmp_path / "later.sqlite"
    engine = EmbeddedEngine(path)
    with engine.searcher() as index:
        with pytest.raises(EngineUnavailable):
            index.search(SearchRequest())
        writer = EmbeddedWriter(path, DEFINITION, Split(), "f1")
        write(writer, live("a"))
        assert index.search(SearchRequest()).total == 1
    write(writer, live("b"))
    with suppress(RuntimeError), engine.searcher() as index:
        assert index.search(SearchRequest()).total == 2
        raise RuntimeError
    write(writer, live("c"))
    assert engine.search(SearchRequest()).total == 3
    writer.close()


def test_connections_are_used_again_and_close_with_the_engine(
    writer: EmbeddedWriter, engine: EmbeddedEngine
) -> None:
    write(writer, live("a"))
    idle = engine._reader._idle
    for _ in range(3):
        assert engine.search(SearchRequest()).total == 1
    assert len(idle) == 1
    with engine.searcher() as index:
        assert index.search(SearchRequest()).total == engine.search(SearchRequest()).total == 1
    assert len(idle) == 2, "one a look at the same time"
    engine.close()
    assert idle == []
    assert engine.search(SearchRequest()).total == 1


def test_the_alias_moves_and_the_next_query_follows(tmp_path: Path) -> None:
    alias = tmp_path / "suppliers.sqlite"
    for name in ("one", "two"):
        with closing(
            EmbeddedWriter(tmp_path / f"{name}.sqlite", DEFINITION, Split(), name)
        ) as writer:
            write(writer, live(name, name=name))
    alias.symlink_to("one.sqlite")
    engine = EmbeddedEngine(alias, Split())
    assert [hit.id for hit in engine.search(SearchRequest()).hits] == ["one"]
    assert engine.words().count("one") == 1
    fresh = tmp_path / "fresh"
    fresh.symlink_to("two.sqlite")
    os.replace(fresh, alias)
    assert [hit.id for hit in engine.search(SearchRequest()).hits] == ["two"]
    assert engine.status().fingerprint == "two"
    assert (engine.words().count("one"), engine.words().count("two")) == (0, 1)
    assert engine.words().near("twoo") == [("two", 1)]
    (tmp_path / "one.sqlite").unlink()
    assert engine.search(SearchRequest()).total == 1
    engine.close()


def test_many_changes_are_merged_in_the_background(path: Path, writer: EmbeddedWriter) -> None:
    engine = EmbeddedEngine(path, Split())
    for start in range(0, 1500, 100):
        write(writer, *(live(f"d{number:04}", kind="EI") for number in range(start, start + 100)))
        page = engine.search(SearchRequest(filters=Filters(kind=("EI",)), size=3))
        assert page.total == start + 100
        assert [hit.id for hit in page.hits] == ["d0000", "d0001", "d0002"]
    engine.close()


def test_threads_share_an_engine_while_another_writes(path: Path, writer: EmbeddedWriter) -> None:
    """Every document of a batch has the batch's number: a total that is no multiple of ten is half
    a batch.
    """
    engine = EmbeddedEngine(path, Split())

    def read(_: int) -> set[int]:
        totals = set()
        for _turn in range(40):
            page = engine.search(SearchRequest(text=text("x"), order=Order.RELEVANCE, size=100))
            assert len(page.hits) == min(page.total, 100)
            assert all(hit.document["live"] for hit in page.hits)
            totals.add(page.total)
        return totals

    with ThreadPoolExecutor(4) as pool:
        reading = [pool.submit(read, number) for number in range(4)]
        for batch in range(20):
            write(writer, *(live(f"d{batch:02}{number}", name="x") for number in range(10)))
        totals = set().union(*(one.result() for one in reading))
    assert all(total % 10 == 0 for total in totals)
    assert engine.search(SearchRequest()).total == 200
    engine.close()


def _search_in_child(engine: EmbeddedEngine, answers: Any) -> None:
    with engine.searcher() as index:
        answers.put(index.search(SearchRequest()).total)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_engine_survives_a_fork(writer: EmbeddedWriter, engine: EmbeddedEngine) -> None:
    """As in a web server that loads the application before it forks its workers."""
    write(writer, live("a"))
    assert engine.search(SearchRequest()).total == 1
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(target=_search_in_child, args=(engine, answers))
    with engine.searcher() as index:  # whose thread is not there in the child
        assert index.search(SearchRequest()).total == 1
        child.start()
    write(writer, live("b"))
    assert answers.get(timeout=30) in (1, 2)
    child.join(30)
    assert child.exitcode == 0
    assert engine.search(SearchRequest()).total == 2


def test_one_merge_goes_on_at_a_time(
    path: Path, writer: EmbeddedWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EmbeddedEngine(path, Split())
    write(writer, live("a"))
    begun, may_end = list[snapshot.Reader](), Event()

    def slow(reader: snapshot.Reader) -> None:
        begun.append(reader)
        may_end.wait(30)

    monkeypatch.setattr(snapshot.Reader, "merge", slow)
    monkeypatch.setattr(snapshot.Snapshot, "merge_due", True)
    for _ in range(9):
        engine.search(SearchRequest())
    may_end.set()
    assert len(begun) == 1
    engine.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_fork_waits_for_a_merge(
    path: Path, writer: EmbeddedWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child forked while another thread is within SQLite would wait for its mutex for ever."""
    engine = EmbeddedEngine(path, Split())
    write(writer, live("a"))
    begun, ended = Event(), Event()

    def slow(_: snapshot.Reader) -> None:
        begun.set()
        ended.wait(0.2)  # nobody sets it: merges take a moment
        ended.set()

    monkeypatch.setattr(snapshot.Reader, "merge", slow)
    monkeypatch.setattr(snapshot.Snapshot, "merge_due", True)
    assert engine.search(SearchRequest()).total == 1
    assert begun.wait(30)
    child = os.fork()
    if child == 0:
        os._exit(0 if ended.is_set() else 1)
    assert os.waitpid(child, 0)[1] == 0
    engine.close()


def test_documents_come_back_as_they_were_written_but_for_what_is_only_searched(
    writer: EmbeddedWriter, engine: EmbeddedEngine
) -> None:
    document = live(
        "é",
        name=["Élan", "x"],
        public={"prix": 1.5, "liste": [None, True]},
        location={"lat": 1, "lon": 2},
    )
    write(writer, document)
    (hit,) = engine.search(SearchRequest()).hits
    del document["name"]  # listed in `_source.excludes`
    assert hit.document == json.loads(json.dumps(document))
