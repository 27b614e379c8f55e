"""Packages that only some settings need: which lack is told by the setting that needs them."""

import subprocess
import sys
from pathlib import Path

import pytest

NEEDED = [
    ("redis", "DISCOVERY_BROKER_URL", "redis://127.0.0.1:1/0", ("worker",)),
    ("redis", "DISCOVERY_BROKER_URL", "rediss://127.0.0.1:1/0", ("beat",)),
    ("psycopg", "DISCOVERY_DATABASE_URL", "postgresql://u:p@127.0.0.1:1/x", ("migrate",)),
    ("elasticsearch", "DISCOVERY_ENGINE", "http://127.0.0.1:1", ("sync",)),
]


@pytest.mark.slow
@pytest.mark.parametrize(("package", "variable", "value", "words"), NEEDED)
def test_a_lack_is_told_before_anything_is_tried(
    package: str, variable: str, value: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    """A process in which that package can't be found."""
    code = (
        "import sys, importlib.abc\n"
        "class Without(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        f"        if name.split('.')[0] == {package!r}: raise ModuleNotFoundError(name=name)\n"
        "sys.meta_path.insert(0, Without())\n"
        "import importlib.util\n"
        "found = importlib.util.find_spec\n"
        f"importlib.util.find_spec = lambda name, *rest: None if name == {package!r} else found(name, *rest)\n"
        "from indexer.cli import main\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env={"PATH": "", "DISCOVERY_HOME": str(tmp_path), variable: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"indexer: {variable}: ")
    assert "pip install 'inclusive-discovery[" in done.stderr
    assert len(done.stderr.splitlines()) == 1
