"""compose.yaml, the image and the example of settings, as far as they can be judged without a
Docker engine.

`scripts/boxes` builds and runs them.
"""

import re
import shutil
import subprocess
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest

from discovery.cli import main as discovery
from discovery.mappings import Settings
from discovery.mappings.settings import variable_of
from indexer.cli import main as indexer
from tests.tables import read

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
FILE: dict[str, Any] = read(ROOT / "compose.yaml")
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]
WEB = ["web-a", "web-b"]
INDEXER = ["migrate", "worker", "beat"]
ONE_SHOT = {"migrate", "engine-users"}
OPTIONAL = {"WORKERS", "HTTP_PORT", "HTTPS_PORT", "DISCOVERY_TRUSTED_PROXIES"}
PROGRAMS = {"discovery": discovery, "indexer": indexer}
GIVEN = re.compile(r"(?<!\$)\$\{(\w+)([^}]*)\}")
KNOWN = {variable_of(field.name) for field in fields(Settings)}


def test_all_parts_are_there() -> None:
    assert set(SERVICES) == {"elasticsearch", "engine-users", "postgresql", "redis", "proxy", *OURS}
    assert set(OURS) == {*WEB, *INDEXER}
    assert SERVICES["elasticsearch"]["image"].startswith("elasticsearch:9.2.")
    assert SERVICES["engine-users"]["image"] == SERVICES["elasticsearch"]["image"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_pinned_bounded_and_watched(name: str) -> None:
    service = SERVICES[name]
    _, _, tag = service["image"].rpartition(":")
    assert tag == "local" if name in OURS else re.fullmatch(r"\d+(\.\d+)+", tag)
    assert set(service["deploy"]["resources"]["limits"]) == {"memory", "cpus"}
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    if name in ONE_SHOT:
        assert service["restart"] == "no"
    else:
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
        assert service["restart"] == "unless-stopped"


def secrets() -> set[str]:
    return {name for name, _ in GIVEN.findall(TEXT)} - OPTIONAL


def test_no_secret_has_a_default_and_each_missing_one_is_named() -> None:
    assert all(
        rest == f":?set {name} in .env"
        for name, rest in GIVEN.findall(TEXT)
        if name not in OPTIONAL
    )
    assert set(re.findall(r"^(\w+)=(.*)$", EXAMPLE, re.MULTILINE)) == {
        (name, "") for name in secrets()
    }


def test_the_example_makes_an_env_by_its_own_command(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed here")
    command = (
        next(line for line in EXAMPLE.splitlines() if "openssl" in line).removeprefix("#").strip()
    )
    (tmp_path / ".env.example").write_text(EXAMPLE, encoding="utf-8")
    subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True)
    made = dict(
        re.findall(r"^(\w+)=(\w+)$", (tmp_path / ".env").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert made.keys() == secrets()
    assert len(set(made.values())) == len(made)


def test_env_is_ignored_by_git() -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed here")
    asked = subprocess.run(
        ["git", "check-ignore", ".env", ".env.local"], cwd=ROOT, capture_output=True, check=False
    )
    if asked.returncode == 128:
        pytest.skip("this is no git checkout")
    assert asked.stdout.split() == [b".env", b".env.local"]


@pytest.mark.parametrize("name", OURS)
def test_every_setting_is_one_and_can_be_read(name: str) -> None:
    environment = SERVICES[name]["environment"]
    assert {one for one in environment if one.startswith("DISCOVERY_")} <= KNOWN
    given = {
        key: GIVEN.sub("s3cret", value) for key, value in environment.items() if ":-" not in value
    }
    settings = Settings.from_env(given)
    assert settings.engine == "http://elasticsearch:9200"


@pytest.mark.parametrize("name", OURS)
def test_all_of_env_is_passed_but_the_servers_secrets(name: str) -> None:
    assert SERVICES[name]["env_file"] == ".env"
    environment = SERVICES[name]["environment"]
    assert {
        one: environment[one] for one in secrets() if not one.startswith("DISCOVERY_")
    } == dict.fromkeys(secrets() - {"DISCOVERY_SECRET_KEY"}, "")


@pytest.mark.parametrize("name", WEB)
def test_the_page_may_read_the_index_and_count_requests_and_nothing_else(name: str) -> None:
    environment = SERVICES[name]["environment"]
    used = {secret for value in environment.values() for secret, _ in GIVEN.findall(value)}
    assert used - OPTIONAL == {"READER_PASSWORD", "LIMITS_PASSWORD", "DISCOVERY_SECRET_KEY"}
    assert environment["DISCOVERY_DATABASE_URL"] == environment["DISCOVERY_BROKER_URL"] == ""


@pytest.mark.parametrize("name", INDEXER)
def test_the_indexer_writes_the_index_and_is_no_superuser(name: str) -> None:
    environment = SERVICES[name]["environment"]
    used = {secret for value in environment.values() for secret, _ in GIVEN.findall(value)}
    assert used == {"POSTGRES_PASSWORD", "WRITER_PASSWORD", "REDIS_PASSWORD"}


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one(name: str) -> None:
    program, command, *options = SERVICES[name]["command"]
    found = PROGRAMS[program].get_command(click.Context(PROGRAMS[program]), command)
    assert found is not None
    found.make_context(command, options)  # a wrong option ends here
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "scripts"
    ]
    assert program in scripts


def test_whoever_is_waited_for_can_be() -> None:
    for service in SERVICES.values():
        for name, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[name]
            else:
                assert how["condition"] == "service_completed_successfully"
                assert name in ONE_SHOT


def test_only_the_proxy_can_be_reached_and_it_alone_is_believed() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert all(":-127.0.0.1:" in port for port in SERVICES["proxy"]["ports"]), (
        "from this machine, if not said otherwise"
    )
    address = SERVICES["proxy"]["networks"]["default"]["ipv4_address"]
    assert all(
        SERVICES[web]["environment"]["DISCOVERY_TRUSTED_PROXIES"].endswith(f":-{address}}}")
        for web in WEB
    )
    assert all(
        f"server {web}:8000" in (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        for web in WEB
    )


def test_redis_begins_as_its_entry_point_expects_it() -> None:
    """It drops root's rights for `redis-server` and for nothing else, such as a shell."""
    assert SERVICES["redis"]["command"][0] == "redis-server"


def test_the_image_is_built_in_stages_and_run_by_nobody_in_particular() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line.split()[1] for line in lines if line.startswith("FROM ")] == [
        "${PYTHON}",
        "${PYTHON}",
    ]
    base = next(line for line in lines if line.startswith("ARG PYTHON="))
    assert re.fullmatch(r"ARG PYTHON=python:3\.\d+\.\d+-slim-[a-z]+(@sha256:[0-9a-f]{64})?", base)
    last = max(number for number, line in enumerate(lines) if line.startswith("FROM "))
    assert any(re.fullmatch(r"USER [1-9]\d*", line) for line in lines[last:])
    copied = [
        word
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    ]
    assert all((ROOT / name).exists() for name in copied)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{name}" for name in copied} == {line for line in ignored if line.startswith("!")}
