"""The frame: of the key's sites only, as high as what it shows; and the page that makes a site's
line.
"""

import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from discovery.http.keys import Key, edited, hashed
from discovery.mappings import Settings
from tests.browser.conftest import Open
from tests.browser.test_access import faults
from tests.browser.widget.conftest import Site, Visit, until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def key(site: Site, host: str, home: Path) -> str:
    """A key of the federation's site, once the service knows it."""
    with edited(Settings(home=home).keys_path) as keys:
        keys.append(
            Key("federation", hashed("wk_federation"), (site.address,), {"kind": ("ESAT",)})
        )
    for _ in range(100):
        try:
            return (
                "wk_federation"
                if urlopen(f"{host}/widget/frame?key=wk_federation").status == 200
                else ""
            )
        except HTTPError:
            time.sleep(0.05)
    pytest.fail("the service does not see its new key")


def framed(visit: Visit, host: str, query: str) -> Page:
    """The federation's page with a frame; its policy allows that, and the script that sizes it."""
    body = f'<iframe src="{host}/widget/frame?{query}" title="Recherche" width="100%" height="300"></iframe>'
    script = '<script src="{service}/widget/resize.js"></script>'
    return visit(
        body=body + script,
        policy=f"default-src 'none'; frame-src {host}; script-src {host}",
        wait=False,
    )


def test_the_frame_has_the_height_of_what_it_shows(visit: Visit, host: str, key: str) -> None:
    page = framed(visit, host, f"key={key}&q=nettoyage&per-page=3")
    inside = page.frame_locator("iframe")
    expect(inside.locator(".card")).to_have_count(3)
    expect(inside.locator(".kind b")).to_have_text(["ESAT"] * 3)  # the key's presets
    until(page, "Number(document.querySelector('iframe').height) > 700")
    scrolls = "document.documentElement.scrollHeight > innerHeight + 1"
    assert page.frames[1].evaluate(scrolls) is False
    before = page.locator("iframe").evaluate("(one) => Number(one.height)")
    inside.get_by_role("combobox").fill("zzyzx")
    page.keyboard.press("Enter")
    until(
        page, "(before) => Number(document.querySelector('iframe').height) < before - 200", before
    )


def test_no_other_site_may_frame_it(visit: Visit, host: str, refused: None) -> None:
    page = framed(visit, host, "q=nettoyage")
    page.wait_for_timeout(300)
    assert page.frame_locator("iframe").locator("supplier-search").count() == 0


def test_the_builder_shows_and_says_what_is_chosen(open_page: Open) -> None:
    page = open_page("/widget", permissions=["clipboard-read", "clipboard-write"])
    expect(page.locator("#preview .total")).to_contain_text("fournisseurs")
    everyone = page.locator("#preview .total").inner_text()
    page.get_by_label("Autour de").fill("Lyon")
    page.get_by_label("Distance").select_option("30 km")
    page.get_by_role("checkbox", name="ESAT").first.check()
    page.get_by_label("Langue").select_option("Anglais")
    expect(page.locator("#line")).to_contain_text('kind="ESAT" near="Lyon" radius="30" lang="en"')
    expect(page.locator("#preview .total")).to_contain_text("supplier")
    assert page.locator("#preview .total").inner_text() != everyone
    assert "near=Lyon" in page.url
    page.get_by_role("button", name="Copier").first.click()
    expect(page.get_by_role("button", name="Copié")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#line").inner_text()
    page.reload()
    expect(page.get_by_label("Distance")).to_have_value("30")
    assert faults(page) == []


@pytest.mark.parametrize(
    "path", ["/widget", "/widget?lang=en&kind=ESAT", "/widget/frame?q=nettoyage"]
)
def test_axe_finds_nothing_and_small_screens_fit(open_page: Open, path: str) -> None:
    page = open_page(path)
    expect(page.locator("supplier-search .card").first).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert faults(page) == []
    for width in (768, 320):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []
