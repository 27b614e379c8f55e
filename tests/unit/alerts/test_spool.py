"""The folder between both programs."""

import os
import stat
import time
from pathlib import Path

import pytest

from discovery.desk import alerts as room
from discovery.desk.alerts import ABANDONED_SECONDS, Spool, SpoolFull


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "a" / "alerts")


def texts(spool: Spool) -> list[str]:
    return [text for _, text in spool.waiting()]


def test_what_is_handed_over_is_read_in_order_and_once_taken_away_gone(spool: Spool) -> None:
    assert texts(spool) == [], "no folder yet"
    for at, text in ((20, "second"), (3, "first"), (20, "third")):
        spool.put(text, at)
    assert texts(spool)[0] == "first"
    assert sorted(texts(spool)) == ["first", "second", "third"]
    for path, _ in [*spool.waiting()]:
        spool.done(path)
        spool.done(path)
    assert texts(spool) == []


def test_only_its_owner_reads_it(spool: Spool) -> None:
    spool.put("x", 1)
    path, _ = next(spool.waiting())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_a_dead_process_left_is_removed_after_a_while(spool: Spool) -> None:
    spool.put("x", 1)
    old, new = spool.folder / "1.unfinished", spool.folder / "2.unfinished"
    for path in (old, new):
        path.write_text("ann")
    past = time.time() - ABANDONED_SECONDS - 1
    os.utime(old, (past, past))
    spool.sweep()
    assert (old.exists(), new.exists()) == (False, True)
    assert texts(spool) == ["x"]


def test_a_file_taken_by_another_process_meanwhile_is_passed_over(spool: Spool) -> None:
    for at in (1, 2, 3):
        spool.put(str(at), at)
    read = spool.waiting()
    next(read)
    for path in sorted(spool.folder.iterdir())[1:2]:
        path.unlink()
    assert [text for _, text in read] == ["3"]


def test_too_large_or_strange_is_nobody_s(spool: Spool) -> None:
    spool.put("x" * (room.MAX_BYTES + 1), 1)
    (spool.folder / "2.request").write_bytes(b"\xff\xfe")
    assert texts(spool) == ["", "\ufffd\ufffd"]


def test_it_has_an_end(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_WAITING", 2)
    spool.put("a", 1)
    spool.put("b", 1)
    with pytest.raises(SpoolFull, match="indexer worker"):
        spool.put("c", 1)
    assert SpoolFull.status == 503
    assert sorted(texts(spool)) == ["a", "b"]
