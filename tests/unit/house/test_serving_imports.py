"""The service carries none of the tools that are used beside it."""

import subprocess
import sys
from pathlib import Path

import pytest

OURS = ("discovery", "indexer", "tests", "tools")
TOOLS = ("tools.judge", "tools.lint", "discovery.commands", "discovery.cli", "indexer", "tests")


def imported(code: str) -> set[str]:
    """Names of the modules of ours, and of the tools, that a program has imported at its end."""
    code += "\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name for name in done.stdout.splitlines()[-1].split() if name.startswith(OURS)}


@pytest.mark.slow
def test_serving_imports_no_tool(tmp_path: Path) -> None:
    found = imported(
        "from pathlib import Path\nfrom discovery.app import create_app\nfrom discovery.mappings import Settings\n"
        f"create_app(Settings(home=Path({str(tmp_path)!r}))).test_client().get('/')"
    )
    assert "discovery.pages.search.view" in found
    assert not [name for name in found if name.startswith(TOOLS)]


@pytest.mark.slow
def test_the_workbench_is_imported_where_it_is_opened(tmp_path: Path) -> None:
    found = imported(
        "from pathlib import Path\nfrom discovery.app import create_app\nfrom discovery.mappings import Settings\n"
        f"create_app(Settings(home=Path({str(tmp_path)!r}), relevance_token='x' * 20))"
    )
    assert {"discovery.pages.workbench.view", "tools.judge.evaluation"} <= found


@pytest.mark.parametrize("program", ["discovery", "indexer"])
def test_a_command_line_imports_its_commands_when_they_run(program: str) -> None:
    found = imported(f"import {program}.cli")
    assert not [name for name in found if name.startswith(f"{program}.commands")]
