"""What a person starts from: templates, the reference, the example file. Each is read back by the
import itself.
"""

import csv
import json
from collections import Counter
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from indexer.commands.import_files import import_command
from indexer.intake.canonical import RECORD, example
from indexer.intake.values import is_siret
from tests.unit.intake.support import Intake

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples" / "suppliers.csv"


def template(name: str) -> str:
    made = CliRunner().invoke(import_command, ["--template", name])
    assert made.exit_code == 0, made.output
    return made.stdout


def test_the_reference_is_what_the_code_says() -> None:
    page = ROOT / "docs" / "reference" / "records.md"
    assert page.read_text(encoding="utf-8") == template("reference"), (
        "indexer import --template reference >docs/reference/records.md"
    )


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_a_template_is_imported_without_a_word(name: str, intake: Intake) -> None:
    done = intake(template(name))
    assert (done.created, done.rejected, done.warnings) == (1, 0, Counter())


def test_both_templates_say_the_same(intake: Intake) -> None:
    intake(template("jsonl"))
    [whole] = intake.stored().values()
    assert whole.contracts, "which have no column, and stay"
    assert intake(template("csv")).updated == 1, "jobs are codes alone there"
    [again] = intake.stored().values()
    assert replace(again, jobs=()) == replace(whole, jobs=())
    assert [one.rome for one in again.jobs] == [one.rome for one in whole.jobs]


def test_the_template_holds_every_field_that_has_an_example() -> None:
    header = next(csv.reader(StringIO(template("csv"))))
    held = [each.name for each in RECORD if each.example is not None]
    expected = [
        name.replace("[]", ".1") for name in held if not name.startswith(("jobs", "contracts"))
    ]
    expected.insert(expected.index("employees.insertion"), "jobs")
    assert header == expected
    assert json.loads(template("jsonl")) == example()


def test_the_examples_are_imported_without_a_word(intake: Intake) -> None:
    done = intake(EXAMPLES.read_text(encoding="utf-8"))
    assert (done.created, done.rejected, done.warnings) == (10, 0, Counter())


def test_the_examples_are_of_nobody() -> None:
    """Names say so, addresses lead nowhere (RFC 2606), and no company's number begins with 00."""
    rows: list[dict[str, Any]] = list(csv.DictReader(EXAMPLES.open(encoding="utf-8")))
    for row in rows:
        assert row["name"].endswith("(exemple)")
        assert row["website"].endswith(".example")
        assert is_siret(row["siret"])
        assert row["siret"].startswith("00")


def test_neither_files_nor_a_template_is_a_usage_error() -> None:
    done = CliRunner().invoke(import_command, [])
    assert done.exit_code == 2
    assert "--template csv" in done.stderr
