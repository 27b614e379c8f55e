"""Derived data cached between starts: the same, until a file is touched; and never in the way."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from discovery import disk_cache
from discovery.disk_cache import MIN_CACHED_CHARS, cached


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of its own, whose modules are compiled into `cache`."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "cache"))
    package = tmp_path / "package"
    (package / "config").mkdir(parents=True)
    (package / "config" / "folding.py").write_text("def fold(): ...")
    monkeypatch.setattr(disk_cache, "PACKAGE", package)
    disk_cache._package.cache_clear()
    yield package
    disk_cache._package.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mappings" / "below").mkdir(parents=True)
    (tmp_path / "mappings" / "below" / "list.yaml").write_text("one")
    return tmp_path / "mappings"


@pytest.fixture
def read(folder: Path, package: Path) -> Callable[[], tuple[str, bool]]:
    """What is read, and whether the folder was read for it."""

    def ask() -> tuple[str, bool]:
        asked = []

        def whole() -> str:
            asked.append(True)
            return (folder / "below" / "list.yaml").read_text()

        return cached(str(package / "x.py"), whole, folder=folder), bool(asked)

    return ask


def cache_file(tmp_path: Path) -> Path:
    [file] = (tmp_path / "cache").rglob("x.*.cache")
    return file


def test_a_folder_is_read_once_until_a_file_is_touched(
    read: Callable[[], tuple[str, bool]], folder: Path
) -> None:
    assert [read(), read()] == [("one", True), ("one", False)]
    file = folder / "below" / "list.yaml"
    was = file.stat()
    file.write_text("two")  # of the same length
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns + 1))
    assert [read(), read()] == [("two", True), ("two", False)]
    (folder / "another.yaml").touch()
    assert read() == ("two", True)
    (folder / "another.yaml").unlink()
    assert read() == ("two", True)


def test_an_edit_of_any_module_makes_it_anew(
    read: Callable[[], tuple[str, bool]], package: Path
) -> None:
    """An edit of `config/folding.py` served yesterday's lexicon."""
    assert [read(), read()] == [("one", True), ("one", False)]
    (package / "config" / "folding.py").write_text("def fold(text): ...")
    disk_cache._package.cache_clear()  # another process
    assert [read(), read()] == [("one", True), ("one", False)]


@pytest.mark.parametrize("content", [b"", b"x", None])
def test_a_file_that_is_no_use_is_done_without(
    read: Callable[[], tuple[str, bool]], tmp_path: Path, content: bytes | None
) -> None:
    read()
    file = cache_file(tmp_path)
    file.write_bytes(file.read_bytes()[:-5] if content is None else content)
    assert [read(), read()] == [("one", True), ("one", False)]


def test_nothing_is_written_where_python_may_not_or_can_not(
    read: Callable[[], tuple[str, bool]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert read() == ("one", True)
    assert not (tmp_path / "cache").exists()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "cache").write_text("a file where the folder would be")
    assert [read(), read()] == [("one", True), ("one", True)]


def test_what_is_made_of_texts_is_made_once_for_the_same_texts(package: Path) -> None:
    made = []

    def ask(*texts: str) -> list[str]:
        def whole() -> list[str]:
            made.append(texts)
            return [text.upper() for text in texts]

        return cached(str(package / "y.py"), whole, texts=texts)

    long = "a" * MIN_CACHED_CHARS
    assert ask(long, "b") == ask(long, "b") == [long.upper(), "B"]
    assert len(made) == 1
    assert ask(long + "b") == [long.upper() + "B"], "the same letters, cut otherwise"
    assert len(made) == 2
    assert ask("few") == ask("few") == ["FEW"]
    assert len(made) == 4, "sooner made than read"
    assert ask(long, "\ud800") == [long.upper(), "\ud800"]
