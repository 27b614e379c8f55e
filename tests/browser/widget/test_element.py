"""<supplier-search> in a page of another origin: what it finds, what it tells, and what it leaves
alone.
"""

import html
import re

import pytest
from playwright.sync_api import Page, expect

from discovery.pages.files.bundles import widget
from tests.browser.widget.conftest import Visit, element, until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EXAMPLE = "nettoyage à 30 km de Lyon, ESAT ou EI"


def chips(page: Page) -> list[str]:
    return page.locator(".chip > span").all_inner_texts()


def total(page: Page) -> int:
    text = page.locator("supplier-search .total").inner_text()
    return int("".join(char for char in text if char.isdigit()) or 0)


def settled(page: Page) -> None:
    expect(page.locator("supplier-search .main")).to_have_attribute("aria-busy", "false")


def test_it_finds_and_says_why(visit: Visit) -> None:
    page = visit(f'q="{EXAMPLE}"')
    assert chips(page) == ["à 30 km", "Lyon (69)", "ESAT", "EI"]
    first = page.locator(".card").first
    expect(first.get_by_role("link", name="Mains Claires")).to_have_attribute(
        "href", re.compile("/fournisseurs/propre-lyon-fiche$")
    )
    expect(first.locator(".where")).to_contain_text("à Lyon")
    expect(first.locator(".why")).to_contain_text("Nettoyage de locaux")
    expect(first.locator(".tags .matched")).to_have_text("Nettoyage de locaux")
    assert page.locator("supplier-search > a").is_hidden()


def test_a_search_by_hand_then_less_of_it(visit: Visit) -> None:
    page = visit("")
    everyone = total(page)
    box = page.get_by_role("combobox", name="Votre besoin, avec vos mots")
    box.fill(EXAMPLE)
    page.get_by_role("button", name="Rechercher").click()
    expect(page.locator(".chip")).to_have_count(4)
    both = total(page)
    assert 0 < both < everyone

    page.get_by_role("button", name="Retirer : EI").click()
    expect(page.locator(".chip > span")).to_have_text(["à 30 km", "Lyon (69)", "ESAT"])
    expect(box).to_have_value("nettoyage à 30 km de Lyon, ESAT")
    assert 0 < total(page) < both

    page.get_by_role("button", name="Retirer : Lyon (69)").click()
    expect(box).to_have_value("nettoyage ESAT")
    page.get_by_role("button", name="Tout effacer").click()
    expect(box).to_have_value("")
    settled(page)
    assert total(page) == everyone


@pytest.mark.slow
def test_attributes_narrow_and_close_their_facets(visit: Visit) -> None:
    page = visit(
        'q="nettoyage" kind="ESAT,EI" region="84" facets="kind,region,sector" per-page="3"'
    )
    kinds = page.get_by_role("group", name="Type").get_by_role("checkbox")
    expect(kinds).to_have_count(2)
    expect(kinds.first).not_to_be_checked()
    assert page.locator("legend").all_inner_texts() == ["Type", "Secteur"]
    expect(page.locator(".card")).to_have_count(3)
    within = total(page)
    kinds.first.check()
    expect(page.locator(".chip")).to_have_count(1)
    assert 0 < total(page) < within


@pytest.mark.slow
def test_attributes_may_change_at_any_time(visit: Visit) -> None:
    page = visit('q="nettoyage"')
    before = total(page)
    page.evaluate("document.querySelector('supplier-search').setAttribute('kind', 'ESAT')")
    expect(page.locator(".total")).not_to_have_text(f"{before} fournisseurs")
    page.evaluate("document.querySelector('supplier-search').setAttribute('lang', 'en')")
    expect(page.locator(".total")).to_contain_text("supplier")
    expect(page.get_by_role("button", name="Search")).to_be_visible()


