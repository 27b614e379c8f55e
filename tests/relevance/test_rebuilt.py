"""Two indices of suppliers that nobody judged, held against each other over the hits of both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from discovery.relevance.baseline import Baseline, Recorded, falls, held
from discovery.relevance.evaluation import Evaluation
from discovery.relevance.judgments import JudgedQuery
from discovery.relevance.rebuilt import both
from discovery.search.service import SearchService
from tests.relevance.conftest import Corpus

pytestmark = pytest.mark.xdist_group("judged")


@pytest.fixture(scope="module")
def queries(sample: Corpus) -> list[JudgedQuery]:
    return [one for one in sample.judgments.queries if one.group in ("sector", "name", "nothing")]


@pytest.fixture(scope="module")
def deaf(sample: Corpus) -> SearchService:
    """A service that reads what clients are named, and little else: as an index would be that lost its words."""
    mappings = sample.services.mappings
    profile = replace(mappings.profile(), fields=(("client_references", 1.0),))
    return SearchService(
        sample.services.engine, replace(mappings, profiles={"balanced": profile}), sample.services.gazetteer
    )


def pooled(new: SearchService, sample: Corpus, queries: list[JudgedQuery]) -> tuple[Evaluation, Evaluation]:
    return both(
        new,
        sample.services.search,
        queries,
        sample.judge,
    )


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


def test_an_index_that_lost_its_words_does_not(sample: Corpus, queries: list[JudgedQuery], deaf: SearchService) -> None:
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
