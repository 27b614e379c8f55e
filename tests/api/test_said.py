"""A search said by parameters is the one that its phrase means."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from discovery.context import Services
from discovery.http.api.endpoint import read_query
from discovery.search.service import SearchService
from tests.tables import cases
from tools.bench.said import by_parameters


@pytest.fixture
def search(services: Services) -> SearchService:
    return services.search


def said(phrase: str, search: SearchService) -> dict[str, list[str]]:
    address = by_parameters(f"/api/v1/search?{phrase}", search)
    assert urlsplit(address).path == "/api/v1/search"
    return parse_qs(urlsplit(address).query)


@pytest.mark.parametrize(
    "phrase", cases(__file__, "it_looks_in_the_same_places_through_the_same_filters")
)
def test_it_looks_in_the_same_places_through_the_same_filters(
    phrase: str, search: SearchService
) -> None:
    asked = read_query(MultiDict(parse_qsl(phrase)))[0]
    address = by_parameters(f"/api/v1/search?{phrase}", search)
    other = read_query(MultiDict(parse_qsl(urlsplit(address).query)))[0]
    before, after = search.settled(asked), search.settled(other)
    assert (after.intent.pieces, after.intent.needs) == ((), ()), "nothing is left to understand"
    assert after.request.targets == before.request.targets
    assert (after.request.coverage, after.request.national) == (
        before.request.coverage,
        before.request.national,
    )
    assert after.request.exclude == before.request.exclude
    assert (after.request.filters.kind, after.request.filters.department) == (
        before.request.filters.kind,
        before.request.filters.department,
    )
    assert after.request.offset == before.request.offset


def test_trades_become_sectors_and_other_words_stay_words(search: SearchService) -> None:
    assert set(said("q=traiteur", search)) == {"sector"}
    words = said("q=zzqqx+wwvvk", search)
    assert (words["q"], words["interpret"]) == (["zzqqx wwvvk"], ["false"])


@pytest.mark.parametrize(
    "address", ["/api/v1/search?page=2", "/api/v1/map?q=lyon", "/api/v1/suggest?q=ly"]
)
def test_what_holds_no_phrase_or_is_no_search_is_not_said_otherwise(
    address: str, search: SearchService
) -> None:
    assert by_parameters(address, search) == ""
