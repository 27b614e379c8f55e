"""A file that is followed: looked at now and then, kept as it was while it can't be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from discovery.config import SettingsError
from discovery.config.reloaded_file import LOOK_SECONDS, ReloadedFile


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def load(path: Path) -> str:
    text = path.read_text(encoding="utf-8") if path.exists() else "nothing"
    if text == "broken":
        raise SettingsError("it is broken")
    return text


def test_a_change_is_seen_at_the_next_look(tmp_path: Path) -> None:
    path, clock = tmp_path / "file", Clock()
    file = ReloadedFile(path, load, clock)
    assert file.current() == "nothing"
    path.write_text("something")
    assert file.current() == "nothing", "looked at a moment ago"
    clock.now += LOOK_SECONDS
    assert file.current() == "something"
    path.unlink()
    clock.now += LOOK_SECONDS
    assert file.current() == "nothing"


def test_what_breaks_meanwhile_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, clock = tmp_path / "file", Clock()
    path.write_text("something")
    file = ReloadedFile(path, load, clock)
    path.write_text("broken")
    for _ in range(3):
        clock.now += LOOK_SECONDS
        assert file.current() == "something"
    out = capsys.readouterr()
    assert (out.out + out.err).count("it is broken") == 1


def test_what_is_broken_at_the_start_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("broken")
    with pytest.raises(SettingsError):
        ReloadedFile(tmp_path / "file", load)
