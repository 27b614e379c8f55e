"""Phrases are read once for as long as nothing that their reading depends on changes."""

import gc
import weakref
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from discovery.engine.definition import define
from discovery.engine.embedded import EmbeddedEngine, EmbeddedWriter
from discovery.engine.port import Action
from discovery.mappings import Mappings
from discovery.places import Gazetteer
from discovery.search.caches import MAX_FACTS, Facts, PhraseReader
from discovery.search.query import Query
from discovery.search.service import SearchService


@pytest.fixture
def writer(tmp_path: Path, mappings: Mappings) -> Iterator[EmbeddedWriter]:
    definition = define(mappings)
    with closing(
        EmbeddedWriter(
            tmp_path / "suppliers.sqlite",
            definition.body,
            definition.analysis,
            definition.fingerprint,
        )
    ) as made:
        yield made


@pytest.fixture
def service(
    tmp_path: Path, writer: EmbeddedWriter, mappings: Mappings, gazetteer: Gazetteer
) -> SearchService:
    write(writer, "first", "Atelier")
    return SearchService(EmbeddedEngine(tmp_path / "suppliers.sqlite"), mappings, gazetteer)


def write(writer: EmbeddedWriter, id_: str, name: str) -> None:
    [outcome] = writer.bulk(
        [Action(id_, 1, {"id": id_, "live": True, "name": name, "public": {"id": id_}})]
    )
    assert outcome.status.value == "indexed"


def counted(understanding: PhraseReader) -> tuple[int, int]:
    return understanding.seen()[:2]  # hits, misses


def test_the_same_phrase_is_read_once(service: SearchService) -> None:
    read = service.understand(Query(q="traiteur à Lyon"))
    again = service.understand(Query(q="traiteur à Lyon", page=2, kind=("EI",), sort="name"))
    assert again == read
    assert [piece.type for piece in read.pieces] == ["sector", "place"]
    assert counted(service.understanding) == (1, 1)


@pytest.mark.parametrize(
    "other",
    [{"q": "traiteur à Nantes"}, {"lang": "en"}, {"literal": ("Lyon",)}],
    ids=["phrase", "lang", "literal"],
)
def test_whatever_changes_a_reading_is_read_again(
    service: SearchService, other: dict[str, Any]
) -> None:
    service.understand(Query(q="traiteur à Lyon"))
    service.understand(Query(**{"q": "traiteur à Lyon"} | other))
    assert counted(service.understanding) == (0, 2)


@pytest.mark.parametrize(("q", "times"), [("traiteur à Lyon", 1), ("traiteur à 10 km", 2)])
def test_a_centre_given_apart_tells_of_a_distance_alone(
    service: SearchService, q: str, times: int
) -> None:
    read, beside = service.understand(Query(q=q)), service.understand(Query(q=q, near="Dijon"))
    assert (beside != read, counted(service.understanding)[1]) == (times > 1, times)


def test_a_commit_that_makes_a_word_frequent_is_seen_at_once(
    service: SearchService, writer: EmbeddedWriter
) -> None:
    """A town's name that suppliers bear often is a word of theirs."""
    fresh = SearchService(service.engine, service.mappings, service.gazetteer)
    before = service.understand(Query(q="villeurbane"))
    for number in range(5):
        write(writer, f"{number}", "Villeurbane")
    after = service.understand(Query(q="villeurbane"))
    assert after == fresh.understand(Query(q="villeurbane"))
    assert [piece.value for piece in before.pieces] == ["commune:69266"]
    assert after.pieces == ()


def test_a_fact_is_asked_for_once_a_state() -> None:
    facts, asked = Facts(), iter(range(9))
    told = [
        facts.of(state, key, lambda: next(asked)) for state, key in ("aa", "ab", "aa", "ba", "ab")
    ]
    assert told == [0, 1, 0, 2, 3], "what an earlier state told is not told again"


def test_facts_of_sectors_are_bounded(service: SearchService) -> None:
    """Phrases name sets of sectors without end; each was kept until the next commit."""
    status, index = service.engine.status(), service.index
    facts = service._memory
    for number in range(3_000):
        assert facts.doers(index, status, ("menuiserie", f"other-{number}")) == 0
    assert len(facts._facts._held[1]) == MAX_FACTS
    assert facts.doers(index, status, ("menuiserie", "other-0")) == 0, "one let go is counted again"


def test_a_reading_that_is_kept_keeps_no_earlier_state_of_the_index(service: SearchService) -> None:
    with service.engine.searcher() as index:
        words = index.words()
        state = weakref.ref(words)
        service.understanding.of(Query(q="traiteur à Lyon"), service.mappings, 1, "g", words)
    del index, words
    gc.collect()
    assert counted(service.understanding) == (0, 1)
    assert state() is None
