"""What becomes of each action, and that a batch is written whole or not at all."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from discovery.engine.embedded import EmbeddedEngine, EmbeddedWriter, store
from discovery.engine.embedded import writer as writer_module
from discovery.engine.embedded.prepare import pack
from discovery.engine.port import (
    Action,
    Alternative,
    Document,
    EngineUnavailable,
    SearchRequest,
    TextQuery,
    Word,
    WriteStatus,
)
from tests.contract.worlds import DEFINITION, Split

INDEXED, DELETED, STALE, RETRY, DEAD = (
    WriteStatus.INDEXED, WriteStatus.DELETED, WriteStatus.STALE, WriteStatus.RETRY, WriteStatus.DEAD,
)  # fmt: skip


def document(id_: str, **fields: Any) -> Document:
    return {"id": id_, "live": True, **fields}


def statuses(writer: EmbeddedWriter, *actions: Action) -> list[WriteStatus]:
    outcomes = writer.bulk(actions)
    assert [outcome.id for outcome in outcomes] == [action.id for action in actions]
    return [outcome.status for outcome in outcomes]


def finding(token: str) -> SearchRequest:
    word = Word(token, (Alternative(token),))
    return SearchRequest(text=TextQuery((word,), 1, (("name", 1.0),), 0.0))


def test_the_higher_version_stays_and_an_equal_one_replaces(
    writer: EmbeddedWriter, engine: EmbeddedEngine
) -> None:
    assert statuses(writer, Action("a", 5, document("a", kind="EI"))) == [INDEXED]
    assert statuses(writer, Action("a", 4, document("a", kind="EA"))) == [STALE]
    assert engine.get("a") == document("a", kind="EI")
    assert statuses(writer, Action("a", 5, document("a", kind="ESAT"))) == [INDEXED]
    assert engine.get("a") == document("a", kind="ESAT")


def test_one_batch_may_name_an_id_more_than_once(
    writer: EmbeddedWriter, engine: EmbeddedEngine
) -> None:
    assert statuses(
        writer,
        Action("a", 2, document("a", kind="EI")),
        Action("a", 1, document("a", kind="EA")),
        Action("b", 1, document("b")),
        Action("a", 3, document("a", kind="ESAT", former_slugs=["x", "x"])),
        Action("b", 2, None),
    ) == [INDEXED, STALE, INDEXED, INDEXED, DELETED]
    assert engine.get("a") == document("a", kind="ESAT", former_slugs=["x", "x"])
    assert engine.get("b") is None
    assert writer.versions() == {"a": 3}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"colour": "red"}, "colour: no such field in the mapping, which is strict"),
        ({"activities": [{"size": 3}]}, "activities.size: no such field"),
        ({"kind": 3}, "kind: expected text, got 3"),
        ({"kind": ["EI", None]}, "kind: expected text, got None"),
        ({"siret": ["1"]}, "siret: expected text"),
        ({"name": {"fr": "x"}}, "name: expected text"),
        ({"completeness": "90"}, "completeness: expected a whole number"),
        ({"completeness": True}, "completeness: expected a whole number"),
        ({"completeness": 2**31}, "completeness: expected a whole number of 32 bits"),
        ({"live": "yes"}, "live: expected true or false"),
        ({"updated_at": "2026-02-30"}, "updated_at: expected a date"),
        ({"updated_at": "20260228"}, "updated_at: expected a date"),
        ({"updated_at": 3}, "updated_at: expected a date"),
        (
            {"first_listed_at": "2026-02-28"},
            "first_listed_at: expected an instant such as 2026-03-01T09:30:00Z",
        ),
        ({"first_listed_at": "2026-02-28T09:30:00+01:00"}, "first_listed_at: expected an instant"),
        ({"first_listed_at": "2026-02-30T09:30:00Z"}, "first_listed_at: expected an instant"),
        ({"first_listed_at": 3}, "first_listed_at: expected an instant"),
        ({"location": [4.0, 45.0]}, "location: expected"),
        ({"location": {"lat": 90.1, "lon": 4}}, "location.lat: 90.1 is beyond 90 degrees"),
        ({"location": {"lat": float("nan"), "lon": 4}}, "location.lat: expected degrees"),
        ({"location": {"lat": 45.0}}, "location: expected"),
        ({"activities": ["vitres"]}, "activities[0]: expected an object"),
        (
            {"activities": [{"radius_km": 2.5, "scope": "radius"}]},
            "activities.radius_km: expected a whole number",
        ),
        ({"public": {"x": {1, 2}}}, "can't be stored as JSON"),
        ({"public": {"x": [{"y": float("nan")}]}}, "public: can't be stored as JSON: nan"),
        ({"public": {"x": float("-inf")}}, "public: can't be stored as JSON: -inf"),
        ({"public": {"x": datetime(2026, 3, 1, tzinfo=UTC)}}, "can't be stored as JSON"),
        ({"name": "\ud800"}, "name: holds half a character"),
        ({"public": {"x": "\ud800"}}, "can't be stored as JSON"),
        ({"id": "other"}, "id: the document says 'other', the action 'bad'"),
    ],
)
def test_a_bad_document_is_dead_with_its_reason_and_the_others_are_written(
    writer: EmbeddedWriter, engine: EmbeddedEngine, fields: dict[str, Any], reason: str
) -> None:
    bad = Action("bad", 1, {**document("bad"), **fields})
    outcomes = writer.bulk([Action("a", 1, document("a")), bad, Action("b", 1, document("b"))])
    assert [outcome.status for outcome in outcomes] == [INDEXED, DEAD, INDEXED]
    assert reason in outcomes[1].reason
    assert engine.search(SearchRequest()).total == 2


@pytest.mark.parametrize("sign", [1, -1])
def test_what_is_just_possible_is_written(
    writer: EmbeddedWriter, engine: EmbeddedEngine, sign: int
) -> None:
    edge = document(
        "a", completeness=sign * (2**31 - 1), location={"lat": sign * 90, "lon": sign * 180}
    )
    assert statuses(writer, Action("a", 1, edge)) == [INDEXED]
    assert engine.get("a") == edge


def test_a_field_of_a_type_unknown_here_is_refused_where_a_document_has_it(path: Path) -> None:
    definition = json.loads(json.dumps(DEFINITION))
    definition["mappings"]["properties"]["colour"] = {"type": "wildcard"}
    with closing(EmbeddedWriter(path, definition, Split(), "f1")) as writer:
        without, with_ = (
            Action("a", 1, document("a", colour=None)),
            Action("b", 1, document("b", colour="red")),
        )
        fine, refused = writer.bulk([without, with_])
    assert (fine.status, refused.status) == (INDEXED, DEAD)
    assert refused.reason == "colour: the embedded engine knows no fields of type 'wildcard'"


def test_what_is_no_document_or_no_version_is_dead(writer: EmbeddedWriter) -> None:
    listed: Any = ["a"]
    assert statuses(writer, Action("a", 1, listed), Action("b", 2**64, document("b"))) == [
        DEAD,
        DEAD,
    ]


def test_another_writer_in_mid_transaction_means_try_again(
    path: Path, writer: EmbeddedWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "BUSY_SECONDS", 0.05)
    with closing(EmbeddedWriter(path, DEFINITION, Split(), "f1")) as other:
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        actions = [
            Action("a", 1, document("a", name="w1")),
            Action("b", 1, {"id": "b", "nothing": 1}),
        ]
        outcomes = other.bulk(actions)
        assert [outcome.status for outcome in outcomes] == [RETRY, DEAD]
        assert "locked" in outcomes[0].reason
        blocker.execute("ROLLBACK")
        blocker.close()
        assert statuses(other, *actions) == [INDEXED, DEAD]


def test_a_failed_batch_leaves_nothing_behind(
    path: Path, writer: EmbeddedWriter, engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its new words neither: their ids must be given again to whatever comes next."""
    statuses(writer, Action("a", 1, document("a", name="w1")))

    def full(*given: Any) -> list[bytes]:
        pack(*given)
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(writer_module, "pack", full)
        outcomes = writer.bulk([Action("b", 1, document("b", name="w2 lost"))])
    assert [outcome.status for outcome in outcomes] == [RETRY]
    assert "disk is full" in outcomes[0].reason
    assert statuses(writer, Action("c", 1, document("c", name="w3"))) == [INDEXED]
    assert [engine.search(finding(token)).total for token in ("w1", "w2", "w3", "lost")] == [
        1,
        0,
        1,
        0,
    ]


