"""A folder that holds what differs: what it lacks is the package's, and one of an earlier state
still serves.
"""

import io
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from discovery.errors import MappingsError
from discovery.mappings import load_mappings, packaged_mappings
from discovery.mappings.files import INDEX

NOW = packaged_mappings()
HOME = Path(__file__).parents[3]


def overlay(folder: Path, name: str, text: str) -> Path:
    file = folder / "mine" / name
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return folder / "mine"


def test_two_numbers_of_a_profile_are_enough(tmp_path: Path) -> None:
    text = "rotation: {by_day: false, why: A trial of this folder.}\nrelax_below: {value: 7, why: A trial of it.}\n"
    before = load_mappings().profiles["balanced"]
    after = load_mappings(overlay(tmp_path, "profiles/balanced.yaml", text)).profiles["balanced"]
    assert (
        (before.relax_below, before.rotation) != (after.relax_below, after.rotation) == (7, False)
    )
    assert after == replace(before, relax_below=7, rotation=False)


def test_a_key_of_another_version_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MappingsError) as raised:
        load_mappings(overlay(tmp_path, "grammar/places.yaml", "bodies: {town: [mairie]}\n"))
    assert [str(each).partition("places.yaml")[2] for each in raised.value.problems] == [
        ":1: bodies: is no section of this file: misspelt, or of another version; take it out"
    ]


@pytest.mark.slow
def test_folders_of_the_last_ten_states_load_or_are_told_what_to_do(tmp_path: Path) -> None:
    """What somebody changed in a copy of that day: here every file that is another today."""
    asked = ["git", "log", "--first-parent", "-11", "--format=%H", "--", "mappings"]
    log = subprocess.run(asked, cwd=HOME, capture_output=True, text=True, check=False)
    states = log.stdout.split()[1:]
    if len(states) < 10:
        pytest.skip("no git history of ten states of mappings/ (a shallow clone, or no checkout)")
    loaded = 0
    for state in states:
        packed = subprocess.run(
            ["git", "archive", state, "mappings"], cwd=HOME, capture_output=True, check=True
        ).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(tmp_path / state, filter="data")
        folder = tmp_path / state / "mappings"
        for file in [each for each in folder.rglob("*") if each.is_file()]:
            today = NOW / file.relative_to(folder)
            if file.name == INDEX or (today.exists() and today.read_bytes() == file.read_bytes()):
                file.unlink()
        try:
            load_mappings(folder)
            loaded += 1
        except MappingsError as error:
            untold = [str(each) for each in error.problems if "take it out" not in str(each)]
            assert untold == [], state
    assert loaded >= 5
