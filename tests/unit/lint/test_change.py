"""What an edit needs is told from what it means."""

from pathlib import Path

import pytest

from discovery.mappings import packaged_mappings
from discovery.mappings.files import Need
from tests.tables import cases
from tests.unit.lint.conftest import Edit
from tools.lint.change import changes


def needs(folder: Path) -> dict[str, Need]:
    return {change.file: change.need for change in changes(packaged_mappings(), folder)}


@pytest.mark.parametrize(
    ("name", "old", "new", "need"), cases(__file__, "an_edit_needs_what_it_changes")
)
def test_an_edit_needs_what_it_changes(
    edit: Edit, name: str, old: str, new: str, need: str
) -> None:
    assert needs(edit(name, old, new)) == {name: Need[need]}


def test_files_that_come_and_go(folder: Path) -> None:
    (folder / "profiles" / "mine.yaml").write_text("name: mine\n", encoding="utf-8")
    (folder / "profiles" / "trusted.yaml").unlink()
    (folder / "vocabulary" / "naf.yaml").unlink()
    assert needs(folder) == {
        "profiles/mine.yaml": Need.RELOAD,
        "profiles/trusted.yaml": Need.RELOAD,
        "vocabulary/naf.yaml": Need.REBUILD,
    }
