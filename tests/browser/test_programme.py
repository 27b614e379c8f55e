"""A buyer's spreadsheet of thirty lines: in by the page, out as the completed sheet and one printed
sourcing sheet.
"""

import json
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.test_access import NO_COLUMNS, TOO_WIDE, WIDTHS, faults
from tests.spreadsheets import xlsx

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WORKS = (
    ("Nettoyage des bureaux et de la vitrerie", "90919200-4"), ("Entretien des espaces verts des écoles", 77310000),
    ("Collecte et recyclage des papiers", "90511400"), ("Blanchissage du linge de la cuisine", "98310000-9"),
    ("Traiteur pour les vœux du maire", "55520000-1"), ("Menuiserie : réfection des portes", ""),
    ("Assurance de la flotte automobile", "66514110-0"), ("Fourniture de carburants", "09130000-9"),
    ("Lavage des véhicules de service", ""), ("Location de nacelles", "45510000"),
)  # fmt: skip
TOWNS = ("Lyon", "Villeurbanne", "Grenoble")
ROWS = [
    ["Ville de Lyon – programmation des achats 2026"],
    [],
    ["N°", "Direction", "Objet du marché", "Code CPV", "Lieu d'exécution", "Montant estimé HT", "Échéance"],
    *([number, "Moyens généraux", *WORKS[number % 10], TOWNS[number % 3], 8_000 + 3_500 * number, f"T{number % 4 + 1}"]
      for number in range(30)),
]  # fmt: skip


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    file = tmp_path / "programmation 2026.xlsx"
    file.write_bytes(xlsx(ROWS))
    return file


def answered(page: Page, file: Path) -> None:
    page.get_by_label("Votre programme").set_input_files(file)
    page.get_by_role("button", name="Lire le fichier").click()
    expect(page.get_by_label("Codes CPV")).to_have_value("D")
    expect(page.get_by_text("30 lignes à chercher")).to_be_visible()
    page.get_by_role("button", name="Trouver les fournisseurs").click()
    expect(page.locator("table.purchases tbody tr")).to_have_count(30)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_buyer_leaves_with_the_completed_sheet_and_a_sourcing_sheet(
    open_page: Open, programme: Path, tmp_path: Path, scripts: bool
) -> None:
    page = open_page("/besoin", scripts=scripts)
    page.get_by_role("link", name="Envoyez votre programme d'achat").click()
    page.get_by_label("Votre programme").set_input_files(programme)
    page.get_by_role("button", name="Lire le fichier").click()
    expect(page.get_by_label("Codes CPV")).to_have_value("D")
    page.get_by_label("Date").select_option("")
    page.get_by_role("button", name="Relire avec ces colonnes").click()
    expect(page.get_by_label("Date")).to_have_value("")
    page.get_by_role("button", name="Trouver les fournisseurs").click()
    expect(page.locator("table.purchases tbody tr")).to_have_count(30)

    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger la feuille complétée").click()
    download.value.save_as(tmp_path / "back.xlsx")
    book = openpyxl.load_workbook(tmp_path / "back.xlsx")
    rows = list(book["Programme"].iter_rows(values_only=True))
    assert [row[:7] for row in rows[1:]] == [
        (*map(str, row[:5]), row[5], row[6]) for row in ROWS[3:]
    ]
    assert sum(bool(row[7]) for row in rows[1:]) >= 15

    page.get_by_role("link", name="Fiche de sourcing : Nettoyage des bureaux").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fiche de sourcing")
    if scripts:
        expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


HELD = (
    "(event) => { (globalThis.sent ??= []).push(!event.defaultPrevented); event.preventDefault(); }"
)


def test_it_says_that_lines_are_being_searched_and_sends_them_once(
    open_page: Open, programme: Path
) -> None:
    page = open_page("/programme")
    page.get_by_label("Votre programme").set_input_files(programme)
    page.get_by_role("button", name="Lire le fichier").click()
    expect(page.get_by_text("30 lignes à chercher")).to_be_visible()
    page.wait_for_load_state()  # the page's own scripts run
    page.evaluate(f"addEventListener('submit', {HELD})")
    find = page.get_by_role("button", name="Trouver les fournisseurs")
    for persisted in (
        False,
        True,
    ):  # shown as it finished loading; shown again by the browser's way back
        find.click()
        page.evaluate(
            f"dispatchEvent(new PageTransitionEvent('pageshow', {{ persisted: {json.dumps(persisted)} }}))"
        )
    find.click()
    assert page.evaluate("sent") == [True, False, True]
    expect(
        page.get_by_role("status").get_by_role("progressbar", name="Recherche de 30 lignes")
    ).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("step", ["file", "columns", "lines"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    open_page: Open, programme: Path, step: str
) -> None:
    page = open_page("/programme")
    if step == "columns":
        page.get_by_label("Votre programme").set_input_files(programme)
        page.get_by_role("button", name="Lire le fichier").click()
    elif step == "lines":
        answered(page, programme)
    page.evaluate(
        "document.querySelectorAll('details:not(:has(> .popover))').forEach((one) => { one.open = true; })"
    )
    assert faults(page) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate(TOO_WIDE) == [], width
        assert page.evaluate(NO_COLUMNS) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []
