"""A second start reads what the first one kept, and makes nothing that only a later question needs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

START = """
import json, sys
opened = []
sys.addaudithook(lambda event, told: opened.append(str(told[0])) if event == "open" else None)
from pathlib import Path
from discovery.http.api.document import openapi
from discovery.app import application
from discovery.mappings import Settings
from discovery.context import make_services
services = make_services(Settings(home=Path(sys.argv[1])))
services.warm()
application(services)
print(json.dumps([opened, sorted(sys.modules), openapi.cache_info().currsize]))
"""
READ = (".yaml", ".gz", ".csv")
"""Endings of files that are made into something at every start."""
LATER = frozenset(
    {"apispec", "celery", "elasticsearch", "mcp", "redis", "smtplib", "sqlalchemy"}
    | {"tools.lint", "tools.judge"}
)
"""What no first answer needs."""


COMPILED = "compiled"


def start(home: Path) -> tuple[list[str], list[str], int]:
    """Files opened, modules imported, and how many OpenAPI documents were made."""
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    environment["PYTHONPYCACHEPREFIX"] = str(home / COMPILED)
    done = subprocess.run(
        [sys.executable, "-c", START, str(home)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    opened, modules, described = json.loads(done.stdout.splitlines()[-1])
    return opened, modules, described


@pytest.mark.slow
def test_a_second_start_reads_what_the_first_kept(tmp_path: Path) -> None:
    if sys.pycache_prefix:  # modules as they are compiled already, without what a start makes
        shutil.copytree(
            sys.pycache_prefix,
            tmp_path / COMPILED,
            copy_function=os.link,
            ignore=shutil.ignore_patterns("*.cache"),
        )
    first, _, _ = start(tmp_path)
    assert [name for name in first if name.endswith(READ)], "the first reads all"
    opened, modules, described = start(tmp_path)
    assert [name for name in opened if name.endswith(READ)] == []
    assert [name for name in modules if name.split(".")[0] in LATER or name in LATER] == []
    assert described == 0
