import threading
from dataclasses import replace
from pathlib import Path

import pytest

from discovery.http.keys import Key, KeyFileError, KeyRing, edited, hashed, load
from discovery.mappings.watched import EVERY_S

SITE = Key("site", hashed("t"), ("*",), {"kind": ("ESAT",)}, 100, "2026-01-01T00:00:00Z")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "keys.json"


def add(path: Path, *keys: Key) -> None:
    with edited(path) as known:
        known += keys


def test_an_edit_that_fails_changes_nothing(path: Path) -> None:
    add(path, SITE)

    def lose_all() -> None:
        with edited(path) as known:
            known.clear()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        lose_all()
    assert load(path) == (SITE,)


def test_edits_at_once_lose_nothing(path: Path) -> None:
    made = [replace(SITE, name=f"k{number}") for number in range(8)]
    threads = [threading.Thread(target=add, args=(path, key)) for key in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(key.name for key in load(path)) == sorted(key.name for key in made)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "keys.json:1: not JSON"),
        ('{"keys": [{}]}', "name"),
        ("[]", "keys.json"),
        ('{"keys": [], "x": 1}', "x"),
    ],
)
def test_a_broken_file_is_named_with_its_fault(path: Path, text: str, said: str) -> None:
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KeyFileError, match=said):
        KeyRing(path)


def test_a_service_follows_the_file(path: Path) -> None:
    clock = Clock()
    ring = KeyRing(path, clock)
    add(path, SITE)
    assert ring.find("t") is None, "looked at a moment ago"
    clock.now += EVERY_S
    assert ring.find("t") == SITE
    with edited(path) as known:
        known[:] = [replace(SITE, revoked="2026-02-01T00:00:00Z")]
    clock.now += EVERY_S
    assert ring.find("t") is None
    path.unlink()
    add(path, SITE)
    clock.now += EVERY_S
    assert ring.find("t") == SITE


def test_a_file_broken_meanwhile_leaves_the_keys_of_before(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    add(path, SITE)
    ring = KeyRing(path, clock)
    path.write_text("{", encoding="utf-8")
    for _ in range(3):
        clock.now += EVERY_S
        assert ring.find("t") == SITE
    out = capsys.readouterr()
    assert (out.out + out.err).count("files_stale") == 1
