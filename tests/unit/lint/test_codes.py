"""The crosswalk's files: what can't be meant is told with its file and the fix."""

import pytest

from tests.tables import cases
from tests.unit.lint.conftest import Edit
from tools.lint import Report, check

CPV = "vocabulary/crosswalk/cpv.yaml"


def told(report: Report) -> list[str]:
    return [finding.problem.message for finding in report.findings]


def test_rows_that_decide_nothing_are_told(edit: Edit) -> None:
    """All at once: a check of everything costs half a second."""
    rows = cases(__file__, "rows_that_decide_nothing_are_told")
    for old, new, _ in rows:
        folder = edit(CPV, old, new)
    report = check(folder)
    messages = told(report)
    assert [
        said
        for _, _, all_said in rows
        for said in all_said
        if not any(said in one for one in messages)
    ] == []
    assert report.exit_code == 1


@pytest.mark.parametrize(
    ("old", "new", "said"), cases(__file__, "rows_that_cannot_be_used_are_faults")
)
def test_rows_that_cannot_be_used_are_faults(edit: Edit, old: str, new: str, said: str) -> None:
    report = check(edit(CPV, old, new))
    assert report.exit_code == 2
    assert any(said in finding.problem.message for finding in report.findings)
