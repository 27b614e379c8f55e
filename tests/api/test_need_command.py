"""`discovery need`: the same answer as the API's, printed, as JSON, as a workbook."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from discovery.cli import main
from discovery.mappings import Settings
from tests.api.test_commands import environment_of

Need = Callable[..., Result]
NOTICE = "Lieu : Lyon\nLot 1 : Nettoyage de bureaux\nLot 2 : Fourniture de carburant\n"


@pytest.fixture
def need(configured: Settings, monkeypatch: pytest.MonkeyPatch) -> Need:
    for name, value in environment_of(configured).items():
        monkeypatch.setenv(name, value)

    def invoke(given: str | bytes, *options: str) -> Result:
        return CliRunner().invoke(
            main, ["need", "-", *options], input=given, catch_exceptions=False
        )

    return invoke


def test_each_lot_is_printed_with_its_trade_and_suppliers(need: Need) -> None:
    result = need(NOTICE)
    assert result.exit_code == 0
    first, second = result.output.split("\n\n")[:2]
    assert first.startswith("Lot 1 · Nettoyage de bureaux: ")
    assert "Nettoyage de locaux (d'après « Nettoyage de bureaux »)" in first
    assert "   1. " in first
    assert "Aucun métier de l'achat inclusif reconnu." in second


def test_its_json_is_the_apis(need: Need, client: FlaskClient) -> None:
    told = json.loads(need(NOTICE, "--json").output)
    asked = client.post("/api/v1/needs", json={"text": NOTICE}).get_json()
    assert [(lot["title"], lot["total"]) for lot in told["lots"]] == [
        (lot["title"], lot["total"]) for lot in asked["lots"]
    ]
    again = need(json.dumps({"text": NOTICE}), "--json").output
    assert json.loads(again) == told


def test_a_workbook_is_written(need: Need, tmp_path: Path) -> None:
    file = tmp_path / "sourcing.xlsx"
    assert need(NOTICE, "--xlsx", str(file), "--lang", "en").exit_code == 0
    assert openpyxl.load_workbook(file).sheetnames == ["Summary", "Lot 1", "Lot 2"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "Aucun besoin n'est donné"),
        ("{", "not JSON"),
        ("{}", "Envoyez un objet JSON"),
        ("<a>", "XML bien formé"),
        (b"\xff\xfe", ""),
    ],
)
def test_what_cannot_be_answered_is_told_without_a_trace(
    need: Need, given: str | bytes, said: str
) -> None:
    result = need(given)
    assert "Traceback" not in result.output
    assert said in result.output
    assert result.exit_code in ((2,) if said else (0, 2))