def test_two_writers_share_one_dictionary(
    path: Path, writer: EmbeddedWriter, engine: EmbeddedEngine
) -> None:
    with closing(EmbeddedWriter(path, DEFINITION, Split(), "f1")) as other:
        for number in range(6):
            chosen = writer if number % 2 else other
            id_ = f"d{number}"
            statuses(chosen, Action(id_, 1, document(id_, name=f"w{number} w{number // 2} common")))
    assert engine.search(finding("common")).total == 6
    assert [hit.id for hit in engine.search(finding("w2")).hits] == ["d2", "d4", "d5"]


def test_mappings_must_not_mix_in_one_file(path: Path, writer: EmbeddedWriter) -> None:
    with closing(EmbeddedWriter(path, DEFINITION, Split(), "f2")) as other:
        outcomes = other.bulk([Action("a", 1, document("a"))])
        assert outcomes[0].status is RETRY
        assert "rebuild" in outcomes[0].reason
        assert other.status().fingerprint == "f1"
    assert statuses(writer, Action("a", 1, document("a"))) == [INDEXED]


def test_versions_page_through_live_and_stub_documents(writer: EmbeddedWriter) -> None:
    writer.bulk(
        [
            Action("b", 2, document("b")),
            Action("a", 1, {"id": "a", "live": False}),
            Action("d", 9, None),
            Action("c", 3, document("c")),
        ]
    )
    assert [*writer.versions(limit=2).items()] == [("a", 1), ("b", 2)]
    assert writer.versions(after="b", limit=2) == {"c": 3}
    assert writer.versions(after="c") == {}


