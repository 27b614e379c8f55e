"""`--complete`: what is absent of a whole source is delisted."""

import io
import json

import pytest

from indexer.intake.source import IntakeError
from indexer.record import Status
from tests.unit.intake.support import VALID, Intake, counts, record
from tests.unit.intake.test_registers import SIAE_HEADER, SIAE_ROW


def test_a_complete_file_delists_what_is_absent(intake: Intake) -> None:
    rows = [record(at) for at in range(10)]
    intake(rows)
    intake(SIAE_HEADER + SIAE_ROW)
    log = io.StringIO()
    planned = intake(rows[:8], complete="canonical", dry_run=True)
    assert (planned.delisted, counts(planned)) == (2, (0, 0, 8, 0))
    assert all(each.status is Status.LIVE for each in intake.stored().values())
    report = intake(rows[:8], complete="canonical", report=log)
    assert (report.delisted, counts(report)) == (2, (0, 0, 8, 0))
    gone = {each.id for each in intake.stored().values() if each.status is Status.DELISTED}
    assert gone == {"c1-8", "c1-9"}
    assert [json.loads(line) for line in log.getvalue().splitlines()][-1] == {
        "id": "c1-9",
        "outcome": "delisted",
    }
    assert intake(rows[:8], complete="canonical").delisted == 0


def test_more_than_a_fifth_is_refused_before_anything_is_written(intake: Intake) -> None:
    rows = [record(at) for at in range(10)]
    intake(rows)
    ledger = intake.ledger()
    with pytest.raises(IntakeError, match="3 of 10 suppliers"):
        intake([*rows[:6], record(6, name="Autre")], complete="canonical")
    assert intake.ledger() == ledger
    assert intake(rows[:7], complete="canonical", force=True).delisted == 3


def test_a_rejected_row_is_not_an_absent_supplier(intake: Intake) -> None:
    rows = [record(at) for at in range(10)]
    intake(rows)
    rows[3]["kind"] = "X"
    report = intake(rows, complete="canonical")
    assert (report.rejected, report.delisted) == (1, 0)


def test_a_rejected_row_without_id_protects_its_siret(intake: Intake) -> None:
    rows = [{**VALID, "id": None, "siret": "00200000800017", "address": {"commune": "22070"}}]
    intake(rows)
    others = [record(1)]
    rows[0]["kind"] = "X"
    assert intake(rows + others, complete="canonical").delisted == 0


@pytest.mark.parametrize("force", [True, False])
def test_a_complete_file_must_be_of_its_source(intake: Intake, force: bool) -> None:
    intake(SIAE_HEADER + SIAE_ROW)
    with pytest.raises(IntakeError, match="'siae'"):
        intake([record(1)], complete="siae", force=force)
    assert sorted(intake.stored()) == ["00200000800017-ACI"]


def test_an_empty_complete_file_is_refused(intake: Intake) -> None:
    intake([record(1)])
    with pytest.raises(IntakeError):
        intake("[]", complete="canonical", force=True)
