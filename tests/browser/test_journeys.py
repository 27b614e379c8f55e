"""What people do, from a need to a supplier, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, understood

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EXAMPLE = "nettoyage à 30 km de Lyon, ESAT ou EI"


def total(page: Page) -> int:
    return int("".join(char for char in page.locator("#total").inner_text() if char.isdigit()) or 0)


@pytest.mark.parametrize(
    "scripts",
    [True, pytest.param(False, marks=pytest.mark.slow)],
    ids=["with scripts", "without scripts"],
)
def test_from_a_need_to_a_supplier(open_page: Open, scripts: bool) -> None:
    page = open_page("/", scripts=scripts)
    page.get_by_label("Votre besoin, avec vos mots").fill(EXAMPLE)
    page.get_by_role("button", name="Rechercher").click()
    expect(understood(page)).to_have_text(["à 30 km", "Lyon (69)", "ESAT", "EI"])
    both = total(page)

    page.get_by_role("link", name="Retirer : EI").click()
    expect(understood(page)).to_have_text(["à 30 km", "Lyon (69)", "ESAT"])
    assert 0 < total(page) < both

    page.locator("#fold-coverage > summary").click()  # folded: both of them do
    page.get_by_role("navigation", name="Filtres").get_by_role(
        "link", name="Se déplacent ici"
    ).click()
    expect(page.get_by_role("link", name="Retirer : Intervient sur place")).to_be_visible()

    page.get_by_role("link", name="Mains Claires", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mains Claires")
    page.go_back()
    expect(page.get_by_role("link", name="Retirer : Intervient sur place")).to_be_visible()


def test_a_filter_changes_the_page_in_place(open_page: Open) -> None:
    page = open_page("/?q=nettoyage", height=500)
    page.evaluate("window.same = true")
    before = total(page)
    page.locator("#more-department summary").click()
    page.get_by_label("Autour de", exact=True).fill("Lyo")
    link = page.locator("#kind-ESAT")
    link.scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    link.focus()
    page.keyboard.press("Enter")

    expect(page.locator("#kind-ESAT")).to_have_attribute("aria-current", "true")
    assert page.evaluate("window.same") is True
    assert page.evaluate("document.activeElement.id") == "kind-ESAT"
    assert page.url.endswith("/?q=nettoyage&kind=ESAT")
    assert page.title().startswith("nettoyage – ")
    assert 0 < total(page) < before
    assert page.get_by_label("Autour de", exact=True).input_value() == "Lyo"
    assert abs(page.evaluate("scrollY") - scrolled) < 200
    # Said to those who listen: how many, and what narrows.
    understood = page.locator(".understood .chip > span").all_text_contents()
    assert "ESAT" in understood
    expect(page.locator("#said")).to_have_text(
        ", ".join([page.locator("#total").inner_text(), *understood])
    )
    # What the form carries along has changed too.
    assert page.locator("#search input[name=kind]").get_attribute("value") == "ESAT"

    page.go_back()
    expect(page.locator("#kind-ESAT")).not_to_have_attribute("aria-current", "true")
    assert page.evaluate("window.same") is True
    assert total(page) == before


@pytest.mark.slow
def test_open_lists_stay_open(open_page: Open) -> None:
    page = open_page("/?view=list")
    page.locator("#more-department summary").click()
    folded = page.locator("#more-department a").first
    name = folded.get_attribute("id")
    folded.click()
    expect(page.locator(f"[id='{name}']")).to_have_attribute("aria-current", "true")
    expect(page.locator("#more-department")).to_have_attribute("open", "")


@pytest.mark.slow
def test_a_removed_chip_gives_the_focus_to_the_total(open_page: Open) -> None:
    page = open_page("/?q=nettoyage&kind=ESAT")
    page.get_by_role("link", name="Retirer : ESAT").click()
    expect(page.locator(".understood :not([aria-labelledby=trades]) > li.chip")).to_have_count(0)
    assert page.evaluate("document.activeElement.id") == "total"


@pytest.mark.slow
def test_the_last_of_two_quick_clicks_wins(open_page: Open) -> None:
    page = open_page("/?q=nettoyage")
    waiting = []
    page.route("**/*kind=ESAT*", lambda route: waiting.append(route))
    page.locator("#kind-ESAT").click()
    page.locator("#kind-EI").click()
    expect(understood(page)).to_have_text(["EI"])
    for route in waiting:
        route.continue_()
    page.wait_for_timeout(300)
    assert understood(page).all_inner_texts() == ["EI"]


@pytest.mark.slow
def test_a_link_opens_in_a_new_tab_when_asked(open_page: Open) -> None:
    page = open_page("/?q=nettoyage")
    with page.context.expect_page() as opened:
        page.locator("#kind-ESAT").click(modifiers=["ControlOrMeta"])
    assert opened.value.url.endswith("kind=ESAT")
    assert page.url.endswith("/?q=nettoyage")


@pytest.mark.slow
def test_the_other_language_and_the_feeds_follow_what_changed_in_place(open_page: Open) -> None:
    page = open_page("/?q=nettoyage")
    page.locator("#kind-ESAT").click()
    expect(understood(page)).to_have_text(["ESAT"])
    for feed in (
        page.locator("head > link[type='application/atom+xml']"),
        page.get_by_text("Flux Atom"),
    ):
        expect(feed).to_have_attribute("href", "/feed.atom?q=nettoyage&kind=ESAT")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert understood(page).all_inner_texts() == ["ESAT"]


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_on_a_telephone_filters_open_and_close(open_page: Open, scripts: bool) -> None:
    page = open_page("/?q=nettoyage", width=320, scripts=scripts)
    facets = page.locator(".facets")
    expect(facets).to_be_hidden()
    page.locator("label.drawer").click()
    expect(facets).to_be_visible()
    page.locator("#kind-ESAT").click()
    expect(understood(page)).to_have_text(["ESAT"])
    expect(page.locator("label.drawer")).to_contain_text("1")
    # In place, the list is still open for a second choice; a new page starts closed.
    expect(page.locator(".facets")).to_be_visible(visible=scripts)
