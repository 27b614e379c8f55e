"""Edits of profiles and words are taken in while the service runs; a bad one never takes the good
ones away.
"""

import os
import shutil
import threading
from pathlib import Path

import pytest

from discovery.errors import Problem
from discovery.mappings import (
    Mappings,
    MappingsError,
    SettingsError,
    load_mappings,
    packaged_mappings,
)
from discovery.mappings.watched import EVERY_S, WatchedFiles, watch_mappings
from tests.tables import cases

Watch = WatchedFiles[Mappings]


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def pass_(self, seconds: float = EVERY_S) -> None:
        self.now += seconds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(packaged_mappings(), tmp_path / "mappings")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(folder: Path, clock: Clock) -> Watch:
    return watch_mappings(load_mappings(folder), clock=clock)


def edit(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    seen = file.stat()
    os.utime(
        file, ns=(seen.st_atime_ns, seen.st_mtime_ns + 1)
    )  # two edits within one tick of the disk's clock


def test_an_edit_is_taken_in_at_the_next_look(watch: Watch, folder: Path, clock: Clock) -> None:
    before = watch.current()
    edit(folder, "profiles/balanced.yaml", "weight: 3.0", "weight: 3.5")
    edit(folder, "synonyms/words.txt", "colis, paquet", "colis, paquet, pli")
    assert watch.current() is before, "the files are looked at once a second"
    clock.pass_()
    now = watch.current()
    assert dict(now.profile().fields)["sector_terms"] == 3.5
    assert "pli" in {word for rule in now.equivalences.rules for word in rule.typed}
    assert now.vocabulary is before.vocabulary
    clock.pass_()
    assert watch.current() is now, "nothing changed since"


def test_a_profile_may_come_and_go(watch: Watch, folder: Path, clock: Clock) -> None:
    file = folder / "profiles" / "mine.yaml"
    file.write_text(
        "name: mine\nlabel: {fr: Le mien, en: Mine}\nextends: balanced\n", encoding="utf-8"
    )
    clock.pass_()
    assert "mine" in watch.current().profiles
    file.unlink()
    clock.pass_()
    assert "mine" not in watch.current().profiles


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    cases(__file__, "an_invalid_edit_keeps_the_last_good_version_until_mended"),
)
def test_an_invalid_edit_keeps_the_last_good_version_until_mended(
    watch: Watch, folder: Path, clock: Clock, name: str, old: str, new: str, said: str
) -> None:
    file = folder / name
    good = file.read_text(encoding="utf-8")
    before = watch.current()
    file.write_text(good.replace(old, new, 1) if old in good else good + new, encoding="utf-8")
    clock.pass_()
    assert watch.current() is before
    state = watch.state()
    assert state.status == "stale"
    assert said in state.problems[0]
    file.write_text(good + "# mended\n", encoding="utf-8")
    clock.pass_()
    assert watch.state().status == "current"
    assert watch.state().problems == ()
    assert watch.current().profiles == before.profiles


def test_mappings_that_cannot_serve_are_not_taken_in(folder: Path, clock: Clock) -> None:
    def refuse(found: Mappings) -> None:
        if found is not first:
            raise MappingsError([Problem(folder, 3, "two tokens")])

    first = load_mappings(folder)
    watch = watch_mappings(first, refuse, clock=clock)
    edit(folder, "synonyms/words.txt", "colis, paquet", "colis, paquet, petit paquet")
    clock.pass_()
    assert watch.current() is first
    assert "two tokens" in watch.state().problems[0]


def test_what_needs_a_rebuild_is_left_as_it_was(watch: Watch, folder: Path, clock: Clock) -> None:
    before = watch.current()
    edit(folder, "vocabulary/kinds.yaml", "kinds:", "kinds: [")
    edit(folder, "stop.txt", "le\n", "le\nnettoyage\n")
    edit(folder, "profiles/balanced.yaml", "weight: 3.0", "weight: 3.5")
    clock.pass_()
    now = watch.current()
    assert (now.vocabulary, now.index) == (before.vocabulary, before.index)
    assert now.profile() != before.profile(), (
        "the profile's own edit is good, whatever the other files say"
    )


def test_a_folder_that_vanishes_is_no_reason_to_stop(
    watch: Watch, folder: Path, clock: Clock
) -> None:
    before = watch.current()
    shutil.rmtree(folder)
    clock.pass_()
    assert watch.current() is before
    assert watch.state().status == "stale"


def test_threads_get_whole_mappings_while_files_change(
    watch: Watch, folder: Path, clock: Clock
) -> None:
    """Each reader sees one version of both files: the old or the new, never a mixture of a profile."""
    seen: set[tuple[float, float]] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            fields = dict(watch.current().profile().fields)
            seen.add((fields["name"], fields["brand"]))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    text = (folder / "profiles/balanced.yaml").read_text(encoding="utf-8")
    for number in range(3, 6):
        (folder / "profiles/balanced.yaml").write_text(
            text.replace("weight: 2.2", f"weight: {number}"), "utf-8"
        )
        clock.pass_()
        while dict(watch.current().profile().fields)["name"] != number:
            clock.pass_()
    stop.set()
    for reader in readers:
        reader.join()
    assert all(name == brand for name, brand in seen)
    assert len(seen) > 1


def load(path: Path) -> str:
    text = path.read_text(encoding="utf-8") if path.exists() else "nothing"
    if text == "broken":
        raise SettingsError("it is broken")
    return text


def test_what_breaks_meanwhile_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, clock = tmp_path / "file", Clock()
    path.write_text("something")
    file = WatchedFiles(lambda: [path], lambda: load(path), clock=clock)
    path.write_text("broken")
    for _ in range(3):
        clock.pass_()
        assert file.current() == "something"
    out = capsys.readouterr()
    assert (out.out + out.err).count("it is broken") == 1
