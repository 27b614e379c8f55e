"""An analyst's slip names its file, its line and the fix: the rows of `faults.yaml`."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from discovery.mappings import MappingsError, load_mappings, packaged_mappings
from tests.tables import read

ROWS: list[dict[str, str]] = read(Path(__file__).with_name("faults.yaml"))
MINE = "name: mine\nlabel: {fr: Le mien, en: Mine}\nextends: balanced\n"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['file']}: {row['said']}")
def test_a_slip_is_told_at_its_line(row: dict[str, Any], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(packaged_mappings(), tmp_path / "mappings"))
    file = folder / row["file"]
    text = file.read_text(encoding="utf-8") if file.exists() else MINE
    old, new = row.get("old", ""), row.get("new", "")
    assert old in text
    edited = row.get("whole") or (text.replace(old, new, 1) if old else text + new)
    file.write_text(edited, encoding="utf-8")
    with pytest.raises(MappingsError) as raised:
        load_mappings(folder)
    told = {
        (problem.file, problem.line)
        for problem in raised.value.problems
        if row["said"] in str(problem)
    }
    [(where, line)] = told
    assert where == file
    if "at" in row:
        assert row["at"] in edited.splitlines()[line - 1]
