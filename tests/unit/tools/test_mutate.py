"""Mutation testing itself: which faults a file can have, and that one is noticed by a test that
looks, missed by one that doesn't.
"""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tools.mutate import Functions, faults, nearest

ROOT = Path(__file__).parents[3]
CODE = '''"""Say who is served."""

OF_AGE = 18
DOORS = dict(zip("ab", "cd", strict=True), repr=False)


def served(age: int, member: bool) -> bool:
    """Whether somebody is served."""
    return age >= OF_AGE and member
'''


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one module, and a folder for its tests; the working directory."""
    package = tmp_path / "shop" / "door"
    package.mkdir(parents=True)
    (package / "entry.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\npythonpath = ["."]\n', encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tried(project: Path, test: str, code: int = 0) -> str:
    (project / "tests" / "test_entry.py").write_text(test, encoding="utf-8")
    command = [sys.executable, "-m", "tools.mutate", "shop/door/entry.py"]
    around = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }  # they take a second to load
    ended = subprocess.run(
        command, cwd=project, env=around, capture_output=True, text=True, check=False, timeout=600
    )
    assert ended.returncode == code, ended.stderr
    return ended.stdout + ended.stderr


def test_the_faults_of_a_line(project: Path) -> None:
    found = {
        (fault.line, fault.before, fault.after) for fault in faults(Path("shop/door/entry.py"))
    }
    assert found == {
        (3, "18", "19"),
        (9, "return age >= OF_AGE and member", "return None"),
        (9, "age >= OF_AGE and member", "age >= OF_AGE or member"),
        (9, "age >= OF_AGE", "age > OF_AGE"),
    }
    assert not list(faults(Path("shop/door/entry.py"), lines={1, 2, 4, 5, 6, 7, 8}))


def test_a_function_is_altered_in_memory_whatever_stands_twice_on_a_line(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path("shop/door/entry.py")
    file.write_text(
        "def full(a, b):\n    return all(x for x in a) and any(not x for x in b)\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(project))
    monkeypatch.setitem(sys.modules, "shop.door.entry", import_module("shop.door.entry"))
    (functions := Functions()).settle({"shop"})
    assert all(functions.altered(fault) for fault in faults(file))


def test_its_own_test_is_the_nearest(project: Path) -> None:
    for name, text in (
        ("test_entry", ""),
        ("test_other", "from shop.door.entry import served"),
        ("test_far", ""),
    ):
        (project / "tests" / f"{name}.py").write_text(text, encoding="utf-8")
    assert [Path(test).stem for test in nearest(Path("shop/door/entry.py"))] == [
        "test_entry",
        "test_other",
    ]


CARELESS = """from shop.door.entry import served


def test_somebody():
    assert served(40, True)
"""
CAREFUL = """

def test_of_age():
    assert served(18, True)
    assert not served(18, False)
    assert served(17, True) is False
"""


def test_faults_that_tests_miss_are_listed(project: Path) -> None:
    said = tried(project, CARELESS)
    assert "survives: shop/door/entry.py:9: age >= OF_AGE  →  age > OF_AGE" in said
    assert "survives: shop/door/entry.py:3: 18  →  19" in said
    assert "4 of 4 faults tried" in said


def test_what_noticed_a_fault_is_named_be_it_far(project: Path) -> None:
    far = f"from importlib import import_module\n\nserved = import_module('shop.door.entry').served\n{CAREFUL}"
    (project / "tests" / "test_far.py").write_text(far, encoding="utf-8")
    said = tried(project, CARELESS)
    assert "missed by the nearest: shop/door/entry.py:3: 18  →  19" in said
    assert (
        "noticed: shop/door/entry.py:9: age >= OF_AGE  →  age > OF_AGE  by tests/test_far.py::test_of_age"
        in said
    )
    assert "noticed: shop/door/entry.py:3: 18  →  19  by tests/test_far.py::test_of_age" in said
    assert "4 of 4 faults tried" in said
    assert "0 survive" in said


@pytest.mark.slow
def test_what_fails_as_the_code_stands_notices_nothing(project: Path) -> None:
    for name, fault in (
        ("other", "def test_other():\n    assert served(3, True)\n"),
        ("third", "import nowhere\n"),
    ):
        text = f"from shop.door.entry import served\n\n\n{fault}"
        (project / "tests" / f"test_{name}.py").write_text(text, encoding="utf-8")
    said = tried(project, CARELESS)
    assert "as the code stands: tests/test_other.py" in said
    assert "as the code stands: tests/test_third.py" in said
    assert "survives: shop/door/entry.py:9: age >= OF_AGE  →  age > OF_AGE" in said


@pytest.mark.slow
def test_a_run_without_tests_tries_nothing(project: Path) -> None:
    (project / "tests" / "test_other.py").write_text(
        "from shop.door.entry import served, nothing\n", encoding="utf-8"
    )
    said = tried(project, CARELESS.replace("def test", "def check"), code=1)
    assert "nothing was tried" in said
    assert "noticed:" not in said


@pytest.mark.slow
def test_a_run_that_pytest_refuses_tries_nothing(project: Path) -> None:
    (project / "tests" / "conftest.py").write_text("import nowhere\n", encoding="utf-8")
    assert "nothing was tried" in tried(project, CARELESS, code=1)


SHARED = """import pytest
from shop.door.entry import served


@pytest.fixture(scope="module")
def old():
    return served(40, True)


def test_old(old, tmp_path):
    assert old


def test_again(old, tmp_path):
    assert old
"""


@pytest.mark.slow
def test_a_fault_in_what_tests_share_is_noticed(project: Path) -> None:
    (project / "tests" / "test_again.py").write_text(SHARED, encoding="utf-8")
    said = tried(project, SHARED.replace("assert old", "assert True"))
    assert (
        "noticed: shop/door/entry.py:9: return age >= OF_AGE and member  →  return None  by tests/test_again.py"
        in said
    )
    assert "left out" not in said


@pytest.mark.slow
def test_what_the_process_remembers_hides_no_fault(project: Path) -> None:
    code = CODE.replace("def served", "@cache\ndef served").replace(
        "OF_AGE =", "from functools import cache\n\nOF_AGE ="
    )
    (project / "shop" / "door" / "entry.py").write_text(code, encoding="utf-8")
    (project / "tests" / "test_other.py").write_text(CARELESS, encoding="utf-8")
    said = tried(project, SHARED.replace("assert old", "assert True"))
    assert "member  →  return None  by tests/test_other.py::test_somebody" in said
