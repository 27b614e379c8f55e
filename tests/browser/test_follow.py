"""The form that follows a search by e-mail, beneath results and as a page: for everyone, also on a
telephone.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import listening, watched
from tests.browser.test_access import faults
from tests.pages.world import services_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def offering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("follow")
    services = services_in(folder)
    with listening(
        replace(services, settings=replace(services.settings, alerts=folder / "alerts"))
    ) as address:
        yield address


def boxes(page: Page) -> list[dict[str, float]]:
    fields = page.locator(".alert-form :is(input[type=email], button, fieldset label)").all()
    return [box for one in fields if (box := one.bounding_box())]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("address", "mode"),
    [("/?q=nettoyage", "light"), ("/suivre?q=nettoyage", "dark")],
    ids=["beneath results", "as a page in the dark"],
)
def test_the_form_is_for_everyone(browser: Browser, offering: str, address: str, mode: str) -> None:
    with watched(browser, offering) as open_page:
        page = open_page(address, color_scheme=mode)
        for fold in page.locator("#follow > summary").all():
            fold.click()
        expect(page.get_by_label("Votre adresse de courriel")).to_be_visible()
        assert faults(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        fields = boxes(page)
        assert len(fields) == 4  # address, two rhythms, button
        assert all(
            one["height"] >= 32 and one["x"] >= 0 and one["x"] + one["width"] <= 320
            for one in fields
        )
