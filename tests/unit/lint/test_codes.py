"""The crosswalk's files: what can't be meant is told with its file and the fix."""

import pytest

from tests.tables import cases
from tests.unit.lint.conftest import Edit
from tools.lint import Report, check

CPV = "vocabulary/crosswalk/cpv.yaml"


def told(report: Report) -> list[str]:
    return [finding.problem.message for finding in report.findings]


@pytest.mark.parametrize(("old", "new", "said"), cases(__file__, "rows_that_decide_nothing_are_told"))
def test_rows_that_decide_nothing_are_told(edit: Edit, old: str, new: str, said: str) -> None:
    report = check(edit(CPV, old, new))
    assert any(said in message for message in told(report))
    assert report.exit_code == 1


@pytest.mark.parametrize(("old", "new", "said"), cases(__file__, "rows_that_cannot_be_used_are_faults"))
def test_rows_that_cannot_be_used_are_faults(edit: Edit, old: str, new: str, said: str) -> None:
    report = check(edit(CPV, old, new))
    assert report.exit_code == 2
    assert any(said in finding.problem.message for finding in report.findings)
