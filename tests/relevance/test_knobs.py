"""Numbers moved in the workbench: within their bounds, nothing else touched, and a file that says the same."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.mappings import load_mappings
from discovery.mappings.profiles import DEFAULT_PROFILE, Profile
from tools.judge.knobs import as_file, changed, knobs, tuned

PROFILES = load_mappings().profiles
DEFAULT = PROFILES[DEFAULT_PROFILE]
PATHS = [knob.path for knob in knobs(DEFAULT)]
WHY = "Parce que cet essai vérifie que le fichier dit la même chose."

changes = st.dictionaries(st.sampled_from(PATHS), st.floats(0.1, 1.0).map(lambda x: round(x, 2)), max_size=5)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda one: one.name)
def test_every_knob_reads_what_it_puts(profile: Profile) -> None:
    for knob in knobs(profile):
        assert knob.low <= knob.value <= knob.high
        moved = tuned(profile, {knob.path: knob.high}, profile.name)
        assert {one.path: one.value for one in knobs(moved)}[knob.path] == knob.high
        assert changed(profile, moved) == ({} if knob.value == knob.high else {knob.path: (knob.value, knob.high)})
        # Half of the way back at least: a tier's bounds are read from the profile that it was moved in.
        nearest = max(knob.value, {one.path: one.low for one in knobs(moved)}[knob.path])
        assert tuned(moved, {knob.path: knob.value}, profile.name) == tuned(profile, {knob.path: nearest}, profile.name)


@given(changes)
def test_only_what_was_moved_changes(moves: dict[str, float]) -> None:
    after = tuned(DEFAULT, moves, "essai")
    held = {knob.path: knob for knob in knobs(DEFAULT)}
    wanted = {path: min(max(value, held[path].low), held[path].high) for path, value in moves.items()}
    expected = {path: (held[path].value, value) for path, value in wanted.items() if value != held[path].value}
    assert changed(DEFAULT, after) == expected


@pytest.mark.parametrize("wild", [-5.0, 1e5])
def test_bounds_hold(wild: float) -> None:
    after = tuned(DEFAULT, dict.fromkeys(PATHS, wild), "essai")
    assert all(knob.low <= knob.value <= knob.high for knob in knobs(after))


def test_paths_of_another_profile_are_ignored() -> None:
    assert tuned(DEFAULT, {"fields.unknown": 3.0, "signals.moon.weight": 1.0}, DEFAULT.name) == DEFAULT


@settings(max_examples=10)
@given(changes)
def test_the_file_reads_back_as_the_profile(moves: dict[str, float]) -> None:
    """As analysts' tools read it: checked, completed by the profile it extends."""
    after = tuned(DEFAULT, moves, "essai")
    read = _read(as_file(DEFAULT, after, "Essai", WHY))
    assert changed(after, read) == {}
    assert (read.name, read.labels["fr"]) == ("essai", "Essai")


def _read(text: str) -> Profile:
    packaged = load_mappings().path
    with tempfile.TemporaryDirectory() as folder:
        for part in packaged.iterdir():
            if part.name != "profiles":
                (Path(folder) / part.name).symlink_to(part)
        shutil.copytree(packaged / "profiles", Path(folder) / "profiles")
        (Path(folder) / "profiles" / "essai.yaml").write_text(text, encoding="utf-8")
        return load_mappings(Path(folder)).profiles["essai"]
