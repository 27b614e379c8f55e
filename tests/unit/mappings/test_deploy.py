"""What deploy/ and its page say is so."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from discovery.commands.serve import KEEPALIVE_SECONDS, MAX_CONNECTIONS, THREADS
from discovery.mappings import Settings
from discovery.mappings.settings import variable_of

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


def test_settings_exist() -> None:
    known = {variable_of(name) for name in Settings.__dataclass_fields__}
    files = [PAGE, *(path.read_text(encoding="utf-8") for path in (ROOT / "deploy").rglob("*") if path.is_file())]
    assert {name for text in files for name in re.findall(r"DISCOVERY_[A-Z_]*[A-Z]", text)} <= known


def test_numbers_are_those_of_the_code() -> None:
    assert f"{MAX_CONNECTIONS:,} connections" in PAGE
    assert f"{THREADS} threads" in PAGE


@pytest.mark.parametrize(
    ("name", "pattern"), [("nginx.conf", r"keepalive_timeout (\d+)s; #"), ("Caddyfile", r"keepalive (\d+)s")]
)
def test_a_proxy_lets_go_of_an_idle_connection_before_the_service_does(name: str, pattern: str) -> None:
    found = re.search(pattern, (ROOT / "deploy" / name).read_text(encoding="utf-8"))
    assert found
    assert int(found[1]) < KEEPALIVE_SECONDS


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_what_systemd_takes(unit: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed here")
    said = subprocess.run([program, "verify", str(unit)], capture_output=True, text=True, check=False).stderr
    faults = [line for line in said.splitlines() if unit.name.split("@")[0] in line and "is not executable" not in line]
    assert faults == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_start_what_there_is(unit: Path) -> None:
    from discovery.cli import main as discovery
    from indexer.cli import main as indexer

    (line,) = re.findall(r"^ExecStart=/opt/discovery/bin/(\w+) (\S+)(.*)$", unit.read_text(encoding="utf-8"), re.M)
    program, command, words = line
    found = {"discovery": discovery, "indexer": indexer}[program].get_command(None, command)  # type: ignore[arg-type]
    assert found is not None
    options = {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in words.split() if word.startswith("--")} <= options
