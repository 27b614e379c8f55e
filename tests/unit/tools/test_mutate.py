"""Mutation testing itself: which faults a file can have, and that one is noticed by a test that looks, missed by one
that doesn't."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.mutate import faults, nearest

ROOT = Path(__file__).parents[3]
CODE = '''"""Say who is served."""


def served(age: int, member: bool) -> bool:
    """Whether somebody is served."""
    return age >= 18 and member
'''


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one module, and a folder for its tests; the working directory."""
    package = tmp_path / "shop" / "door"
    package.mkdir(parents=True)
    (package / "entry.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tried(project: Path, test: str) -> str:
    (project / "tests" / "test_entry.py").write_text(test, encoding="utf-8")
    command = [sys.executable, "-m", "tools.mutate", "shop/door/entry.py"]
    around = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=project, env=around, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_faults_of_a_line(project: Path) -> None:
    found = {(fault.line, fault.before, fault.after) for fault in faults(Path("shop/door/entry.py"))}
    assert found == {
        (6, "return age >= 18 and member", "return None"),
        (6, "age >= 18 and member", "age >= 18 or member"),
        (6, "age >= 18", "age > 18"),
        (6, "18", "19"),
    }
    assert not list(faults(Path("shop/door/entry.py"), lines={1, 2, 3}))


def test_its_own_test_is_the_nearest(project: Path) -> None:
    for name, text in (("test_entry", ""), ("test_other", "from shop.door.entry import served"), ("test_far", "")):
        (project / "tests" / f"{name}.py").write_text(text, encoding="utf-8")
    assert [test.stem for test in nearest(Path("shop/door/entry.py"), Path("tests"))] == ["test_entry", "test_other"]


def test_faults_that_tests_miss_are_listed(project: Path) -> None:
    careless = "from shop.door.entry import served\n\n\ndef test_somebody():\n    assert served(40, True)\n"
    said = tried(project, careless)
    assert "shop/door/entry.py:6: age >= 18  →  age > 18" in said
    assert "4 of 4 faults tried" in said
    careful = (
        careless
        + "    assert served(18, True)\n    assert not served(18, False)\n    assert served(17, True) is False\n"
    )
    assert "0 survive" in tried(project, careful)
