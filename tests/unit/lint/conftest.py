import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from discovery.mappings import packaged_mappings

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the packaged mappings, to be written into."""
    return shutil.copytree(packaged_mappings(), tmp_path / "mappings")


@pytest.fixture
def edit(folder: Path) -> Edit:
    """One text replaced in one file of the copy."""

    def replaced(name: str, old: str, new: str) -> Path:
        file = folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return replaced
