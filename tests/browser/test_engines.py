"""What a browser shows is the same on Elasticsearch as on the embedded engine."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.elasticsearch import GROUP

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group(GROUP)]


def shown(page: Page) -> dict[str, object]:
    """The total, the chips and the facets, which don't depend on how an engine rounds its scores."""
    return {
        "total": page.locator("#total").inner_text(),
        "chips": page.locator(".understood .chip > span").all_inner_texts(),
        "facets": sorted(page.locator(".facet a").all_text_contents()),
        "suppliers": sorted(page.locator(".card h2").all_inner_texts()),
    }


@pytest.mark.parametrize(
    "address", ["/?q=nettoyage+%C3%A0+30+km+de+Lyon,+ESAT+ou+EI&per_page=100", "/?kind=ESAT&per_page=100"]
)
def test_a_search_shows_the_same(open_page: Open, open_on_elasticsearch: Open, address: str) -> None:
    assert shown(open_on_elasticsearch(address)) == shown(open_page(address))
