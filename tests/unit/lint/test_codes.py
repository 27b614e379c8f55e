"""The crosswalk's files: what can't be meant is told with its file and the fix."""

import pytest

from tests.unit.lint.conftest import Edit
from tools.lint import Report, check

CPV = "vocabulary/crosswalk/cpv.yaml"


def told(report: Report) -> list[str]:
    return [finding.problem.message for finding in report.findings]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('{prefix: "41", none', '{prefix: "99", none', "'99' begins no code of CPV 2008"),
        ('{prefix: "41", none', '{prefix: "99", none', "division 41"),
        ('{prefix: "778", sectors: [peche-pisciculture]}',
         '{prefix: "778", sectors: [peche-pisciculture]}\n  - {prefix: "7785", sectors: [peche-pisciculture]}',
         "'7785' says what '778' says already"),
        ("sectors: [autre-espaces-verts]", "sectors: []", "no CPV code names the sector 'autre-espaces-verts'"),
        ("sectors: [autre-espaces-verts]", "sectors: [autre-espaces-verts, sport]",
         "'sport' stands in `without_code`, and a row names it"),
    ],
)  # fmt: skip
def test_rows_that_decide_nothing_are_told(edit: Edit, old: str, new: str, said: str) -> None:
    report = check(edit(CPV, old, new))
    assert any(said in message for message in told(report))
    assert report.exit_code == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('prefix: "779", sectors: [apiculture]', 'prefix: "779", sectors: [apicultur]', "unknown sector 'apicultur'"),
        ('prefix: "779", sectors: [apiculture]', 'prefix: "779"', "one of them, not both"),
        ('prefix: "779", sectors: [apiculture]', 'prefix: "779", none: true', "say why"),
        ('prefix: "779"', 'prefix: "778"', "'778' is decided twice"),
        ('prefix: "779"', 'prefix: "77a"', "two to eight digits"),
        ("sectors: [autre-espaces-verts]", "sectors: [autres-espaces]", "'autres-espaces' is an unknown sector"),
        ("sectors: [autre-espaces-verts]", "slugs: [autre-espaces-verts]", "Unknown field"),
    ],
)
def test_rows_that_cannot_be_used_are_faults(edit: Edit, old: str, new: str, said: str) -> None:
    report = check(edit(CPV, old, new))
    assert report.exit_code == 2
    assert any(said in finding.problem.message for finding in report.findings)
