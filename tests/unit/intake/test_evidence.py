"""Jobs and contracts of a row: read as sources write them; what can't be read is told and costs nothing else."""

from datetime import date
from typing import Any

import pytest

from indexer.intake.check import Check
from indexer.record import Contract, Job
from tests.tables import cases
from tests.unit.intake.support import VALID, Intake, codes


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("A1203", Job("A1203")),
        ("a1203", Job("A1203")),
        ("Entretien des espaces verts (A1203)", Job("A1203", "Entretien des espaces verts")),
        ({"rome": "Jardinage (A1203)", "title": "Jardinier"}, Job("A1203", "Jardinier")),
        (
            {"rome": "K2204", "title": " Agent <b>de propreté</b>", "source": "les-emplois", "seen": "12/11/2026"},
            Job("K2204", "Agent de propreté", "les-emplois", date(2026, 11, 12)),
        ),
    ],
)
def test_a_job_as_sources_write_it(check: Check, given: Any, read: Job) -> None:
    assert check({**VALID, "jobs": [given]}).values["jobs"] == (read,)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"object": "Tonte"}, Contract("Tonte")),
        ({"cpv": "77310000-6"}, Contract("", "77310000")),
        ({"cpv": 77310000, "amount": "12 000,40"}, Contract("", "77310000", amount=12_000)),
        ({"object": "Tonte", "reserved": "oui"}, Contract("Tonte", reserved=True)),
        (
            {"object": "Linge", "buyer": "CHU", "source": "decp", "won": "2025-06-30", "amount": 1, "reserved": False},
            Contract("Linge", "", "CHU", "decp", date(2025, 6, 30), 1, False),
        ),
    ],
)  # fmt: skip
def test_a_contract_as_sources_write_it(check: Check, given: Any, read: Contract) -> None:
    assert check({**VALID, "contracts": [given]}).values["contracts"] == (read,)


@pytest.mark.parametrize(("field", "given", "told"), cases(__file__, "what_cannot_be_read_is_told_and_loses_no_row"))
def test_what_cannot_be_read_is_told_and_loses_no_row(check: Check, field: str, given: Any, told: str) -> None:
    assert codes(check({**VALID, field: given})) == ([], [told])


def test_a_fact_that_comes_twice_is_kept_once(check: Check) -> None:
    draft = check({**VALID, "jobs": ["A1203", "A1203"], "contracts": [{"object": "Tonte"}, {"object": "Tonte"}]})
    assert (len(draft.values["jobs"]), len(draft.values["contracts"])) == (1, 1)


def test_who_does_not_tell_of_evidence_leaves_it(intake: Intake) -> None:
    intake([{**VALID, "jobs": ["A1203"], "contracts": [{"object": "Tonte"}]}])
    assert intake([VALID]).unchanged == 1
    assert intake([{**VALID, "jobs": []}]).updated == 1
    [kept] = intake.stored().values()
    assert (kept.jobs, kept.contracts) == ((), (Contract("Tonte"),))


def test_a_name_that_no_job_has_is_told(intake: Intake) -> None:
    assert intake([{**VALID, "jobs": [{"rome": "A1203", "titel": "Jardinier"}]}]).warnings.keys() == {"unknown_field"}


def test_a_private_field_of_a_job_goes_nowhere(intake: Intake) -> None:
    """Sources send names and addresses of persons beside jobs: only the fields of the record are read."""
    intake([{**VALID, "jobs": [{"rome": "A1203", "contact": "jeanne@private.example", "recruiter": "Jeanne Privée"}]}])
    assert "rivée" not in repr(intake.stored())
    assert "private.example" not in repr(intake.stored())
