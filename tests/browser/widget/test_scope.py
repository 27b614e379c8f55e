"""The widget of a service that has opened a part of the country and of the trades."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import listening
from tests.browser.widget.conftest import Visit
from tests.browser.widget.test_element import total
from tests.pages.world import services_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


SCOPE = "region=84 sector=hygiene-et-proprete"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with listening(
        services_in(tmp_path_factory.mktemp("open"), scope="region=84 sector=hygiene-et-proprete")
    ) as address:
        yield address


def test_it_says_what_is_open_and_proposes_nothing_else(visit: Visit) -> None:
    page = visit('q="nettoyage" facets="sector,region"')
    told = page.locator("[part=scope]")
    expect(told).to_contain_text("Hygiène et propreté · Auvergne-Rhône-Alpes")
    assert total(page)
    expect(page.locator(".facets")).not_to_contain_text("Blanchisserie")
    page.get_by_role("combobox").fill("traiteur à Paris")
    page.keyboard.press("Enter")
    expect(page.locator(".about")).to_contain_text(
        "Paris (75) est hors du périmètre ouvert à ce jour"
    )
    expect(told).to_have_count(1)
