"""The profile in which equals take turns: the same pages all day, others the next day, and its reason in `explain`."""

from __future__ import annotations

from datetime import date

from discovery.context import Services
from discovery.search.parameters import Query


def order(services: Services, day: date, page: int = 1, per_page: int = 100) -> list[str]:
    query = Query(q="nettoyage", profile="fair", as_of=day, page=page, per_page=per_page)
    return [hit.id for hit in services.search.search(query).page.hits]


def test_pages_of_a_day_are_parts_of_one_order(services: Services) -> None:
    day = date(2026, 3, 1)
    whole = order(services, day)
    assert whole == order(services, day)
    assert [id_ for page in range(1, 4) for id_ in order(services, day, page, 2)] == whole[:6]


def test_nobody_is_lost_and_balanced_draws_nothing(services: Services) -> None:
    query = Query(q="nettoyage", per_page=100, as_of=date(2026, 3, 1))
    plain = services.search.search(query)
    assert plain.request.signals.rotation is None
    assert sorted(order(services, date(2026, 3, 1))) == sorted(hit.id for hit in plain.page.hits)


def test_a_filter_changes_no_turn(services: Services) -> None:
    day = date(2026, 3, 1)
    found = services.search.search(Query(q="nettoyage", profile="fair", as_of=day, kind=("ESAT",), per_page=100))
    kept = [hit.id for hit in found.page.hits]
    assert [id_ for id_ in order(services, day) if id_ in kept] == kept
