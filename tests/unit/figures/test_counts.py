"""Figures equal what the searches they link to find; gaps are the departments where such a search
finds nobody.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from discovery.answers.figures import AT_MOST_SECONDS, Figures, gather, kept_figures
from discovery.context import Services
from discovery.search.query import Query
from discovery.search.service import SearchService
from tests.pages.world import services_in


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return services_in(tmp_path_factory.mktemp("figures"))


@pytest.fixture(scope="module")
def figures(services: Services) -> Figures:
    return gather(services.search)


def total(services: Services, query: Query) -> int:
    return services.search.search(replace(query, facets=(), per_page=1)).page.total


@pytest.mark.parametrize(
    "facet", ["kind", "sector_group", "sector", "department", "region", "certification"]
)
def test_every_count_is_the_total_of_its_search(
    services: Services, figures: Figures, facet: str
) -> None:
    parameter = "sector" if facet == "sector_group" else facet
    counts = figures.facets[facet]
    assert counts
    for value, count in counts.items():
        assert total(services, Query(**{parameter: (value,)})) == count, value  # type: ignore[arg-type]


def test_gaps_are_where_a_search_finds_nobody(services: Services, figures: Figures) -> None:
    sectors = [*figures.facets["sector"]][:3]
    for sector in sectors:
        missing = figures.gaps(sector)
        assert 0 < len(missing) < len(figures.reach)
        for code in [*figures.reach][::7]:
            query = Query(place=(f"department:{code}",), sector=(sector,), national="exclude")
            assert (total(services, query) == 0) is (code in missing), (sector, code)


class Hands:
    """A clock that the test moves, and a count of what was gathered."""

    def __init__(self, figures: Figures) -> None:
        self.now, self.gathered, self._figures = 0.0, 0, figures

    def clock(self) -> float:
        return self.now

    def gather(self, _search: SearchService) -> Figures:
        self.gathered += 1
        return self._figures


def test_figures_are_kept_a_while_and_longer_while_the_index_is_the_same(
    services: Services, figures: Figures
) -> None:
    hands = Hands(figures)
    kept = kept_figures(hands.clock, hands.gather)
    assert kept.of(services.search).total == figures.total
    hands.now = AT_MOST_SECONDS - 1
    kept.of(services.search)
    hands.now = AT_MOST_SECONDS * 5
    kept.of(services.search)
    assert hands.gathered == 1


@pytest.fixture
def changing(tmp_path: Path) -> Services:
    """Two services over one home: a changed index has another generation."""
    return services_in(tmp_path)


def test_a_changed_index_is_counted_anew_after_that_while(
    services: Services, changing: Services, figures: Figures
) -> None:
    hands = Hands(figures)
    kept = kept_figures(hands.clock, hands.gather)
    kept.of(services.search)
    kept.of(changing.search)
    assert hands.gathered == 1
    hands.now = AT_MOST_SECONDS + 1
    kept.of(changing.search)
    assert hands.gathered == 2


def test_while_figures_are_counted_anew_others_are_told_those_of_before(
    services: Services, changing: Services, figures: Figures
) -> None:
    hands, told = Hands(figures), list[Figures]()

    def gather(search: SearchService) -> Figures:
        if hands.gathered:
            with ThreadPoolExecutor(1) as pool:
                told.append(pool.submit(kept.of, changing.search).result(timeout=60))
        return hands.gather(search)

    kept = kept_figures(hands.clock, gather)
    kept.of(services.search)
    hands.now = AT_MOST_SECONDS + 1
    kept.of(changing.search)
    assert (len(told), hands.gathered) == (1, 2)


def test_who_waits_for_the_first_figures_is_told_them(services: Services, figures: Figures) -> None:
    hands, asks = Hands(figures), Event()
    hands.now = AT_MOST_SECONDS

    def ask() -> Figures:
        asks.set()
        return kept.of(services.search)

    def gather(search: SearchService) -> Figures:
        waiting.append(pool.submit(ask))
        assert asks.wait(60)
        return hands.gather(search)

    waiting, kept = list[Future[Figures]](), kept_figures(hands.clock, gather)
    with ThreadPoolExecutor(1) as pool:
        assert kept.of(services.search) is waiting[0].result(timeout=60) is figures
