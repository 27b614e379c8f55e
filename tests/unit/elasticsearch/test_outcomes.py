"""Bulks written and read: pure."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.elasticsearch import writer as outcomes
from discovery.engine.elasticsearch.connection import said, with_port
from discovery.engine.elasticsearch.writer import Lines
from discovery.engine.port import Action, Document, WriteStatus
from tests.tables import cases


def same(document: Document) -> Document:
    return document


def test_an_action_is_written_with_its_version() -> None:
    header, document = outcomes.lines(
        Action("é/1", 7, {"id": "é/1", "name": "a\nb"}), same
    ).text.splitlines()
    assert json.loads(header) == {
        "index": {"_id": "é/1", "version": 7, "version_type": "external_gte"}
    }
    assert json.loads(document) == {"id": "é/1", "name": "a\nb"}


@pytest.mark.parametrize(
    ("action", "why"),
    [
        (Action("a", 1, {"id": "b"}), "the document says 'b'"),
        (Action("a", -1, {"id": "a"}), "-1 is not a number"),
        (Action("a", 2**63, None), "is not a number"),
        (Action("a", 1, {"id": "a", "x": float("nan")}), "JSON"),
        (Action("a", 1, {"id": "a", "x": [{"y": (1.0, float("inf"))}]}), "JSON"),
        (Action("a", 1, {"id": "a", "x": {1, 2}}), "JSON"),
        (Action("a", 1, {"id": "a", "x": "\ud800"}), "JSON"),
        (Action("a", 1, ["a"]), "expected an object"),  # type: ignore[arg-type]
    ],
)
def test_what_can_never_be_written_is_refused_beforehand(action: Action, why: str) -> None:
    refused = outcomes.lines(action, same)
    assert why in refused.refused
    assert refused.text == ""
    assert outcomes.unsent([refused], "away")[0].status is WriteStatus.DEAD


def test_a_document_that_no_engine_takes_is_refused_beforehand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outcomes, "MAX_DOCUMENT_BYTES", 200)
    assert outcomes.lines(Action("a", 1, {"id": "a", "x": "é" * 20}), same).refused == ""
    assert (
        "larger than" in outcomes.lines(Action("a", 1, {"id": "a", "x": "é" * 200}), same).refused
    )


def test_of_a_bulk_not_sent_all_the_others_are_tried_again() -> None:
    [outcome] = outcomes.unsent([outcomes.lines(Action("a", 1, None), same)], "away")
    assert (outcome.id, outcome.status, outcome.reason) == ("a", WriteStatus.RETRY, "away")


WRITE, DELETE = Action("a", 1, {"id": "a"}), Action("a", 1, None)
STRICT = {"type": "strict_dynamic_mapping_exception", "reason": "introducing [x] is not allowed"}


@pytest.mark.parametrize(
    ("action", "item", "status", "reason"),
    [
        (WRITE, {"status": 201, "result": "created"}, WriteStatus.INDEXED, ""),
        (WRITE, {"status": 200, "result": "updated"}, WriteStatus.INDEXED, ""),
        (DELETE, {"status": 200, "result": "deleted"}, WriteStatus.DELETED, ""),
        (DELETE, {"status": 404, "result": "not_found"}, WriteStatus.DELETED, ""),
        (WRITE, {"status": 409, "error": {"type": "version_conflict", "reason": "current is 5"}},
         WriteStatus.STALE, "current is 5"),
        (DELETE, {"status": 409, "error": {"reason": "current is 5"}}, WriteStatus.STALE, "current is 5"),
        (WRITE, {"status": 429, "error": {"reason": "queue full"}}, WriteStatus.RETRY, "queue full"),
        (WRITE, {"status": 503, "error": {"reason": "no primary"}}, WriteStatus.RETRY, "no primary"),
        (WRITE, {"status": 404, "error": {"type": "index_not_found_exception", "reason": "no such index"}},
         WriteStatus.RETRY, "no such index"),
        (DELETE, {"status": 404, "error": {"type": "index_not_found_exception", "reason": "no such index"}},
         WriteStatus.RETRY, "no such index"),
        (WRITE, {"status": 403, "error": {"type": "cluster_block_exception", "reason": "disk is full"}},
         WriteStatus.RETRY, "disk is full"),
        (WRITE, {"status": 400, "error": STRICT}, WriteStatus.DEAD, "introducing [x] is not allowed"),
        (WRITE, {"status": 400, "error": {"reason": "failed to parse [live]", "caused_by": {"reason": "not boolean"}}},
         WriteStatus.DEAD, "failed to parse [live]: not boolean"),
    ],
)  # fmt: skip
def test_an_item_says_what_became_of_an_action(
    action: Action, item: dict[str, Any], status: WriteStatus, reason: str
) -> None:
    outcome = outcomes.outcome(action, item)
    assert (outcome.id, outcome.status, outcome.reason) == ("a", status, reason)


@given(st.lists(st.integers(1, 3_000_000), max_size=30))
def test_lots_keep_every_action_in_order_and_small(sizes: list[int]) -> None:
    ready = [Lines(Action(str(number), 1, None), "x" * size) for number, size in enumerate(sizes)]
    lots = list(outcomes.lots(ready))
    assert [one for lot in lots for one in lot] == ready
    for lot in lots:
        assert lot
        assert len(lot) == 1 or sum(len(one.text) for one in lot) <= outcomes.MAX_BYTES
    # No lot could have taken the first action of the next one.
    for lot, after in pairwise(lots):
        assert sum(len(one.text) for one in lot) + len(after[0].text) > outcomes.MAX_BYTES


@pytest.mark.parametrize(("url", "complete"), cases(__file__, "an_address_is_given_its_port"))
def test_an_address_is_given_its_port(url: str, complete: str) -> None:
    assert with_port(url) == complete


@pytest.mark.parametrize(
    ("body", "words"), cases(__file__, "errors_are_told_in_the_engines_own_words")
)
def test_errors_are_told_in_the_engines_own_words(body: Any, words: str) -> None:
    assert said(body) == words
