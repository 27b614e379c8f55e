"""Names of index files say what they are; the alias moves atomically."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from discovery.engine.embedded.folder import IndexFolder, IndexName

NOW = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
FINGERPRINT = "0123456789abcdef"


@given(
    st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True),
    st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2999, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_build_and_parse_are_inverse(prefix: str, fingerprint: str, built: datetime) -> None:
    name = IndexName(prefix, fingerprint, built)
    assert IndexName.parse(name.build()) == name


@given(st.text(max_size=60))
def test_any_other_name_is_none_of_ours(name: str) -> None:
    parsed = IndexName.parse(name)
    assert parsed is None or parsed.build() == name


def make(folder: IndexFolder, *minutes: int) -> list[Path]:
    files = [folder.new(FINGERPRINT, NOW + timedelta(minutes=minute)) for minute in minutes]
    for file in files:
        file.parent.mkdir(exist_ok=True)
        file.touch()
        file.with_name(file.name + "-wal").touch()
    return files


def test_nothing_serves_in_an_empty_folder(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path / "index", "suppliers")
    assert folder.current() is None
    assert folder.previous() is None
    assert folder.files() == []


def test_the_alias_follows_promotions(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path, "suppliers")
    first, second = make(folder, 0, 1)
    folder.promote(first)
    assert folder.current() == first
    folder.promote(second)
    assert folder.current() == second
    assert folder.previous() == first
    assert folder.link.resolve() == second.resolve()


def test_a_link_to_a_lost_file_serves_nothing(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path, "suppliers")
    [file] = make(folder, 0)
    folder.promote(file)
    folder.remove(file)
    assert folder.current() is None


def test_pruning_keeps_what_serves_and_the_newest_other(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path, "suppliers")
    files = make(folder, 0, 1, 2, 3)
    folder.promote(files[1])
    assert folder.prune(2) == [files[0], files[2]]
    assert folder.files() == [files[1], files[3]]
    assert not files[0].with_name(files[0].name + "-wal").exists()


def test_prefixes_do_not_see_each_other(tmp_path: Path) -> None:
    ours, theirs = IndexFolder(tmp_path, "suppliers"), IndexFolder(tmp_path, "suppliers-test")
    make(ours, 0)
    make(theirs, 1, 2)
    assert len(ours.files()) == 1
    assert len(theirs.files()) == 2
