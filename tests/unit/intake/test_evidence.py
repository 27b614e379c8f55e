"""Jobs and contracts of a row: read as sources write them; what can't be read is told and costs
nothing else.
"""

from indexer.record import Contract
from tests.unit.intake.support import VALID, Intake


def test_who_does_not_tell_of_evidence_leaves_it(intake: Intake) -> None:
    intake([{**VALID, "jobs": ["A1203"], "contracts": [{"object": "Tonte"}]}])
    assert intake([VALID]).unchanged == 1
    assert intake([{**VALID, "jobs": []}]).updated == 1
    [kept] = intake.stored().values()
    assert (kept.jobs, kept.contracts) == ((), (Contract("Tonte"),))


def test_a_name_that_no_job_has_is_told(intake: Intake) -> None:
    assert intake(
        [{**VALID, "jobs": [{"rome": "A1203", "titel": "Jardinier"}]}]
    ).warnings.keys() == {"unknown_field"}


def test_a_private_field_of_a_job_goes_nowhere(intake: Intake) -> None:
    """Sources send names and addresses of persons beside jobs: only the fields of the record are
    read.
    """
    intake(
        [
            {
                **VALID,
                "jobs": [
                    {
                        "rome": "A1203",
                        "contact": "jeanne@private.example",
                        "recruiter": "Jeanne Privée",
                    }
                ],
            }
        ]
    )
    assert "rivée" not in repr(intake.stored())
    assert "private.example" not in repr(intake.stored())
