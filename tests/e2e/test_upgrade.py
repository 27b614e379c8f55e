"""Two releases, the first served and then upgraded to the second: by pip, and by what its Upgrade
box says alone.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from discovery.engine.definition import DOCUMENT_FORMAT
from indexer.store.engine import head
from tests.e2e.test_wheel import ROOT
from tests.reliability.test_rolling import Visitors
from tests.served import Served

pytestmark = pytest.mark.xdist_group("release")

RELEASED = (
    *("discovery", "indexer", "tools", "mappings", "deploy/kubernetes"),
    *(
        "pyproject.toml",
        "CHANGELOG.md",
        "README.md",
        "LICENSE",
        "NOTICE",
        "server.json",
        "publiccode.yml",
    ),
)
"""What `scripts/release --cut` and the wheel are made from."""
NO, YES = (
    "> **Upgrade** migrate: no · rebuild: no ·",
    "> **Upgrade** migrate: yes (`indexer migrate`) · rebuild: yes (`indexer rebuild`, before the services start) ·",
)
NEXT = (
    ("CHANGELOG.md", NO, YES),
    (
        "discovery/engine/definition.py",
        f"_FORMAT = {DOCUMENT_FORMAT}",
        f"_FORMAT = {DOCUMENT_FORMAT + 1}",
    ),
    ("mappings/suppliers.json", f'"format": {DOCUMENT_FORMAT}', f'"format": {DOCUMENT_FORMAT + 1}'),
)
"""File, what it says, what the second release says: documents of another format, and a store of
another revision.
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{head}"


def upgrade():
    op.add_column("supplier", sa.Column("later", sa.Text()))
"""
SUPPLIERS = 40


class Installed:
    """An environment for a release's wheel; what it depends on is the tests' own."""

    def __init__(self, folder: Path) -> None:
        subprocess.run(
            [sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True
        )
        self.python, self.home = folder / "venv" / "bin" / "python", folder / "home"
        packages = sysconfig.get_path("purelib", vars={"base": str(folder / "venv")})
        (Path(packages) / "tests.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("DISCOVERY_")
        }
        self._env = kept | {"DISCOVERY_HOME": str(self.home)}

    def install(self, wheel: Path) -> None:
        """Install a release, over the one before."""
        words = [
            "-m",
            "pip",
            "--python",
            str(self.python),
            "install",
            "--no-deps",
            "--quiet",
            str(wheel),
        ]
        subprocess.run([sys.executable, *words], check=True)

    def run(self, command: str, given: str = "") -> str:
        """What a command of the installed release, as one types it, writes."""
        program, *words = command.split()
        told = [str(self.python.parent / program), *words]
        done = subprocess.run(
            told,
            env=self._env,
            cwd=self.home.parent,
            input=given,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, (command, done.stderr)
        return done.stdout

    def serve(self, log: Path, port: int = 0) -> Served:
        """The installed release as a service beside whichever listens on this port."""
        program = (str(self.python), "-P")  # not the checkout's code
        return Served(
            self.home,
            log,
            port=port,
            rate_limit="off",
            arguments=("--reuse-port",),
            program=program,
        )


def release(checkout: Path, version: str) -> Path:
    """Cut a release as `scripts/release` does; its wheel."""
    env = os.environ | {"RELEASE_OF": str(checkout)}
    subprocess.run([ROOT / "scripts" / "release", "--cut", version], env=env, check=True)
    folder = checkout / f"dist-{version}"
    words = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        str(checkout),
        "--no-deps",
        "--quiet",
        "--wheel-dir",
        str(folder),
    ]
    subprocess.run(words, check=True)
    [wheel] = folder.glob(f"*-{version}-*.whl")
    return wheel


def asked_by_the_box(checkout: Path, version: str) -> list[str]:
    """The commands that the Upgrade box of a release asks for, in its order."""
    text = (checkout / "CHANGELOG.md").read_text(encoding="utf-8").split(f"\n## {version} (", 1)[1]
    box = re.search(r"^> \*\*Upgrade\*\* (.*)", text, re.MULTILINE)
    assert box
    clauses = [clause for clause in box[1].split(" · ") if ": yes" in clause]
    return [command for clause in clauses for command in re.findall(r"`(indexer \w+)`", clause)]


def test_a_release_is_upgraded_by_its_box_alone_and_nobody_is_refused(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for name in RELEASED:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, checkout / name)
    before = release(checkout, "2030.1.0")
    for name, said, instead in NEXT:
        text = (checkout / name).read_text(encoding="utf-8")
        assert said in text, name
        (checkout / name).write_text(text.replace(said, instead, 1), encoding="utf-8")
    later = checkout / "indexer" / "store" / "migrations" / "versions" / "9999_later.py"
    later.write_text(MIGRATION.format(head=head()), encoding="utf-8")
    after = release(checkout, "2030.2.0")

    made = Installed(tmp_path)
    made.install(before)
    made.run("indexer import -", made.run(f"indexer generate {SUPPLIERS}"))
    services = [made.serve(tmp_path / "before.log")]
    port = services[0].port
    kinds = [Visitors(port, kept) for kept in (False, True)]
    try:
        made.install(after)
        commands = asked_by_the_box(checkout, "2030.2.0")
        assert commands == ["indexer migrate", "indexer rebuild"]
        for command in commands:
            made.run(command)
        services.append(made.serve(tmp_path / "after.log", port))
        services[0].process.send_signal(signal.SIGTERM)
        assert services[0].process.wait(timeout=60) == 0
        _, _, ready = services[1].get("/readyz")
        _, _, answer = services[1].get("/api/v1/search")
    finally:
        for visitors in kinds:
            visitors.stop()
        for service in services:
            service.stop()
    assert all(set(visitors.met) == {"200"} for visitors in kinds), [
        (each.met, each.words) for each in kinds
    ]
    assert sum(visitors.met["200"] for visitors in kinds) > 50
    assert "2030.2.0" in ready.decode()
    assert json.loads(answer)["total"]["value"] == SUPPLIERS
    assert "0 differ" in made.run("indexer check")
