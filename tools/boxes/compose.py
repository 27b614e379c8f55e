"""A copy of the project, with an `.env` and ports of its own, and what is asked of Docker about it."""

import json
import os
import re
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "WORKERS": "2",
    "DISCOVERY_PUBLIC_URL": "https://search.example",
    # Visitors of one address ask without end; suggestions show that counting works.
    "DISCOVERY_RATE_LIMIT": "off",
    "DISCOVERY_RATE_LIMIT_TIME": "off",
    "DISCOVERY_RATE_LIMIT_SUGGEST": "12345/minute",
    "DISCOVERY_RATE_LIMIT_EXEMPT": "192.0.2.0/24",
}
ONE_SHOT = {"migrate", "engine-users"}
OVERRIDE = """
# What this machine asks for: its ports; its network for the build, done once (BuildKit would see that all are one);
# no more open files and memory than a sandbox gives.
services:
  elasticsearch:
    ulimits: !reset {{}}
    environment: {{ES_JAVA_OPTS: -Xms512m -Xmx512m}}
  proxy: {{ports: !override ["127.0.0.1:{}:8000"]}}
  web-a: {{build: {{network: host}}}}
  web-b: {{build: !reset null, pull_policy: never}}
  worker: {{build: !reset null, pull_policy: never}}
  beat: {{build: !reset null, pull_policy: never}}
  migrate: {{build: !reset null, pull_policy: never}}
"""


@dataclass(frozen=True)
class Compose:
    program: Path
    folder: Path
    env: dict[str, str]

    @property
    def process_env(self) -> dict[str, str]:
        # Not BuildKit: an older engine's asks a registry for what it has.
        return os.environ | {"COMPOSE_FILE": "compose.yaml:override.yaml", "DOCKER_BUILDKIT": "0"}

    def __call__(self, *words: str, given: str | None = None, check: bool = True) -> str:
        return self._run([str(self.program), *words], given, check)

    def docker(self, *words: str) -> str:
        return self._run(["docker", *words], None, True)

    def _run(self, words: list[str], given: str | None, check: bool) -> str:
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=self.process_env,
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if not check else subprocess.PIPE,
            check=False,
            timeout=900,
        )
        if check and done.returncode:
            raise AssertionError(
                f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            )
        return done.stdout

    def inside(self, service: str, *words: str, given: str | None = None) -> str:
        """What a command says in the service's first container."""
        return self("exec", "-T", service, *words, given=given)

    def all(self) -> list[dict[str, Any]]:
        return [
            json.loads(line)
            for line in self("ps", "--all", "--format", "json").splitlines()
            if line
        ]

    def healthy(self) -> bool:
        """All run and say that they are well; those that run once have ended well."""
        found = self.all()
        for one in found:
            assert one["State"] != "exited" or (one["Service"], one["ExitCode"]) in {
                (s, 0) for s in ONE_SHOT
            }, one
        wanted = set(self("config", "--services").split())
        return {one["Service"] for one in found} == wanted and all(
            one["Health"] == "healthy" or (one["Service"] in ONE_SHOT and one["State"] == "exited")
            for one in found
        )

    def containers(self, service: str) -> list[str]:
        return self("ps", "--quiet", service).split()

    def environment(self, service: str) -> str:
        return self.docker("inspect", "--format", "{{json .Config}}", self.containers(service)[0])

    def image_of(self, service: str) -> str:
        return self.docker("inspect", "--format", "{{.Image}}", self.containers(service)[0]).strip()


def project(home: Path, port: int) -> Compose:
    """The files that git keeps, as they are now."""
    folder = home / "project"
    shutil.rmtree(folder, ignore_errors=True)
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    for name in names.split("\0"):
        if name and not name.startswith("tests/") and (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    example = (ROOT / ".env.example").read_text("utf-8")
    env = {
        name: secrets.token_hex(24) for name in re.findall(r"^([A-Z]\w*)=$", example, re.MULTILINE)
    } | SETTINGS
    (folder / ".env").write_text(
        "".join(f"{name}={value}\n" for name, value in env.items()), "utf-8"
    )
    (folder / "override.yaml").write_text(OVERRIDE.format(port), "utf-8")
    return Compose(home / "compose", folder, env)
