"""The oracle's answers, however rows are cut into lots and segments."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.embedded import build, snapshot
from discovery.engine.port import Document, SearchRequest
from tests.contract import worlds
from tests.contract.test_oracle import assert_same, files, oracle, write
from tests.examples import some


@settings(max_examples=some(32), deadline=None, suppress_health_check=list(HealthCheck))
@given(documents=worlds.worlds(), requests=st.lists(worlds.requests(), min_size=1, max_size=6))
def test_lots_and_kept_arrays_change_no_answer(
    documents: list[Document], requests: list[SearchRequest]
) -> None:
    truth = oracle(documents)
    with pytest.MonkeyPatch.context() as patch, files() as (writer, engine):
        patch.setattr(build, "DECODE_BATCH", 3)
        write(writer, documents)
        for request in (*requests, *requests):  # asked again, it may be answered from what was kept
            assert_same(engine.search(request), truth.search(request), request)


@settings(max_examples=some(16), deadline=None, suppress_health_check=list(HealthCheck))
@given(documents=worlds.worlds(), requests=st.lists(worlds.requests(), min_size=12, max_size=12))
def test_tiers_change_no_answer(documents: list[Document], requests: list[SearchRequest]) -> None:
    """Written one by one and read after each, with tiers so small that all of them come and go."""
    with pytest.MonkeyPatch.context() as patch, files() as (writer, engine):
        patch.setattr(snapshot, "RECENT", 2)
        for number, request in enumerate(requests):
            some = documents[number * 2 : number * 2 + 2]
            write(writer, some)
            if number % 3 == 2:
                write(writer, documents[:1], version=2)
            held = documents[: number * 2 + 2]
            assert_same(engine.search(request), oracle(held).search(request), request)


def test_a_map_keeps_the_documents_read_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "MAX_SHOWN", 2)
    documents: list[Document] = [
        {"id": id_, "live": True, "public": {"name": id_}} for id_ in "abcd"
    ]
    with files() as (writer, engine):
        write(writer, documents)
        with engine._reader.look() as (connection, state, _):
            rows = list(state.tiers[0].segment.rows)
            for few in (rows[:2], rows[2:]):
                assert list(state.shown(connection, few)) == few
            assert set(state._shown) == set(rows[2:])
