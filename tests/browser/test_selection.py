"""Keep three suppliers, compare them, share them: in one browser, in two tabs, in somebody else's,
by keyboard, without JavaScript, on a telephone, where nothing can be stored.
"""

import json

import pytest
from playwright.sync_api import Page, expect

from discovery.pages.shortlist.view import MAX_SELECTED
from tests.browser.conftest import Open
from tests.browser.test_access import faults, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NEED = "/?q=blanchisserie+pr%C3%A8s+de+Lille"


def keep_first(page: Page, count: int = 3) -> list[str]:
    """Names of the first suppliers of a search, which are kept."""
    names = page.locator(".card h2").all_inner_texts()[:count]
    for name in names:
        page.get_by_role("button", name=f"Ajouter à ma sélection : {name}", exact=True).click()
    return names


def link(page: Page, count: int) -> None:
    expect(page.get_by_role("link", name=f"Ma sélection ({count})")).to_be_visible()


def compared(page: Page) -> list[str]:
    expect(page.locator(".compared")).to_be_visible()
    return page.locator(".compared tbody th > a:first-child").all_inner_texts()


def stored(page: Page) -> list[dict[str, str]]:
    return json.loads(page.evaluate("localStorage.getItem('discovery.kept.1')") or "[]")  # type: ignore[no-any-return]


def said(page: Page, text: str) -> None:
    expect(page.locator("#said")).to_have_text(text)


def test_three_laundries_near_lille_kept_compared_and_shared(open_page: Open) -> None:
    journey(open_page)


