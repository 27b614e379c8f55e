"""Fifteen tasks of a buyer, a federation and an analyst, played to the end with and without
scripts.

Each begins on the page that one comes to. An action is a press, a field filled in or a value
chosen. A task that comes to take more of them has become harder, and fails.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, understood

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NEED = "Votre besoin, avec vos mots"


@dataclass
class Hands:
    """What somebody does on a page, counted. `kind`: one that cleans; `way`: how one that cleans
    near `town` is reached.
    """

    page: Page
    scripts: bool
    kind: str = "ESAT"
    way: str = "mailto:"
    town: str = "Lyon"
    actions: int = 0

    def press(self, what: Locator) -> None:
        self.actions += 1
        what.click()

    def link(self, name: str, *, exact: bool = True) -> None:
        self.press(self.page.get_by_role("link", name=name, exact=exact).first)

    def button(self, name: str) -> None:
        self.press(self.page.get_by_role("button", name=name).first)

    def fill(self, label: str, text: str) -> None:
        self.actions += 1
        self.page.get_by_label(label, exact=True).fill(text)

    def search(self, phrase: str) -> None:
        self.fill(NEED, phrase)
        self.button("Rechercher")
        expect(self.page.locator("#total")).to_be_visible()

    def filter(self, name: str) -> None:
        """A value of a facet; nothing else on the page bears its name."""
        filters = self.page.get_by_role("navigation", name="Filtres")
        self.press(filters.get_by_role("link", name=re.compile(name)).first)

    def saved(self, press: Callable[[], None]) -> bytes:
        with self.page.expect_download() as download:
            press()
        return Path(download.value.path()).read_bytes()

    @property
    def total(self) -> int:
        return int(
            "".join(char for char in self.page.locator("#total").inner_text() if char.isdigit())
            or 0
        )


def reach_a_supplier_nearby(hands: Hands) -> None:
    hands.search(f"nettoyage à 30 km de {hands.town}")
    card = hands.page.locator(f".card:has(.ways-to a[href^='{hands.way}'])").first
    hands.press(card.locator("h2 a"))
    way = hands.page.locator(f".contact a[href^='{hands.way}']").first
    expect(way).to_be_visible()
    if hands.way == "mailto:":
        assert "nettoyage" in (way.get_attribute("href") or "")


def keep_to_one_kind(hands: Hands) -> None:
    hands.search("nettoyage")
    before = hands.total
    hands.filter(f"^{hands.kind} ")
    expect(understood(hands.page)).to_have_text([hands.kind])
    assert 0 < hands.total < before
    assert set(hands.page.locator(".results .kind b").all_inner_texts()) == {hands.kind}


def refuse_a_kind(hands: Hands) -> None:
    hands.search("nettoyage sauf ESAT")
    assert hands.total > 0
    assert "ESAT" not in hands.page.locator(".results .kind b").all_inner_texts()


def find_in_a_town_typed_badly(hands: Hands) -> None:
    hands.fill("Autour de", "Lyonn")
    hands.search("nettoyage")
    expect(hands.page.locator(".understood .warning")).to_contain_text("Lyon (69)")
    assert hands.total > 0


def ask_several_for_a_quote(hands: Hands) -> None:
    hands.search("nettoyage")
    if hands.scripts:
        for number in range(2):
            hands.press(hands.page.locator(".card .keep").nth(number))
        hands.link("Ma sélection (2)")
    else:
        others = hands.page.locator(".card h2 a").nth(1).get_attribute("href") or ""
        hands.press(hands.page.locator(".card h2 a").first)
        hands.link("Ajouter à ma sélection")
        hands.press(hands.page.locator("summary", has_text="Ajouter une fiche par son adresse"))
        hands.fill("Adresse d'une fiche", others)
        hands.button("Ajouter")
    expect(hands.page.locator(".compared tbody tr")).to_have_count(2)
    expect(hands.page.get_by_label("Besoin (pour le devis)")).to_have_value("nettoyage")
    quote = hands.page.get_by_role("link", name=re.compile("Demander un devis"))
    assert re.match("mailto:.*nettoyage", quote.get_attribute("href") or "")


def take_everyone_as_a_spreadsheet(hands: Hands) -> None:
    hands.search("nettoyage")
    hands.press(hands.page.locator("summary", has_text="Exporter"))
    assert hands.saved(lambda: hands.link("Excel")).startswith(b"PK")


def file_a_sourcing_sheet(hands: Hands) -> None:
    hands.search("nettoyage à 30 km de Lyon")
    hands.press(hands.page.locator("summary", has_text="Exporter"))
    hands.link("Fiche de sourcing")
    expect(hands.page.locator(".sheet table.list tbody tr").first).to_be_visible()


def answer_a_notice_lot_by_lot(hands: Hands) -> None:
    hands.link("Chercher à partir d'un besoin")
    hands.page.locator("textarea").fill(
        "Lot 1 : nettoyage des bureaux à Lyon\nLot 2 : entretien des espaces verts à Lyon"
    )
    hands.actions += 1
    hands.press(hands.page.locator(".need form button[type=submit]").first)
    expect(hands.page.locator(".lot")).to_have_count(2)


def search_by_a_cpv_code(hands: Hands) -> None:
    hands.search("CPV 90910000 Lyon")
    assert hands.total > 0
    assert understood(hands.page).all_inner_texts()


def check_suppliers_that_one_has(hands: Hands) -> None:
    hands.link("Mes fournisseurs sont-ils inclusifs ?")
    hands.page.locator("#given").fill("99900000100019\n99900000200017\n00000000000000")
    hands.actions += 1
    hands.press(hands.page.locator("main form button[type=submit]").first)
    expect(hands.page.locator("#results tbody tr")).to_have_count(3)


def see_who_serves_several_towns(hands: Hands) -> None:
    hands.search("nettoyage Lyon, Grenoble et Villeurbanne")
    hands.link("Lieu par lieu")
    expect(hands.page.locator("table thead th")).to_have_count(4)


def list_the_members_of_a_network(hands: Hands) -> None:
    hands.link("Voir toute la liste")
    hands.press(hands.page.locator("#fold-network > summary"))
    hands.filter("UNAPEI")
    expect(understood(hands.page)).to_have_text(["UNAPEI"])
    hands.press(hands.page.locator("summary", has_text="Exporter"))
    rows = hands.saved(lambda: hands.link("CSV")).decode("utf-8-sig").splitlines()
    assert len(rows) == hands.total + 1


def put_the_search_on_ones_own_site(hands: Hands) -> None:
    hands.link("Pour votre site")
    hands.press(hands.page.get_by_label("ESAT", exact=True))
    if not hands.scripts:
        hands.press(hands.page.locator("#update"))
    expect(hands.page.locator("#made code").first).to_contain_text('kind="ESAT"')


def follow_who_is_new(hands: Hands) -> None:
    hands.search("nettoyage")
    hands.press(hands.page.locator("#follow > summary"))
    hands.link("Flux Atom")
    expect(hands.page.locator(".feed ol > li").first).to_be_visible()


def find_trades_that_lack_suppliers(hands: Hands) -> None:
    hands.link("Chiffres publics")
    hands.press(hands.page.locator("details.gap summary").first)
    expect(hands.page.locator("details.gap[open] a").first).to_be_visible()


TASKS: dict[Callable[[Hands], None], tuple[int, int]] = {
    reach_a_supplier_nearby: (3, 3), keep_to_one_kind: (3, 3), refuse_a_kind: (2, 2),
    find_in_a_town_typed_badly: (3, 3), ask_several_for_a_quote: (5, 7), take_everyone_as_a_spreadsheet: (4, 4),
    file_a_sourcing_sheet: (4, 4), answer_a_notice_lot_by_lot: (3, 3), search_by_a_cpv_code: (2, 2),
    check_suppliers_that_one_has: (3, 3), see_who_serves_several_towns: (3, 3), list_the_members_of_a_network: (5, 5),
    put_the_search_on_ones_own_site: (2, 3), follow_who_is_new: (4, 4), find_trades_that_lack_suppliers: (2, 2),
}  # fmt: skip
"""Task → its most actions, with scripts and without."""


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__.replace("_", " "))
def test_a_task_is_played_to_its_end(
    open_page: Open, task: Callable[[Hands], None], scripts: bool
) -> None:
    played(open_page, task, scripts)


def played(open_page: Open, task: Callable[[Hands], None], scripts: bool, **told: Any) -> None:
    hands = Hands(open_page("/", scripts=scripts), scripts, **told)
    begun = time.monotonic()
    task(hands)
    took = time.monotonic() - begun
    print(
        f"{task.__name__}, {'with' if scripts else 'without'} scripts: {hands.actions} actions, {took:.1f} s"
    )
    assert hands.actions <= TASKS[task][0 if scripts else 1]
