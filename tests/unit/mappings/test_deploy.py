"""What deploy/ and its page say is so."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from discovery.commands.serve import KEEPALIVE_SECONDS, MAX_CONNECTIONS
from discovery.http.long_work import THREADS
from discovery.mappings import Settings
from discovery.mappings.settings import variable_of
from tests.servers import free_port, leave_nothing

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


def test_settings_exist() -> None:
    known = {variable_of(name) for name in Settings.__dataclass_fields__}
    files = [
        PAGE,
        *(
            path.read_text(encoding="utf-8")
            for path in (ROOT / "deploy").rglob("*")
            if path.is_file()
        ),
    ]
    assert {name for text in files for name in re.findall(r"DISCOVERY_[A-Z_]*[A-Z]", text)} <= known


def test_numbers_are_those_of_the_code() -> None:
    assert f"{MAX_CONNECTIONS:,} connections" in PAGE
    assert f"{THREADS} threads" in PAGE


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("nginx.conf", r"keepalive_timeout (\d+)s; #"), ("Caddyfile", r"keepalive (\d+)s")],
)
def test_a_proxy_lets_go_of_an_idle_connection_before_the_service_does(
    name: str, pattern: str
) -> None:
    found = re.search(pattern, (ROOT / "deploy" / name).read_text(encoding="utf-8"))
    assert found
    assert int(found[1]) < KEEPALIVE_SECONDS


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_what_systemd_takes(unit: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed here")
    said = subprocess.run(
        [program, "verify", str(unit)], capture_output=True, text=True, check=False
    ).stderr
    faults = [
        line
        for line in said.splitlines()
        if unit.name.split("@")[0] in line and "is not executable" not in line
    ]
    assert faults == []


def lines(unit: Path, name: str) -> list[list[str]]:
    """The commands of a unit, by the programs of these tests in place of /opt/discovery/bin."""
    found = re.findall(rf"^{name}=/opt/discovery/bin/(.*)$", unit.read_text(encoding="utf-8"), re.M)
    return [
        [str(Path(sys.executable).with_name(line.split()[0])), *line.split()[1:]] for line in found
    ]


@pytest.mark.slow
def test_the_units_end_in_a_ready_service(tmp_path: Path) -> None:
    """What systemd would do with both, one after the other, from the environment file as it stands."""
    indexer, service = (
        ROOT / "deploy/systemd" / f"{name}.service" for name in ("indexer-worker", "discovery@")
    )
    given = re.findall(
        r"^(DISCOVERY_\w+)=(.*)$", (ROOT / "deploy/systemd/environment").read_text("utf-8"), re.M
    )
    assert dict(given) == {"DISCOVERY_HOME": "/var/lib/discovery"}
    assert all(
        "EnvironmentFile=/etc/discovery/environment" in unit.read_text("utf-8")
        for unit in (indexer, service)
    )
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "DISCOVERY_HOME": str(tmp_path / "discovery"),
    }
    for command in lines(indexer, "ExecStartPre"):
        subprocess.run(command, env=env, check=True, capture_output=True)
    port = str(free_port())
    (worker,), (web,) = lines(indexer, "ExecStart"), lines(service, "ExecStart")
    started = [
        subprocess.Popen(words, env=env, stderr=subprocess.DEVNULL, start_new_session=True)
        for words in (worker, [*web, "--port", port])
    ]
    for process in started:
        leave_nothing(process)
    try:
        (migrate,) = lines(indexer, "ExecStartPre")
        fed = subprocess.run(
            [migrate[0], "import", "--no-index", str(ROOT / "examples/suppliers.csv")],
            env=env,
            check=False,
        )
        assert fed.returncode == 0
        for _ in range(600):
            assert [process.poll() for process in started] == [None, None]
            try:
                page = (
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/?q=nettoyage", timeout=30)
                    .read()
                    .decode()
                )
            except OSError:
                page = ""
            if "Atelier du Bocage" in page:
                break
            time.sleep(0.5)
        assert "Atelier du Bocage" in page
    finally:
        for process in started:
            process.terminate()
        assert [process.wait(60) for process in started] == [0, 0]
