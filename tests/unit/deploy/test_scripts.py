"""What deploy/upgrade and scripts/boxes do where there is no Docker engine to do it with."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
FAKE = """#!/bin/sh
echo "$*" >>"$0.log"
case "$*" in
  "$FAILS") exit 1 ;;
  *status*) echo '{"rebuild_needed": '"$REBUILD"'}' ;;
esac
"""


def upgraded(
    folder: Path, *, rebuild: bool = False, fails: str = "nothing"
) -> tuple[int, list[str]]:
    """Its exit code, and what compose was told."""
    fake = folder / "compose"
    fake.write_text(FAKE, encoding="utf-8")
    fake.chmod(0o755)
    env = os.environ | {"COMPOSE": str(fake), "REBUILD": str(rebuild).lower(), "FAILS": fails}
    done = subprocess.run([ROOT / "deploy" / "upgrade"], env=env, capture_output=True, check=False)
    return done.returncode, (folder / "compose.log").read_text(encoding="utf-8").splitlines()


ORDER = [
    "build --quiet", "stop worker beat", "up --detach --wait worker beat", "exec -T beat indexer status --json",
    "up --detach --wait web-a", "up --detach --wait web-b",
]  # fmt: skip
REBUILT = "exec -T worker indexer rebuild"


def test_an_upgrade_goes_in_order(tmp_path: Path) -> None:
    assert upgraded(tmp_path) == (0, ORDER)


def test_an_index_is_rebuilt_before_the_services_come_that_read_it(tmp_path: Path) -> None:
    assert upgraded(tmp_path, rebuild=True) == (0, [*ORDER[:4], REBUILT, *ORDER[4:]])


def test_services_are_left_alone_when_the_rebuild_is_refused(tmp_path: Path) -> None:
    code, told = upgraded(tmp_path, rebuild=True, fails=REBUILT)
    assert code != 0
    assert told == [*ORDER[:4], REBUILT]


def test_the_second_service_is_left_alone_when_the_first_does_not_come(tmp_path: Path) -> None:
    code, told = upgraded(tmp_path, fails="up --detach --wait web-a")
    assert code != 0
    assert told == ORDER[:-1]


@pytest.mark.parametrize(("wanted", "code"), [("", 0), ("required", 3)])
def test_without_rights_the_rehearsal_says_why_and_skips_unless_required(
    wanted: str, code: int
) -> None:
    command = ["bash", str(ROOT / "scripts" / "boxes")]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("setpriv is not installed here")
        command = ["setpriv", "--reuid=65534", "--clear-groups", *command]
    env = os.environ | {"DISCOVERY_BOXES": wanted}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "only root" in done.stderr


@pytest.mark.parametrize(
    "name",
    sorted(
        path.name for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix
    ),
)
def test_every_script_says_what_it_does_and_does_nothing_else(name: str, tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([ROOT / "scripts" / name, "--help"], env=env, cwd=tmp_path, capture_output=True, text=True,
                          timeout=60, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) > 8
    assert not list(tmp_path.iterdir())


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "x"\nversion = "2026.11.3"\n', encoding="utf-8"
    )
    (tmp_path / "publiccode.yml").write_text('releaseDate: "2026-11-30"\n', encoding="utf-8")
    shutil.copy(ROOT / "server.json", tmp_path)
    shutil.copytree(ROOT / "deploy" / "kubernetes", tmp_path / "deploy" / "kubernetes")
    head = "# Changelog\n\n## Unreleased\n> **Upgrade** migrate: yes · rebuild: no\n\n### Added\n- A.\n"
    (tmp_path / "CHANGELOG.md").write_text(f"{head}\n## 2026.11.3 (2026-11-30)\n", encoding="utf-8")
    return tmp_path


def cut(checkout: Path, version: str) -> subprocess.CompletedProcess[str]:
    command = [str(ROOT / "scripts" / "release"), "--cut", version]
    env = os.environ | {"RELEASE_OF": str(checkout)}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_a_release_cuts_the_changelog_and_says_its_version_once(checkout: Path) -> None:
    assert cut(checkout, "2026.12.1").returncode == 0
    image = (checkout / "deploy/kubernetes/kustomization.yaml").read_text(encoding="utf-8")
    assert re.findall(r'newTag: "(.*?)"', image) == ["2026.12.1"]
    assert datetime.now(UTC).date().isoformat() in (checkout / "publiccode.yml").read_text(
        encoding="utf-8"
    )
    assert (
        json.loads((checkout / "server.json").read_text(encoding="utf-8"))["version"] == "2026.12.1"
    )
    assert 'version = "2026.12.1"' in (checkout / "pyproject.toml").read_text(encoding="utf-8")
    text = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    ahead, released = text.split("\n## 2026.12.1 (", 1)
    assert "## Unreleased\n> **Upgrade** migrate: no" in ahead
    assert "\n> **Upgrade** migrate: yes" in released, "the box goes with what it is about"
    assert released.index("- A.") < released.index("## 2026.11.3")


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("0.2", "year.month.number"),
        ("2026.13.0", "year.month.number"),
        ("2026.11.3", "has 2026.11.3 already"),
    ],
)
def test_a_version_that_can_not_be_is_refused(checkout: Path, version: str, said: str) -> None:
    before = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    done = cut(checkout, version)
    assert (done.returncode, said in done.stderr) == (2, True)
    assert (checkout / "CHANGELOG.md").read_text(encoding="utf-8") == before


def test_a_release_without_its_upgrade_box_is_refused(checkout: Path) -> None:
    file = checkout / "CHANGELOG.md"
    file.write_text(
        file.read_text(encoding="utf-8").replace("> **Upgrade**", "Upgrade:"), encoding="utf-8"
    )
    assert "begin with a line" in cut(checkout, "2026.12.0").stderr


def test_the_base_installs_few_packages() -> None:
    """All that a plain `pip install` brings, as the packages themselves say."""
    found, waiting = set[str](), ["inclusive-discovery"]
    while waiting:
        name = waiting.pop()
        needs = (Requirement(one) for one in metadata.requires(name) or ())
        news = {
            canonicalize_name(one.name)
            for one in needs
            if one.marker is None or one.marker.evaluate({"extra": ""})
        }
        waiting += news - found
        found |= news
    assert 30 < len(found) <= 48


def test_a_registry_of_assistants_may_list_the_service() -> None:
    """As its schema of 2025-12-11 asks; whose name and address they are, who runs it says."""
    said = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", said["name"])
    assert len(said["description"]) <= 100
    assert said["version"] == project["version"]
    (remote,) = said["remotes"]
    assert remote["url"] == "https://{host}/mcp"
    assert set(remote["variables"]) == {"host"}


def test_a_script_goes_on_in_the_checkouts_own_environment(tmp_path: Path) -> None:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    shutil.copy(ROOT / "scripts" / "own_environment.py", scripts)
    script, environment = scripts / "script", scripts / "environment"
    script.write_text(
        '"""Says where."""\nimport own_environment, sys\nprint(sys.prefix, sys.path[0], sys.argv[1])\n'
    )
    environment.write_text(
        f'#!/bin/sh\n{sys.executable} -m venv --without-pip "{tmp_path}/.venv"\n'
    )
    environment.chmod(0o755)

    def told(argument: str) -> str:
        return subprocess.run(
            [sys.executable, script, argument], capture_output=True, check=True, text=True
        ).stdout

    assert told("--help") == "Says where.\n"
    assert not (tmp_path / ".venv").exists()
    assert told("one") == f"{tmp_path}/.venv {tmp_path} one\n"
