"""The table of files: each has its row, and what an edit needs."""

import pytest

from discovery.mappings import packaged_mappings
from discovery.mappings.files import FILES, Need, reread_files, row_of

FOLDER = packaged_mappings()


def test_every_file_of_the_package_has_a_row_and_every_row_a_file() -> None:
    names = [file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*") if file.is_file()]
    assert [name for name in names if row_of(name) is None] == []
    assert [
        row.path for row in FILES if not any(file.is_file() for file in row.files(FOLDER))
    ] == []


@pytest.mark.parametrize(
    ("name", "needs", "reread"),
    [
        ("profiles/mine.yaml", Need.RELOAD, True),
        ("grammar/dates.yaml", Need.RELOAD, True),
        ("vocabulary/sectors/restauration.yaml", Need.REBUILD, False),
        ("vocabulary/crosswalk/cpv.yaml", Need.REBUILD, True),
        ("stop.txt", Need.REBUILD, False),
        ("judgments/real.yaml", Need.NOTHING, False),
    ],
)
def test_what_an_edit_needs(name: str, needs: Need, reread: bool) -> None:
    row = row_of(name)
    assert row is not None
    assert (row.needs, row.reread) == (needs, reread)
    assert (FOLDER / name in reread_files(FOLDER)) == (reread and "mine" not in name)
