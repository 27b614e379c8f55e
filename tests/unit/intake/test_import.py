"""The import as a whole: every row accounted for, nothing lost, nothing done twice."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.intake import run
from indexer.intake.findings import Code
from indexer.intake.report import Result
from indexer.intake.source import BrokenFile, IntakeError
from tests.examples import some
from tests.unit.intake.support import LYON, VALID, Intake, counts, record
from tests.unit.intake.test_registers import SIAE_HEADER, SIAE_ROW

# Accounting

ROW = st.one_of(
    st.builds(
        lambda at, name: record(at, name=name),
        st.integers(1, 6),
        st.sampled_from(["Un", "Deux", ""]),
    ),
    st.builds(
        lambda kind: {**VALID, "id": None, "siret": "00200000800017", "kind": kind},
        st.sampled_from(["EI", "X"]),
    ),
    st.just("pas un objet"),
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=some(40),
    deadline=None,
)
@given(st.lists(ROW, max_size=12), st.integers(1, 4))
def test_every_row_is_accounted_for(intake: Intake, rows: list[Any], batch: int) -> None:
    before, run.BATCH = run.BATCH, batch  # rows that meet in one batch, and rows that do not
    try:
        file = intake.file("\n".join(map(json.dumps, rows)))
        log = io.StringIO()
        planned = intake(file, dry_run=True, format="jsonl")
        report = intake(file, report=log, format="jsonl")
        ledger = intake.ledger()
        again = intake(file, format="jsonl")
    finally:
        run.BATCH = before
    outcomes = [json.loads(line) for line in log.getvalue().splitlines()]
    assert report.rows == len(outcomes) == len(rows)
    assert Counter(each["outcome"] for each in outcomes) == {
        name: count for name in Result if (count := getattr(report, name))
    }
    assert all(("rejections" in each) == (each["outcome"] == "rejected") for each in outcomes)
    assert counts(planned) == counts(report)
    assert (again.created, again.updated, again.rejected) == (0, 0, report.rejected)
    assert intake.ledger() == ledger


def test_only_what_changed_is_queued(intake: Intake) -> None:
    intake([record(1), record(2)])
    before = dict(intake.ledger())
    report = intake([record(1, name="Autre nom"), record(2)])
    after = dict(intake.ledger())
    assert counts(report) == (0, 1, 1, 0)
    assert after["c1-1"] > before["c1-1"]
    assert after["c1-2"] == before["c1-2"]


def test_a_dry_run_of_two_files_knows_what_the_first_would_do(intake: Intake) -> None:
    siae, more = SIAE_HEADER + SIAE_ROW, [{**VALID, "id": "00200000800017-ACI", "kind": "ACI"}]
    planned = intake(siae, more, dry_run=True)
    assert intake.stored() == {}
    assert intake.ledger() == []
    assert counts(planned) == counts(intake(siae, more)) == (1, 1, 0, 0)


def test_each_outcome_is_told_with_its_line(intake: Intake) -> None:
    log = io.StringIO()
    file = intake.file('{"name": "x"}\n\n' + json.dumps(record(1, name="LE BOCAGE VERT")) + "\n3\n")
    intake(file, report=log)
    first, second, third = (json.loads(line) for line in log.getvalue().splitlines())
    assert (first["line"], first["outcome"], first["file"]) == (1, "rejected", str(file))
    assert [each["code"] for each in first["rejections"]] == [
        "missing",
        "id_impossible",
        "place_missing",
    ]
    assert set(first["rejections"][0]) == {"code", "field", "value", "reason", "remedy"}
    assert (second["line"], second["outcome"], second["id"]) == (3, "created", "c1-1")
    assert second["warnings"][0]["reason"].startswith("« LE BOCAGE VERT » est tout en capitales")
    assert (third["line"], third["outcome"], third["id"]) == (4, "rejected", "")


# Rows of one file that are alike


def test_a_repeated_id_keeps_the_first_and_rejects_another_content(intake: Intake) -> None:
    report = intake([record(1), record(1, name="Autre"), record(1)])
    assert counts(report) == (1, 0, 1, 1)
    assert report.rejected_rows[0].rejections[0].code is Code.ID_REPEATED
    assert report.warnings == {Code.ROW_REPEATED: 1}
    assert intake.stored()["c1-1"].name == VALID["name"]


def test_two_longitudes_are_two_places(intake: Intake) -> None:
    """For Python -1.0 and -2.0 have the same hash."""
    nantes = {**VALID, "id": None, "siret": "00200000800017", "address": {"commune": "44109"}}
    report = intake([{**nantes, "location": {"lat": 47.2, "lon": lon}} for lon in (-1.0, -2.0)])
    assert counts(report) == (2, 0, 0, 0)
    assert {one.lon for one in intake.stored().values()} == {-1.0, -2.0}


def test_a_rejected_row_does_not_take_the_id(intake: Intake) -> None:
    assert counts(intake([record(1, kind="X"), record(1)])) == (1, 0, 0, 1)


def test_two_places_of_one_siret_and_kind_get_a_counter(intake: Intake) -> None:
    rows = [
        {**VALID, "id": None, "siret": "00200000800017", "address": {"commune": commune}}
        for commune in ("22070", "22278", "69123")
    ]
    report = intake(rows)
    assert counts(report) == (3, 0, 0, 0)
    assert report.warnings == {Code.SIRET_REPEATED: 2}
    assert sorted(intake.stored()) == [
        "00200000800017-EI",
        "00200000800017-EI-2",
        "00200000800017-EI-3",
    ]
    assert counts(intake(rows)) == (0, 0, 3, 0)


def test_one_siret_of_two_kinds_is_two_suppliers(intake: Intake) -> None:
    rows = [
        {**VALID, "id": None, "siret": "00200000800017", "kind": kind} for kind in ("EI", "ACI")
    ]
    report = intake(rows)
    assert counts(report) == (2, 0, 0, 0)
    assert not report.warnings


# Broken files


@pytest.mark.parametrize(
    "broken",
    [
        b"", b"bonjour\n", b'{"id": "c1-2"\n', json.dumps([VALID]).encode()[:-1],
        json.dumps(VALID).encode() + b"\n\xff\n", (SIAE_HEADER + SIAE_ROW)[:-40].encode(),
        (SIAE_HEADER + SIAE_ROW + '1,EI,"x').encode(), "name,kind,address.city\nÉté,EI,Lyon".encode("utf-16"),
    ],
)  # fmt: skip
def test_a_broken_file_changes_nothing(intake: Intake, broken: bytes) -> None:
    good = [record(at) for at in range(600)]
    with pytest.raises(BrokenFile) as caught:
        intake(good, broken)
    assert intake.stored() == {}
    assert "in1" in str(caught.value)


def test_an_unknown_format(intake: Intake) -> None:
    with pytest.raises(IntakeError, match="jsonl"):
        intake([record(1)], format="xml")


def test_a_forced_format_that_is_not_the_files(intake: Intake) -> None:
    with pytest.raises(BrokenFile):
        intake([record(1)], format="json")


# Forms of one content


def test_csv_and_json_of_one_content_are_one_supplier(intake: Intake) -> None:
    full = record(
        1,
        address={"street": "1 rue Basse", "post_code": "22200", "city": "Guingamp"},
        location={"lat": 48.5622, "lon": -3.15},
        activities=[
            {
                "sector": "traiteur",
                "service_types": ["PREST", "DISP"],
                "zone": {"scope": "radius", "radius_km": 30},
            }
        ],
        certifications=["rge", "bio"],
        employees={"insertion": 12, "permanent": 5},
        qpv=True,
    )
    header = (
        "id;name;kind;address.street;address.post_code;address.city;location.lat;location.lon;activities.1.sector;"
        "activities.1.service_types;activities.1.zone.scope;activities.1.zone.radius_km;certifications;"
        "employees.insertion;employees.permanent;qpv"
    )
    row = (
        'c1-1;Atelier du Bocage;EI;1 rue Basse;22200;Guingamp;"48,5622";-3,15;traiteur;"PREST;DISP";radius;30;'
        '"rge;bio";12;5;oui'
    )
    intake([full])
    assert counts(intake(json.dumps([full], indent=2))) == (0, 0, 1, 0)
    for encoding in ("utf-8-sig", "cp1252"):
        assert counts(intake(f"{header}\r\n{row}\r\n".encode(encoding))) == (0, 0, 1, 0)


def test_an_unknown_field_is_said_once(intake: Intake) -> None:
    report = intake([record(at, descripton="x", address={**LYON, "cedex": "3"}) for at in range(3)])
    assert report.warnings == {Code.UNKNOWN_FIELD: 2}
    named = {
        finding.field: finding.details["near"] for _, finding in report.examples[Code.UNKNOWN_FIELD]
    }
    assert named["descripton"] == "description"
    assert "address.cedex" in named


def test_standard_input(intake: Intake) -> None:
    assert counts(intake(Path("-"), stdin=io.BytesIO(json.dumps(record(1)).encode()))) == (
        1,
        0,
        0,
        0,
    )


def test_progress_goes_to_the_end_of_each_stage(intake: Intake) -> None:
    seen: list[tuple[str, int, int]] = []
    intake([record(at) for at in range(1200)], progress=lambda *step: seen.append(step))
    for stage in ("check", "write"):
        steps = [(done, total) for name, done, total in seen if name == stage]
        assert steps[-1][0] == steps[-1][1] > 0
        assert [done for done, _ in steps] == sorted(done for done, _ in steps)


# The report on screen


def test_the_screen_shows_twenty_rejected_rows_and_the_counts(intake: Intake) -> None:
    report = intake([record(at, kind="X") for at in range(30)] + [record(31)])
    lines = list(report.lines("fr"))
    assert sum("n'est pas une valeur connue" in line for line in lines) == 20
    assert any("10 more rejected" in line for line in lines)
    assert lines[-1] == "31 rows: created 1, updated 0, unchanged 0, rejected 30."
    assert report.exit_code == 1


def test_a_frequent_warning_does_not_crowd_out_a_rare_one(intake: Intake) -> None:
    rows = [record(at, name="LE BOCAGE VERT") for at in range(100)] + [
        record(101, phone="voir site")
    ]
    lines = list(intake(rows).lines("fr"))
    assert any("100 × warning capitals" in line for line in lines)
    assert any("voir site" in line for line in lines)
    assert len(lines) < 25
