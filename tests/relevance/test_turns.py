"""Equals that take turns: nothing that is judged suffers, attention spreads, and nobody is lost."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean

import pytest

from discovery.context import Services
from discovery.search.query import Query
from tests.pages.world import services_in
from tests.relevance.conftest import Corpus
from tools.judge.answers import AS_OF, service_ranker
from tools.judge.evaluation import Evaluation

DAY = date(2026, 3, 2)
WITHOUT = ("rotation",)


@pytest.mark.slow
@pytest.mark.xdist_group("judged")
@pytest.mark.parametrize("name", ["sample", "buyers"])
def test_turns_keep_ndcg_within_a_two_hundredth(name: str, sample: Corpus) -> None:
    corpus = sample if name == "sample" else sample.judged_by(name)

    def ndcg(found: Evaluation) -> float:
        return fmean(result.ndcg for result in found.answerable())

    def asked(day: date, without: tuple[str, ...] = ()) -> Evaluation:
        rank = service_ranker(corpus.services.search, day=day, without=without)
        return corpus.evaluated_by(rank, "embedded")

    plain = ndcg(asked(AS_OF, WITHOUT))
    for turned in (corpus.evaluated(), asked(AS_OF + timedelta(days=30))):
        assert ndcg(turned) == pytest.approx(plain, abs=0.005)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return services_in(tmp_path_factory.mktemp("turns"))


def order(services: Services, day: date = DAY, **asked: object) -> list[str]:
    query = Query(**{"q": "nettoyage", "as_of": day, "per_page": 100, **asked})  # type: ignore[arg-type]
    return [hit.id for hit in services.search.search(query).page.hits]


def test_a_day_and_its_pages_are_one_order_and_the_next_another(services: Services) -> None:
    whole = order(services)
    assert order(services) == order(services, q="Nettoyage") == whole
    assert [
        id_ for page in range(1, 10) for id_ in order(services, page=page, per_page=3)
    ] == whole[:27]
    others = [order(services, DAY + timedelta(days=one)) for one in range(1, 5)]
    assert all(sorted(one) == sorted(whole) for one in others), "nobody is lost"
    assert len({tuple(one) for one in (whole, *others)}) > 2, "of few equals two days may agree"


def test_a_filter_changes_no_turn_and_an_explicit_order_none(services: Services) -> None:
    whole, kept = order(services), order(services, kind=("ESAT",))
    assert kept
    assert [id_ for id_ in whole if id_ in kept] == kept
    for sort in ("name", "updated", "id"):
        assert order(services, sort=sort) == order(services, DAY + timedelta(days=1), sort=sort)


def test_switched_off_equals_stay_in_the_order_of_their_ids(services: Services) -> None:
    found = services.search.search(
        Query(q="nettoyage", as_of=DAY, per_page=100, without=WITHOUT)
    ).page.hits
    for one, other in pairwise(found):
        assert (one.score or 0) > (other.score or 0) or one.id < other.id


@pytest.mark.slow
@pytest.mark.xdist_group("judged")
def test_turns_bring_more_suppliers_forward_where_records_say_little(real: Corpus) -> None:
    """Of the public lists: over three weeks more suppliers come onto the first page."""

    def shown(without: tuple[str, ...]) -> int:
        days = (DAY + timedelta(days=number) for number in range(21))
        query = Query(q="espaces verts", without=without, per_page=20)
        pages = (real.services.search.search(replace(query, as_of=day)).page for day in days)
        return len({hit.id for page in pages for hit in page.hits})

    assert shown(()) > shown(WITHOUT)
