"""Filters: looked through, folded, chosen one within another, in place and by keyboard; what a kind
is.
"""

import pytest
from playwright.sync_api import expect

from discovery.pages.results import page as results_page
from tests.browser.conftest import Open, understood
from tests.browser.test_access import faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_long_list_is_looked_through_and_stays_so(open_page: Open) -> None:
    page = open_page("/?view=list")
    box = page.get_by_role("searchbox", name="Chercher dans la liste : Secteur")
    box.fill("VÉHICULES")
    shown = page.locator("#fold-sector li:visible > a > span")
    expect(shown).to_have_text(["Hygiène et propreté", "Nettoyage de véhicules"])
    expect(page.locator("#said")).to_have_text("1 dans la liste")
    page.locator("#fold-network > summary").click()
    page.locator("#sector-nettoyage-de-vehicules").click()
    expect(understood(page)).to_have_text(["Nettoyage de véhicules"])
    expect(shown).to_have_text(["Hygiène et propreté", "Nettoyage de véhicules"])
    expect(page.locator("#fold-network")).to_have_attribute("open", "")
    page.get_by_role("searchbox", name="Chercher dans la liste : Secteur").fill("")
    expect(page.locator("#sector_group-hygiene-et-proprete")).to_be_visible()
    expect(page.locator("#sector_group-entretien-du-linge")).to_be_visible()


def test_what_a_page_left_out_comes_when_it_is_opened(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results_page, "TAIL", 0)
    page = open_page("/?view=list")
    assert page.locator("#sector-nettoyage-de-vehicules").count() == 0
    page.get_by_role("link", name="Secteurs : Hygiène et propreté").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sector-nettoyage-de-vehicules")).to_be_visible()
    expect(page.locator("#in-sector_group-hygiene-et-proprete > summary")).to_be_focused()
    expect(page.locator("#fold-sector .whole")).to_have_count(0)
    assert page.url.endswith("/?view=list")  # it is the same page
    assert faults(page) == []
    page.locator("#sector-nettoyage-de-vehicules").click()
    expect(understood(page)).to_have_text(["Nettoyage de véhicules"])
    expect(page.locator("#sector-nettoyage-de-vehicules")).to_be_focused()


def test_what_a_page_left_out_is_looked_through(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results_page, "TAIL", 0)
    page = open_page("/?view=list")
    page.get_by_role("searchbox", name="Chercher dans la liste : Secteur").press_sequentially(
        "véhicules"
    )
    expect(page.locator("#fold-sector li:visible > a > span")).to_have_text(
        ["Hygiène et propreté", "Nettoyage de véhicules"]
    )
    expect(page.locator("#said")).to_have_text("1 dans la liste")
    page.locator("#sector-nettoyage-de-vehicules").click()
    expect(understood(page)).to_have_text(["Nettoyage de véhicules"])
    expect(page.locator("#fold-sector li:visible > a > span")).to_have_text(
        ["Hygiène et propreté", "Nettoyage de véhicules"]
    )


def test_a_branch_and_a_kind_by_keyboard(open_page: Open) -> None:
    page = open_page("/?q=nettoyage")
    page.locator("#in-sector_group-hygiene-et-proprete > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(understood(page)).to_have_count(1)
    assert page.evaluate("document.activeElement.id").startswith("sector-")
    kind = page.locator(".card .kind").first
    told = page.locator(f"#what-{kind.locator('b').inner_text()}")
    kind.focus()
    page.keyboard.press("Enter")
    expect(told).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    expect(kind).to_be_focused()


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("un traiteur ESAT à Nantes pour 80 personnes", "métier : Traiteur"),
        ("qui nettoie des bureaux partout en Bretagne", "nettoie"),
    ],
)
def test_a_buyers_first_tasks(open_page: Open, phrase: str, words: str) -> None:
    page = open_page("/?view=list")
    page.get_by_role("combobox", name="Votre besoin, avec vos mots").fill(phrase)
    page.keyboard.press("Enter")
    expect(page.locator(".understood")).to_contain_text(words)
    page.locator(".card h2 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("combobox", name="Votre besoin, avec vos mots")).to_have_value(phrase)
