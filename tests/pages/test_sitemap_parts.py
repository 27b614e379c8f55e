"""Parts of the sitemap begin behind a supplier, not after a number of them."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.context import Services
from discovery.engine.port import Order, SearchRequest
from discovery.pages.crawlers.view import divided
from discovery.search.listing import scan_hits

EVERYBODY = SearchRequest(order=Order.ID, facets=())


@pytest.mark.parametrize("size", [1, 3, 7, 1_000])
def test_parts_hold_everybody_once(services: Services, size: int) -> None:
    with services.engine.searcher() as index:
        whole = [hit.id for hit in scan_hits(index, EVERYBODY)[1]]
        parts = divided(index, EVERYBODY, size)
        assert len(parts) == -(-len(whole) // size)
        found = []
        for after, last in parts:
            ids = [hit.id for hit in scan_hits(index, EVERYBODY, after=after)[1]]
            found.append([id_ for id_ in ids if last is None or id_ <= last[1]])
    assert [id_ for part in found for id_ in part] == whole
    assert all(len(part) == size for part in found[:-1])


def test_a_part_is_read_without_those_before_it(services: Services) -> None:
    with services.engine.searcher() as index:
        asked: list[SearchRequest] = []

        class Watched:
            search, milestones = index.search, index.milestones

            @staticmethod
            def walk(request: SearchRequest):  # type: ignore[no-untyped-def]
                asked.append(request)
                return index.walk(request)

        parts = divided(index, EVERYBODY, 5)
        after, _ = parts[-1]
        first = next(iter(scan_hits(Watched, EVERYBODY, after=after)[1]))  # type: ignore[arg-type]
    assert after is not None
    assert first.id > after[1]
    assert [one.after for one in asked] == [after]


@given(st.lists(st.integers(0, 999), unique=True, min_size=1), st.integers(0, 999))
def test_whoever_comes_later_is_in_one_part(ids: list[int], late: int) -> None:
    edges = [(None, f"{number:03}") for number in sorted(ids)]

    class Index:
        search = staticmethod(lambda _: SimpleNamespace(total=len(edges) + 1))
        milestones = staticmethod(lambda *_: edges)

    name = f"{late:03}"
    within = [
        (after, last)
        for after, last in divided(Index, EVERYBODY, 1 + len(edges) // 2)  # type: ignore[arg-type]
        if (after is None or name > after[1]) and (last is None or name <= last[1])
    ]
    assert len(within) == 1