def test_status_counts_live_documents_and_changes_with_each_batch(writer: EmbeddedWriter) -> None:
    empty = writer.status()
    assert (empty.ready, empty.documents, empty.engine, empty.index) == (
        True,
        0,
        "embedded",
        "index.sqlite",
    )
    writer.bulk([Action("a", 1, document("a")), Action("b", 1, {"id": "b", "live": False})])
    written = writer.status()
    assert written.documents == 1
    assert written.generation != empty.generation
    writer.bulk([Action("a", 0, document("a"))])
    assert writer.status().generation == written.generation


def test_a_file_of_another_format_is_refused(path: Path, writer: EmbeddedWriter) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
    with pytest.raises(EngineUnavailable, match=r"another format.*indexer rebuild"):
        EmbeddedWriter(path, DEFINITION, Split(), "f1")


def test_what_is_no_index_is_refused(path: Path) -> None:
    path.write_bytes(b"this is a text, not a database. " * 40)
    with pytest.raises(EngineUnavailable):
        EmbeddedWriter(path, DEFINITION, Split(), "f1")


def test_an_unknown_similarity_is_an_error_at_start(path: Path) -> None:
    definition = json.loads(json.dumps(DEFINITION))
    definition["mappings"]["properties"]["name"]["similarity"] = "nanes"
    with pytest.raises(ValueError, match=r"name: similarity 'nanes'"):
        EmbeddedWriter(path, definition, Split(), "f1")


@pytest.mark.parametrize(
    "gone", [None, document("a", public={"name": "x"})], ids=["deleted", "withdrawn"]
)
def test_what_was_withdrawn_is_in_no_file(
    path: Path, writer: EmbeddedWriter, engine: EmbeddedEngine, gone: Document | None
) -> None:
    """An address that a supplier takes back: neither in a free page nor in the write-ahead log,
    while it is served.
    """
    address = "contact@atelier.example"
    writer.bulk(
        [
            Action("a", 1, document("a", public={"contact": {"email": address}})),
            Action("b", 1, document("b")),
        ]
    )
    assert engine.get("a") is not None, "a reader holds the file open"
    assert any(address.encode() in one.read_bytes() for one in path.parent.iterdir())
    writer.bulk([Action("a", 2, gone)])
    assert engine.get("b") is not None
    assert not any(address.encode() in one.read_bytes() for one in path.parent.iterdir())


def test_a_reader_in_the_way_is_not_waited_for_long(
    path: Path, writer: EmbeddedWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is written, and the next one tries again."""
    monkeypatch.setattr(store, "FORGET_MS", 1)
    address = "contact@atelier.example"
    writer.bulk([Action("a", 1, document("a", public={"contact": {"email": address}}))])
    reader = store.connect(path, timeout=1, writing=False)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM documents").fetchone()
    assert statuses(writer, Action("a", 2, document("a"))) == [WriteStatus.INDEXED]
    reader.close()
    writer.bulk([Action("b", 1, document("b"))])
    assert not any(address.encode() in one.read_bytes() for one in path.parent.iterdir())
