"""`indexer import` on the command line: exit codes, what is said and where."""

import json
import re
import signal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from indexer.commands.import_files import import_command
from tests.unit.intake.support import VALID, Intake, record


@pytest.fixture
def run(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DISCOVERY_DATABASE_URL", engine.url.render_as_string())

    def call(*arguments: Any, stdin: str | None = None) -> Result:
        return CliRunner().invoke(import_command, [str(each) for each in arguments], input=stdin)

    return call


def test_all_well_is_zero(run: Any, intake: Intake) -> None:
    result = run(intake.file([VALID]))
    assert result.exit_code == 0
    assert result.stdout == "1 row: created 1, updated 0, unchanged 0, rejected 0.\n"
    assert "c1-1" in intake.stored()


def test_rejected_rows_are_one_and_said(run: Any, intake: Intake, tmp_path: Path) -> None:
    report = tmp_path / "out.jsonl"
    result = run(
        intake.file([VALID, {**VALID, "id": "c1-é", "kind": "EII"}]),
        "--report",
        report,
        "--lang",
        "en",
    )
    assert result.exit_code == 1
    assert "c1-é" in report.read_text(encoding="utf-8"), "as it is written, for who reads it"
    assert "'EII' is not a known value" in result.stdout
    assert [
        json.loads(line)["outcome"] for line in report.read_text(encoding="utf-8").splitlines()
    ] == [
        "created",
        "rejected",
    ]


def test_a_report_on_standard_output_stands_alone_there(
    run: Any, intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(intake.file([VALID]), "--report", "-")
    assert [json.loads(line)["outcome"] for line in result.stdout.splitlines()] == ["created"]
    assert "1 row: created 1" in result.stderr
    assert not (tmp_path / "-").exists()


def test_a_broken_file_is_two_and_a_sentence(run: Any, intake: Intake) -> None:
    result = run(intake.file('{"a": '))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "in.jsonl:1: not valid JSON" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_store_without_tables_is_two(
    intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCOVERY_DATABASE_URL", f"sqlite:///{tmp_path / 'new.sqlite'}")
    result = CliRunner().invoke(import_command, [str(intake.file([VALID]))])
    assert result.exit_code == 2
    assert "indexer migrate" in result.stderr


def test_a_report_that_cannot_be_written_is_two(run: Any, intake: Intake, tmp_path: Path) -> None:
    result = run(intake.file([VALID]), "--report", tmp_path / "no" / "out.jsonl")
    assert result.exit_code == 2
    assert intake.stored() == {}


def test_standard_input_and_dry_run(run: Any, intake: Intake) -> None:
    result = run("-", "--dry-run", stdin=json.dumps(VALID))
    assert result.exit_code == 0
    assert "would be created 1" in result.stdout
    assert intake.stored() == {}


def test_complete_refused_is_two(run: Any, intake: Intake) -> None:
    intake([{**VALID, "id": f"c1-{at}"} for at in range(5)])
    some = intake.file([{**VALID, "id": "c1-0"}])
    refused = run(some, "--complete", "canonical")
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    forced = run(some, "--complete", "canonical", "--force")
    assert forced.exit_code == 0
    assert "4 absent suppliers were delisted." in forced.stdout


def test_quiet_says_the_counts_only(run: Any, intake: Intake) -> None:
    result = run(intake.file([{**VALID, "name": "LE BOCAGE VERT"}]), "--quiet")
    assert result.stdout.splitlines() == ["1 row: created 1, updated 0, unchanged 0, rejected 0."]
    assert result.stderr == ""


def test_how_fast_it_went_is_said_beside_the_counts(run: Any, intake: Intake) -> None:
    result = run(intake.file([record(at) for at in range(3)]))
    assert re.fullmatch(r"3 rows in \d+\.\d s: \d+ rows/s\.\n", result.stderr), result.stderr


def test_stopped_is_130_and_a_sentence(
    run: Any, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    file = intake.file([VALID])
    with monkeypatch.context() as patch:
        patch.setattr("indexer.intake.run.repository.save", stopped)
        result = run(file)
    assert result.exit_code == 130
    assert result.stderr == (
        "Stopped. Nothing was written. Run the same command to go on: rows that are there already count as unchanged.\n"
    )
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL, "as it was before"
    assert "created 1" in run(file).stdout