def journey(open_page: Open) -> None:
    """From a need to a list that somebody else has too, and back to nothing."""
    page = open_page(NEED, permissions=["clipboard-read", "clipboard-write"])
    expect(page.locator("#kept")).to_be_hidden()
    names = keep_first(page)
    said(page, f"{names[2]} : ajouté. Sélection : 3.")
    expect(
        page.get_by_role("button", name=f"Dans ma sélection : {names[0]}", exact=True)
    ).to_have_attribute("aria-pressed", "true")
    assert [set(one) for one in stored(page)] == [{"id", "name"}] * 3, (
        "nothing else is written down"
    )

    page.reload()
    expect(page.locator("button[aria-pressed=true]")).to_have_count(3)
    page.get_by_role("link", name="Ma sélection (3)").click()
    assert compared(page) == names
    expect(page.get_by_label("Lieu du besoin")).to_have_value("Lille (59)")
    expect(page.locator("#foreign")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.startswith("selection-fournisseurs-inclusifs-")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Imprimer").click()
    assert page.evaluate("window.printed")
    page.get_by_role("button", name="Copier le lien").click()
    said(page, "Lien copié.")
    shared = page.evaluate("navigator.clipboard.readText()")

    other = open_page(shared)
    assert compared(other) == names, "in somebody else's browser"
    assert stored(other) == []
    expect(other.get_by_role("button", name="Vider ma sélection")).to_be_hidden()
    other.get_by_role("button", name="Ajouter à ma sélection", exact=True).click()
    link(other, 3)
    expect(other.locator("#foreign")).to_be_hidden()
    assert [one["name"] for one in stored(other)] == names

    page.get_by_role("link", name=f"Retirer {names[1]}").click()
    link(page, 2)
    assert compared(page) == [names[0], names[2]]
    page.get_by_role("button", name="Vider ma sélection").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre sélection est vide")
    assert stored(page) == []
    page.get_by_role("button", name="Annuler").click()
    link(page, 2)
    assert compared(page) == [names[0], names[2]]
    expect(page.get_by_label("Lieu du besoin")).to_have_value("Lille (59)")


def test_a_change_in_place_and_another_tab_know_what_is_kept(open_page: Open) -> None:
    page = open_page("/?q=nettoyage&kind=ESAT,EI")
    [name] = keep_first(page, 1)
    tab = page.context.new_page()
    tab.goto("/fournisseurs/vert-vienne-fiche")
    expect(tab.get_by_role("link", name="Ajouter à ma sélection")).to_be_hidden()
    tab.get_by_role("button", name="Ajouter à ma sélection : Jardins de l'Essai").click()
    link(tab, 2)
    link(page, 2)
    page.locator("#kind-ESAT").click()
    expect(page.locator("#said")).to_contain_text("fournisseur")
    buttons = page.locator(".card button.keep")
    assert buttons.count() == page.locator(".card").count()
    expect(buttons.last).to_be_visible()
    tab.get_by_role("button", name="Dans ma sélection : Jardins de l'Essai").click()
    said(tab, "Jardins de l'Essai : retiré. Sélection : 1.")
    link(page, 1)
    page.goto("/selection")
    assert compared(page) == [name], "the bare address leads to what is kept"


def test_a_delisted_supplier_is_told_by_the_name_it_was_kept_under(open_page: Open) -> None:
    page = open_page("/?view=list")
    page.evaluate("""localStorage.setItem('discovery.kept.1', JSON.stringify(
        [{ id: "propre-lyon", name: "Mains Claires" }, { id: "parti", name: "L'Ancienne" }]))""")
    page.goto("/selection")
    expect(page.locator(".missing")).to_contain_text("L'Ancienne n'est plus référencé.")
    assert compared(page) == ["Mains Claires"]
    page.locator(".missing").get_by_role("link").click()
    link(page, 1)
    expect(page.locator(".missing")).to_have_count(0)


@pytest.mark.parametrize("refused", ["writing", "everything"])
def test_where_nothing_can_be_stored_it_lasts_as_long_as_the_page(
    open_page: Open, refused: str
) -> None:
    page = open_page("/?view=list")
    refuse = """() => { throw new DOMException("full", "QuotaExceededError"); }"""
    methods = ["setItem"] if refused == "writing" else ["setItem", "getItem"]
    page.add_init_script("".join(f"Storage.prototype.{one} = {refuse};" for one in methods))
    page.goto(NEED)
    names = keep_first(page)
    expect(page.locator("#kept-note")).to_contain_text("Ce navigateur n'enregistre rien ici")
    page.get_by_role("link", name="Ma sélection (3)").click()
    assert compared(page) == names, "the address holds them"
    page.goto(NEED)
    expect(page.locator("#kept")).to_be_hidden()


@pytest.mark.parametrize("held", ["{", "{}", "[1, null]", '[{"id": 1}]', '"x"'])
def test_what_others_wrote_under_our_key_does_no_harm(open_page: Open, held: str) -> None:
    page = open_page("/?view=list")
    page.evaluate("held => localStorage.setItem('discovery.kept.1', held)", held)
    page.goto(NEED)
    keep_first(page, 1)
    link(page, 1)


def test_a_full_selection_says_so_and_takes_no_more(open_page: Open) -> None:
    page = open_page("/?view=list")
    held = [{"id": f"crowd-{number:03}", "name": str(number)} for number in range(MAX_SELECTED)]
    page.evaluate("held => localStorage.setItem('discovery.kept.1', JSON.stringify(held))", held)
    page.goto("/fournisseurs/propre-lyon-fiche")
    page.get_by_role("button", name="Ajouter à ma sélection : Mains Claires").click()
    expect(page.locator("#kept-note")).to_contain_text(f"{MAX_SELECTED} fournisseurs au plus")
    expect(
        page.get_by_role("button", name="Ajouter à ma sélection : Mains Claires")
    ).to_have_attribute("aria-pressed", "false")
    page.goto("/selection?id=propre-lyon")
    page.get_by_role("button", name="Ajouter à ma sélection", exact=True).click()
    expect(page.locator("#kept-note")).to_contain_text(f"{MAX_SELECTED} fournisseurs au plus")
    assert len(stored(page)) == MAX_SELECTED
    page.locator("#kept").click()
    assert len(compared(page)) == MAX_SELECTED
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_all_of_it_by_keyboard(open_page: Open) -> None:
    page = open_page("/?q=blanchisserie")
    for key in ("Enter", "Space"):
        tab_to(page, "button.keep[aria-pressed=false]")
        page.keyboard.press(key)
    expect(page.locator("button.keep[aria-pressed=true]")).to_have_count(2)
    tab_to(page, "#kept", "Shift+Tab")
    page.keyboard.press("Enter")
    assert len(compared(page)) == 2
    tab_to(page, "#need")
    page.keyboard.type("Lille")
    page.keyboard.press("Enter")
    expect(page.locator(".of-reach").first).to_contain_text("km")
    tab_to(page, "#clear")
    page.keyboard.press("Enter")
    expect(page.locator("#cleared")).to_be_visible()
    tab_to(page, "#undo")
    page.keyboard.press("Enter")
    assert len(compared(page)) == 2


def test_the_link_follows_where_the_header_is_out_of_sight(open_page: Open) -> None:
    page = open_page(NEED, height=600)
    keep_first(page, 1)
    expect(page.locator(".kept")).not_to_have_class("kept away")
    page.locator(".card").last.scroll_into_view_if_needed()
    expect(page.locator(".kept")).to_have_class("kept away")
    expect(page.locator("#kept")).to_be_in_viewport()
    page.set_viewport_size({"width": 320, "height": 600})
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator(".kept")).to_have_class("kept away")
    assert faults(page) == []
    page.locator("#kept").click()
    assert len(compared(page)) == 1
    expect(page.locator("#kept")).to_be_hidden()  # this is where it leads


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_suppliers_stand_side_by_side_where_there_is_room(open_page: Open, width: int) -> None:
    page = open_page(
        "/selection?id=propre-lyon&id=linge-nantes&id=crowd-001&near=Lyon", width=width
    )
    places = [one.bounding_box() for one in page.locator(".compared tbody tr").all()]
    tops = {round(place["y"]) for place in places if place}
    assert len(tops) == (3 if width == 320 else 1)
    towns = [one.bounding_box() for one in page.locator(".of-town").all()]
    if width > 320:
        assert len({round(town["y"]) for town in towns if town}) == 1, "what is compared is in line"
    expect(page.get_by_role("row")).to_have_count(4)
    expect(page.get_by_role("cell")).to_have_count(
        3 * (page.get_by_role("columnheader").count() - 1)
    )
    expect(page.get_by_role("rowheader")).to_have_count(3)
