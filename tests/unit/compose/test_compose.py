"""compose.yaml, the image and the example of settings, as far as they can be judged without a Docker engine."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from discovery.cli import main as discovery
from discovery.config import Settings
from discovery.config.settings import variable_of
from indexer.cli import main as indexer

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
FILE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]
ONE_SHOT = {"migrate"}
PROGRAMS = {"discovery": discovery, "indexer": indexer}
GIVEN = re.compile(r"(?<!\$)\$\{(\w+)([^}]*)\}")


def test_all_parts_are_there() -> None:
    assert set(SERVICES) == {"elasticsearch", "postgresql", "redis", "migrate", "web", "worker", "beat"}
    assert set(OURS) == {"migrate", "web", "worker", "beat"}
    assert SERVICES["elasticsearch"]["image"].startswith("elasticsearch:9.2.")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_pinned_bounded_and_watched(name: str) -> None:
    service = SERVICES[name]
    _, _, tag = service["image"].rpartition(":")
    assert tag == "local" if name in OURS else re.fullmatch(r"\d+(\.\d+)+", tag)
    limits = service["deploy"]["resources"]["limits"]
    assert set(limits) == {"memory", "cpus"}
    if name in ONE_SHOT:
        assert service["restart"] == "no"
    else:
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
        assert service["restart"] == "unless-stopped"


def test_no_secret_has_a_default_and_each_missing_one_is_named() -> None:
    given = [(name, rest) for name, rest in GIVEN.findall(TEXT) if (name, rest) != ("DISCOVERY_SCOPE", ":-")]
    assert {name for name, _ in given} == {
        "ELASTIC_PASSWORD", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "DISCOVERY_SECRET_KEY",
    }  # fmt: skip
    assert all(rest == f":?set {name} in .env" for name, rest in given)
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\w+)=(.*)$", example, re.MULTILINE)) == {(name, "") for name, _ in given}


@pytest.mark.parametrize("name", OURS)
def test_every_setting_is_one_and_can_be_read(name: str) -> None:
    environment = SERVICES[name]["environment"]
    known = {variable_of(field.name) for field in fields(Settings)}
    assert set(environment) <= known
    settings = Settings.from_env({key: GIVEN.sub("s3cret", value) for key, value in environment.items()})
    assert settings.metrics_port == 9101
    assert not settings.embedded
    assert settings.database_url == "postgresql://discovery:s3cret@postgresql/discovery"


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one(name: str) -> None:
    program, command, *options = SERVICES[name]["command"]
    found = PROGRAMS[program].get_command(click.Context(PROGRAMS[program]), command)
    assert found is not None
    found.make_context(command, options)  # a wrong option ends here
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert program in scripts


def test_whoever_is_waited_for_can_be() -> None:
    for service in SERVICES.values():
        for name, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[name]
            else:
                assert (how["condition"], name) == ("service_completed_successfully", "migrate")


def test_every_volume_is_declared_and_data_survives() -> None:
    mounted = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())}
    assert mounted == set(FILE["volumes"])
    assert all("volumes" in SERVICES[name] for name in ("elasticsearch", "postgresql", "redis"))


def test_only_the_page_can_be_reached_and_from_this_machine() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "web": ["127.0.0.1:8000:8000"]
    }


def test_the_image_is_built_in_stages_and_run_by_nobody_in_particular() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith("FROM ") for line in lines) == 2
    last = max(number for number, line in enumerate(lines) if line.startswith("FROM "))
    assert "USER discovery" in lines[last:]
    copied = [
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    ]
    assert all((ROOT / name).exists() for name in copied)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{name}" for name in copied} == {line for line in ignored if line.startswith("!")}