@pytest.mark.slow
def test_it_tells_the_page_and_the_page_may_keep_its_visitors(visit: Visit) -> None:
    page = visit('q="nettoyage"', wait=False)
    page.evaluate("""() => {
      window.heard = [];
      document.addEventListener("supplier-search:results", (event) => heard.push(event.detail));
      document.addEventListener("supplier-search:select", (event) => {
        heard.push(event.detail);
        event.preventDefault();
      });
    }""")
    page.get_by_role("combobox").fill("blanchisserie")
    page.keyboard.press("Enter")
    until(page, "heard.some((one) => one.q === 'blanchisserie')")
    settled(page)
    page.locator(".card a").first.click()
    heard = page.evaluate("heard")
    assert heard[-2]["q"] == "blanchisserie"
    assert heard[-2]["total"] == total(page) > 0
    assert heard[-1]["position"] == 1
    assert "/fournisseurs/" in heard[-1]["url"]
    assert page.url.endswith("/")


@pytest.mark.slow
def test_the_address_follows_only_when_asked(visit: Visit) -> None:
    page = visit('q="nettoyage"')
    page.get_by_role("checkbox", name="ESAT").check()
    expect(page.locator(".chip")).to_have_count(1)
    assert page.url.endswith("/")

    page = visit('sync="s."', search="?id=7&s.kind=EI")
    expect(page.locator(".chip > span")).to_have_text(["EI"])
    page.get_by_role("combobox").fill("traiteur")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?id=7&s.kind=EI&s.q=traiteur")
    page.go_back()
    expect(page.get_by_role("combobox")).to_have_value("")
    expect(page.locator(".chip > span")).to_have_text(["EI"])


@pytest.mark.slow
def test_two_in_one_page_mind_their_own_business(visit: Visit) -> None:
    page = visit(
        body=element('q="nettoyage" sync="a." label="Nettoyage"')
        + element('q="traiteur" lang="en" sync="b."')
    )
    first, second = page.locator("supplier-search").first, page.locator("supplier-search").nth(1)
    expect(second.locator(".total")).to_contain_text("supplier")
    before = second.locator(".total").inner_text()
    first.get_by_role("checkbox", name="ESAT").check()
    expect(first.locator(".chip > span")).to_have_text(["ESAT"])
    assert second.locator(".total").inner_text() == before
    expect(second.locator(".chip")).to_have_count(0)
    assert "a.kind=ESAT" in page.url
    names = [
        page.get_by_role("search", name=name)
        for name in ("Nettoyage", "Search of inclusive suppliers (2)")
    ]
    for one in names:
        expect(one).to_have_count(1)


def test_the_pinned_module_is_checked_and_serves(visit: Visit, host: str) -> None:
    page = visit(body="<p>…</p>", wait=False)
    made = page.request.get(f"{host}/widget?q=nettoyage").text()
    line = html.unescape(re.search(r'<pre id="pinned".*?<code>(.*?)</code>', made, re.DOTALL)[1])  # type: ignore[index]
    page = visit(body=line)
    assert total(page) > 0
    assert page.locator("script[integrity]").count() == 1


@pytest.mark.slow
def test_a_module_that_is_not_the_pinned_one_does_not_run(visit: Visit, refused: None) -> None:
    integrity = f'integrity="sha384-{"A" * 64}"'
    script = f'<script type="module" src="{{service}}{widget().module}" {integrity} crossorigin></script>'
    page = visit(
        body=script + element(), wait=False, route=("**/v1.js", lambda route: route.abort())
    )
    expect(page.get_by_role("link", name="Chercher un fournisseur inclusif")).to_be_visible()


def test_without_scripts_a_link_remains(visit: Visit) -> None:
    page = visit(scripts=False)
    expect(page.get_by_role("link", name="Chercher un fournisseur inclusif")).to_be_visible()


@pytest.mark.slow
def test_it_may_leave_and_come_back(visit: Visit) -> None:
    page = visit('q="nettoyage"')
    before = total(page)
    page.evaluate("""() => {
      const one = document.querySelector("supplier-search");
      one.remove();
      document.querySelector("main").append(one);
    }""")
    expect(page.locator(".total")).to_have_text(f"{before} fournisseurs")
    expect(page.locator("supplier-search .root")).to_have_count(1)
