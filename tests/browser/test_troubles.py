"""Searches that do not die: no connection, no answer, a whole text pasted, a place half typed,
"around me".
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.test_access import faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SEARCH = "/?q=nettoyage+%C3%A0+30+km+de+Lyon"
LONG = (
    "Lot 1 : nettoyage des bureaux de la mairie de Lyon\nLot 2 : entretien des espaces verts\n"
    + "Détail. " * 60
)
LYON = {"latitude": 45.76421, "longitude": 4.83566}


def trouble(page: Page) -> str:
    told = page.locator("#trouble p")
    expect(told).not_to_be_empty()  # a busy machine says it later
    return told.inner_text()


def ask(page: Page, q: str) -> None:
    page.locator("#q").fill(q)
    page.locator("#q").press("Enter")


def test_offline_the_page_and_the_request_stay_and_it_is_sent_once_the_connection_is_back(
    open_page: Open,
) -> None:
    page = open_page(SEARCH)
    before = page.locator(".card").count()
    page.context.set_offline(True)
    ask(page, "blanchisserie")
    expect(page.locator("#trouble")).to_be_visible()
    assert "hors ligne" in trouble(page)
    assert page.locator(".card").count() == before
    expect(page.locator("#q")).to_have_value("blanchisserie")
    assert faults(page) == []
    page.context.set_offline(False)
    page.wait_for_url("**/?q=blanchisserie")
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.locator("main")).not_to_have_attribute("aria-busy", "true")


def test_a_service_that_breaks_off_is_said_and_asked_again(open_page: Open) -> None:
    page = open_page(SEARCH)
    page.route("**/?q=nettoyage*kind=*", lambda route: route.abort())
    page.locator("#kind-ESAT").click()
    assert "ne répond pas" in trouble(page)
    expect(page.locator("main")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator(".card").first).to_be_visible()
    page.unroute("**/?q=nettoyage*kind=*")
    page.locator("#trouble").get_by_role("button", name="Réessayer").click()
    page.wait_for_url("**kind=ESAT*")
    expect(page.locator("#trouble")).to_be_hidden()


def test_trouble_is_put_away(open_page: Open) -> None:
    page = open_page(SEARCH, width=320)
    page.context.set_offline(True)
    ask(page, "traiteur")
    page.locator("#trouble").get_by_role("button", name="Fermer").click()
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("traiteur")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_whole_text_is_told_and_read_lot_by_lot(open_page: Open, scripts: bool) -> None:
    page = open_page(SEARCH, scripts=scripts)
    page.locator("#q").fill(LONG)
    if scripts:
        expect(page.locator("#too-long")).to_be_visible()  # as it is pasted
        assert faults(page) == []
    page.locator("#q").press("Enter")
    if not scripts:
        page.locator("#too-long").get_by_role("button").click()
    page.wait_for_url("**/besoin")
    assert (
        len(page.locator("#need").input_value()) > 300
    )  # whole, but for line ends, which a box of one line has not
    expect(page.locator(".lot").first).to_be_visible()


def test_what_is_short_again_is_told_no_more(open_page: Open) -> None:
    page = open_page("/")
    page.locator("#q").fill(LONG)
    expect(page.locator("#too-long")).to_be_visible()
    page.locator("#q").fill("nettoyage")
    expect(page.locator("#too-long")).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize(
    ("typed", "town"), [("Vileurbane", "Villeurbanne (69)"), ("villeurb", "Villeurbanne (69)")]
)
def test_a_town_misspelt_or_half_typed_is_the_nearest_and_said_so(
    open_page: Open, typed: str, town: str, scripts: bool
) -> None:
    page = open_page("/?q=nettoyage&near=Lyon", scripts=scripts)
    page.locator("#near").fill(typed)
    page.locator("#near").press("Enter")
    expect(page.locator(".warning", has_text=town)).to_be_visible()
    expect(page.locator(".card").first).to_be_visible()


@pytest.mark.parametrize("address", [SEARCH, "/"])
def test_around_me_searches_within_a_kilometre_of_where_the_browser_is(
    open_page: Open, address: str
) -> None:
    page = open_page(address, geolocation=LYON, permissions=["geolocation"])
    page.locator("#q").fill("nettoyage")
    page.get_by_role("button", name="Autour de moi").click()
    page.wait_for_url("**lat=45.76&lon=4.84*")
    expect(page.locator(".card .where strong").first).to_be_visible()
    expect(page.locator("#q")).to_have_value("nettoyage")
