"""Circles and boxes at the corners of the world, against plain haversines."""

from dataclasses import replace

import pytest

from discovery.engine.embedded import EmbeddedEngine, EmbeddedWriter, segment
from discovery.engine.port import (
    Action,
    Circle,
    Coverage,
    Document,
    Point,
    SearchRequest,
    Target,
    WriteStatus,
)


def write(writer: EmbeddedWriter, documents: list[Document]) -> None:
    outcomes = writer.bulk(Action(document["id"], 1, document) for document in documents)
    assert {outcome.status for outcome in outcomes} == {WriteStatus.INDEXED}


def test_a_circle_of_less_than_nothing_is_empty(
    writer: EmbeddedWriter, engine: EmbeddedEngine
) -> None:
    write(writer, [{"id": "a", "live": True, "location": {"lat": 45.0, "lon": 5.0}}])
    target = Target(circle=Circle(Point(45.0, 5.0), -1.0))
    assert engine.search(SearchRequest(targets=(target,))).total == 0


@pytest.mark.parametrize("room", [0, 40, 1_000_000])
def test_what_is_kept_of_a_where_follows_every_write(
    writer: EmbeddedWriter, engine: EmbeddedEngine, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wheres asked twice, with a write between, whether none, some or all of them are kept."""
    monkeypatch.setattr(segment, "room", lambda _: room)
    places = [f"69{number:03}" for number in range(12)]
    asked = [
        SearchRequest(targets=(Target(communes=frozenset({place})),), coverage=Coverage.LOCATED)
        for place in places
    ]
    write(writer, [{"id": place, "live": True, "commune": place} for place in places])
    assert engine.counts(asked) == engine.counts(asked) == [1] * len(asked)
    write(writer, [{"id": "another", "live": True, "commune": places[0]}])
    write(writer, [{"id": places[1], "live": True, "commune": places[2]}])
    assert engine.counts(asked)[:4] == [2, 0, 2, 1]
    kept = engine.counts([asked[0], replace(asked[0], facets=("kind",)), asked[0]])
    assert kept == [2, 2, 2]
