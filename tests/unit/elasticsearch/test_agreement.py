"""Two engines, one meaning: the same documents and requests give the same answers on both."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discovery.engine.definition import Definition
from discovery.engine.elasticsearch import engine
from discovery.engine.port import SearchRequest
from tests.contract import corpus, worlds
from tests.elasticsearch import GROUP
from tests.examples import some
from tests.unit.elasticsearch.pair import Pair, assert_same, pair

pytestmark = pytest.mark.xdist_group(GROUP)
patient = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def small(packaged: Definition, elasticsearch_url: str) -> Pair:
    return pair(packaged, worlds.some_documents(300))


@pytest.fixture(scope="module")
def large(packaged: Definition, elasticsearch_url: str) -> Pair:
    return pair(packaged, worlds.some_documents(2000))


@pytest.fixture(scope="module")
def written(packaged: Definition, elasticsearch_url: str) -> Pair:
    """Suppliers with whole sentences, in six towns."""
    return pair(packaged, list(corpus.crowd(300, seed=4)))


@settings(patient, max_examples=some(150))
@given(worlds.requests())
def test_any_request_is_answered_alike(small: Pair, request_: SearchRequest) -> None:
    assert_same(small, request_)


@pytest.mark.slow
@settings(patient, max_examples=some(50))
@given(worlds.requests())
def test_any_request_is_answered_alike_on_many(large: Pair, request_: SearchRequest) -> None:
    assert_same(large, request_)


@settings(patient, max_examples=some(40))
@given(st.lists(worlds.requests(), min_size=1, max_size=8))
def test_totals_alone_agree(small: Pair, requests: list[SearchRequest]) -> None:
    assert small.real.counts(requests) == small.embedded.counts(requests)


def test_no_answer_was_empty_for_want_of_trying(small: Pair) -> None:
    """Of the requests that the property draws, a good part must find something."""
    totals: list[int] = []

    @settings(patient, max_examples=400, derandomize=True, database=None)
    @given(worlds.requests())
    def ask(request_: SearchRequest) -> None:
        totals.append(small.embedded.counts([request_])[0])

    ask()
    assert sum(total > 0 for total in totals) > len(totals) / 4


def test_milestones_agree(small: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PAGE", 7)
    with small.embedded.searcher() as ours, small.real.searcher() as real:
        mine, theirs = (one.milestones(SearchRequest(), 10) for one in (ours, real))
    assert theirs == mine
    assert len(mine) > 20


PREFIXES = (
    "net", "nettoyage", "vitres bois", "b", "bois m", "Menui", "l'entr", "zz", "", "nettoyage vit", "12345", "été",
)  # fmt: skip


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("limit", [3, 100])
def test_names_agree(written: Pair, prefix: str, limit: int) -> None:
    mine, theirs = (one.names(prefix, limit) for one in written.engines)
    assert [document["id"] for document in theirs] == [document["id"] for document in mine]


@pytest.mark.parametrize(
    "number", ["12345678900011", "123456789", "98765432100011", "000000000", ""]
)
def test_companies_agree(small: Pair, number: str) -> None:
    mine, theirs = (one.by_siret(number) for one in small.engines)
    assert [document["id"] for document in theirs] == [document["id"] for document in mine]


@pytest.mark.parametrize("key", ["c0003", "slug-c0003", "slug-c9999", "former", ""])
def test_look_ups_agree(written: Pair, key: str) -> None:
    mine, theirs = (one.get(key) for one in written.engines)
    assert (None if mine is None else mine["id"]) == (None if theirs is None else theirs["id"])


def test_words_are_counted_alike(written: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WORDS_PAGE", 3)  # of those that there are
    mine, theirs = (one.words() for one in written.engines)
    for word in (*corpus.WORDS, "structure", "unheard"):
        assert theirs.count(word) == mine.count(word)
        for typed in (
            word,
            word[1:],
            word + "s",
            word[:2] + "x" + word[2:],
            word[1::-1] + word[2:],
        ):
            assert theirs.near(typed) == mine.near(typed)
    assert theirs.count("nettoyage") > 50


def test_the_analysis_comes_back_from_the_index(written: Pair, packaged: Definition) -> None:
    """Queries are analysed as the index was built, whatever the files say: it must have kept all of
    it.
    """
    kept = written.real.analysis()
    assert sorted(kept.analyzers) == sorted(packaged.analysis.analyzers)
    text = "L'entretien des vitres et la mise sous pli à l'E.S.A.T., traiteurs et traitements"
    for analyzer in kept.analyzers:
        assert kept.terms(analyzer, text) == packaged.analysis.terms(analyzer, text)


def test_the_status_says_what_is_there(small: Pair, packaged: Definition) -> None:
    status = small.real.status()
    assert status.ready
    assert status.documents == small.embedded.status().documents
    assert status.fingerprint == packaged.fingerprint
    assert replace(status, generation="") == replace(small.real.status(), generation="")
