"""`discovery programme`: a spreadsheet in, its lines answered, a completed spreadsheet out."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from discovery.cli import main
from discovery.mappings import Settings
from tests.api.test_commands import environment_of
from tests.spreadsheets import PROGRAMME, ods, xlsx

Programme = Callable[..., Result]


@pytest.fixture
def programme(configured: Settings, monkeypatch: pytest.MonkeyPatch) -> Programme:
    for name, value in environment_of(configured).items():
        monkeypatch.setenv(name, value)

    def invoke(given: bytes, *options: str) -> Result:
        return CliRunner().invoke(
            main, ["programme", "-", *options], input=given, catch_exceptions=False
        )

    return invoke


def test_each_line_is_told_with_its_row_its_trades_and_what_may_be_considered(
    programme: Programme,
) -> None:
    result = programme(xlsx(PROGRAMME))
    assert result.exit_code == 0
    assert "Ligne 4 · Nettoyage de bureaux: Nettoyage de locaux" in result.output
    assert "(par le code CPV)" in result.output
    assert (
        "Ligne 6 · Assurance des véhicules: Aucun métier de l'achat inclusif reconnu."
        in result.output
    )
    assert "« beaucoup » n'est pas un montant" in result.output
    assert "5 lignes, dont 3 au métier reconnu" in result.output


def test_a_line_is_answered_as_a_lot_is(programme: Programme) -> None:
    told = json.loads(programme(ods(PROGRAMME), "--json").output)
    assert told["columns"] == {"title": "B", "cpv": "C", "place": "D", "amount": "E", "date": None}
    need = {
        "lots": [
            {"title": "Nettoyage de bureaux", "cpv": ["90919200"], "place": "Lyon", "amount": 45000}
        ]
    }
    asked = CliRunner().invoke(main, ["need", "-", "--json"], input=json.dumps(need))
    (lot,) = json.loads(asked.output)["lots"]
    line = told["lines"][0]
    assert line.pop("row") == 4
    assert [one.split(" · ")[0] for one in line.pop("first")] == [
        one["display_name"] for one in lot["suppliers"][:3]
    ]
    assert line == {**lot, "suppliers": []}


def test_columns_may_be_corrected(programme: Programme) -> None:
    told = json.loads(
        programme(xlsx(PROGRAMME), "--json", "--column", "place=", "--head", "4").output
    )
    assert (told["head"], told["columns"]["place"]) == (4, None)
    assert [one["row"] for one in told["lines"]] == [5, 6, 8, 9]
    assert all(one["place"] is None for one in told["lines"])


@pytest.mark.slow
def test_the_sheet_comes_back_completed_with_a_summary_and_charts(
    programme: Programme, tmp_path: Path
) -> None:
    file = tmp_path / "sourcing.xlsx"
    assert programme(xlsx(PROGRAMME), "--xlsx", str(file)).exit_code == 0
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Programme", "Synthèse"]
    rows = list(book["Programme"].iter_rows(values_only=True))
    assert rows[0][:7] == (*PROGRAMME[2], "Métiers", "Reconnu")
    by_title = {row[1]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    cleaning = by_title["Nettoyage de bureaux"]
    assert cleaning["Montant estimé HT"] == 45_000
    assert cleaning["Fournisseurs"] == cleaning["dont insertion"] + cleaning["dont handicap"] > 0
    assert cleaning["dont établis sur place"] + cleaning["dont intervenant sur place"] > 0
    assert cleaning["Code de la commande publique"].startswith("L211")
    assert (
        by_title["Assurance des véhicules"]["Conseil"]
        == "Aucun métier de l'achat inclusif reconnu."
    )
    assert "beaucoup" in by_title["Nettoyage de vitres"]["Remarques"]
    assert len(book["Synthèse"]._charts) >= 4


def test_texts_that_a_spreadsheet_could_run_are_texts(programme: Programme, tmp_path: Path) -> None:
    file = tmp_path / "sourcing.xlsx"
    evil = "=HYPERLINK(1) nettoyage;@SUM(1);+1;-2;https://evil.example\n"
    assert (
        programme(f"Objet;=cmd();Lieu;Date;Lien\n{evil}".encode(), "--xlsx", str(file)).exit_code
        == 0
    )
    sheet = openpyxl.load_workbook(file)["Programme"]
    assert [cell.value for cell in sheet[2]][:5] == evil.strip().split(";")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert all(cell.hyperlink is None for cell in sheet[2])


@pytest.mark.parametrize(
    ("given", "options", "said"),
    [
        (b"%PDF-1.7", (), "n'est pas un tableur"),
        (b"%PDF-1.7", ("--lang", "en"), "is no spreadsheet"),
        (b"", (), "Ce fichier est vide"),
        (b"1;2\n3;4\n", (), "Aucune colonne ne dit ce qui est acheté"),
        (
            b"Objet;CPV\nNettoyage;90919200\n",
            ("--column", "title=Z"),
            "La colonne « Z » n'existe pas : de A à B",
        ),
        (b"Objet;CPV\nNettoyage;90919200\n", ("--column", "objet=A"), "write NAME=LETTER"),
        (b"Objet;CPV\nNettoyage;90919200\n", ("--sheet", "2027"), "n'a pas de feuille de ce nom"),
    ],
)
def test_what_cannot_be_read_is_told_without_a_trace(
    programme: Programme, given: bytes, options: tuple[str, ...], said: str
) -> None:
    result = programme(given, *options)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
