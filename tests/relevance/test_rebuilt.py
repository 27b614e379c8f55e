"""Two indices of suppliers that nobody judged, held against each other over the hits of both."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from discovery.engine.definition import Definition, define
from discovery.engine.embedded.folder import IndexFolder
from discovery.engine.port import Action, Document, WriteStatus
from discovery.search.service import SearchService
from tests.relevance.conftest import NOW, Corpus, written
from tools.judge.baseline import Baseline, Recorded, falls, held
from tools.judge.evaluation import Evaluation
from tools.judge.judgments import JudgedQuery
from tools.judge.rebuilt import both

pytestmark = pytest.mark.xdist_group("judged")


@pytest.fixture(scope="module")
def queries(sample: Corpus) -> list[JudgedQuery]:
    return [one for one in sample.judgments.queries if one.group in ("sector", "name", "nothing")]


@pytest.fixture(scope="module")
def deaf(sample: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchService]:
    """A service on an index of the same suppliers, of which it knows their clients and little else."""
    mappings = sample.services.mappings
    definition = define(mappings)
    folder = IndexFolder(tmp_path_factory.mktemp("deaf"), "deaf")
    name = folder.create(definition, NOW)
    with closing(folder.writer_of(name)) as writer:
        outcomes = writer.bulk(
            [
                Action(one["id"], 1, without_words(one, definition))
                for one in written(sample)
                if one["live"]
            ]
        )
    assert all(one.status is WriteStatus.INDEXED for one in outcomes)
    folder.finish(name, definition)
    engine = folder.reader_of(name)
    yield SearchService(engine, mappings, sample.services.gazetteer)
    engine.close()


def without_words(document: Document, definition: Definition) -> Document:
    """The document without what it does: neither texts, those on clients aside, nor sectors."""
    properties = definition.body["mappings"]["properties"]
    lost = {name for name, one in properties.items() if one["type"] == "text"} - {
        "client_references"
    }
    lost |= {"activities", "evidence_sectors"}
    return {name: value for name, value in document.items() if name not in lost}


def pooled(
    new: SearchService, sample: Corpus, queries: list[JudgedQuery]
) -> tuple[Evaluation, Evaluation]:
    return both(new, sample.services.search, queries, sample.judge)


def faults(after: Evaluation, before: Evaluation) -> list[str]:
    recorded = Recorded(held(before), {one.id: one.ndcg for one in before.results})
    return list(falls(after, Baseline({after.corpus: recorded})))


def test_the_same_index_holds(sample: Corpus, queries: list[JudgedQuery]) -> None:
    after, before = pooled(sample.services.search, sample, queries)
    assert [one.ids for one in after.results] == [one.ids for one in before.results]
    assert len(after.results) > 15
    assert all(one.group != "nothing" for one in after.results)
    assert held(after) == held(before) > 0.8
    assert faults(after, before) == []


def test_an_index_that_lost_its_words_does_not(
    sample: Corpus, queries: list[JudgedQuery], deaf: SearchService
) -> None:
    after, before = pooled(deaf, sample, queries)
    told = faults(after, before)
    assert any("the held set fell" in one for one in told)
    assert any(one.startswith("sector-traiteur fell") for one in told)


def test_a_gain_is_no_fall(sample: Corpus, queries: list[JudgedQuery], deaf: SearchService) -> None:
    """The other way round: what is new answers what nothing answered."""
    judge = sample.judge
    after, before = both(sample.services.search, deaf, queries, judge)
    assert held(after) > held(before)
    assert faults(after, before) == []
