"""The manifests: Kubernetes' own schemas take them, they run what there is, and the page has no secret but its own."""

import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from discovery.cli import main as discovery
from discovery.mappings.secrets import HOLDING, OPAQUE
from discovery.mappings.settings import Settings, variable_of
from indexer.cli import main as indexer
from tests.tools import tool

ROOT = Path(__file__).parents[3]
FILE = ROOT / "deploy" / "kubernetes" / "discovery.yaml"
THINGS: dict[tuple[str, str], dict[str, Any]] = {
    (one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(FILE.read_text(encoding="utf-8"))
}
DEPLOYMENTS = [one for (kind, _), one in THINGS.items() if kind == "Deployment"]
PODS = [one["spec"]["template"]["spec"] for one in DEPLOYMENTS]
CONTAINERS = [each for pod in PODS for each in (*pod["containers"], *pod.get("initContainers", ()))]
PROGRAMS = {"discovery": discovery, "indexer": indexer}


@pytest.mark.slow
def test_the_schemas_take_them(tmp_path: Path) -> None:
    words = ("--strict", "--kubernetes-version", "1.37")
    assert tool("kubernetes-validate==1.37.0", "kubernetes-validate", *words, str(FILE)).returncode == 0
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(FILE.read_text(encoding="utf-8").replace("failureThreshold", "failuresThreshold"), "utf-8")
    refused = tool("kubernetes-validate==1.37.0", "kubernetes-validate", *words, str(wrong))
    assert refused.returncode == 1
    assert "failuresThreshold" in refused.stdout + refused.stderr


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda one: one["name"])
def test_a_container_runs_what_there_is(container: dict[str, Any]) -> None:
    program, command, *options = container["args"]
    found = PROGRAMS[program].get_command(click.Context(PROGRAMS[program]), command)
    assert found is not None
    found.make_context(command, options)


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda one: one["name"])
def test_a_container_may_do_little(container: dict[str, Any]) -> None:
    may = container["securityContext"]
    assert may == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "memory" in container["resources"]["limits"]
    assert {place["mountPath"] for place in container["volumeMounts"]} == {"/var/lib/discovery", "/tmp"}


def test_pods_run_as_the_images_user() -> None:
    user = re.search(r"^USER (\d+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert user
    for pod in PODS:
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["runAsUser"] == int(user[1])
        assert pod["automountServiceAccountToken"] is False


def test_whoever_selects_finds_a_pod() -> None:
    labels = [one["spec"]["template"]["metadata"]["labels"] for one in DEPLOYMENTS]
    web = THINGS["Deployment", "discovery-web"]["spec"]["template"]["metadata"]["labels"]
    selectors = [one["spec"]["selector"]["matchLabels"] for one in DEPLOYMENTS]
    assert selectors == labels
    assert THINGS["Service", "discovery"]["spec"]["selector"] == web
    assert THINGS["PodDisruptionBudget", "discovery-web"]["spec"]["selector"]["matchLabels"] == web
    assert THINGS["NetworkPolicy", "discovery-web"]["spec"]["podSelector"]["matchLabels"] == web


def test_an_upgrade_starts_one_before_it_stops_one() -> None:
    spec = THINGS["Deployment", "discovery-web"]["spec"]
    assert spec["replicas"] >= 2
    assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert "preStop" in spec["template"]["spec"]["containers"][0]["lifecycle"]
    indexer = THINGS["Deployment", "discovery-indexer"]["spec"]
    assert (indexer["replicas"], indexer["strategy"]) == (1, {"type": "Recreate"})


def test_settings_are_settings_and_secrets_are_in_secrets() -> None:
    given = THINGS["ConfigMap", "discovery"]["data"]
    Settings.from_env(given)
    assert set(given) <= {variable_of(name) for name in Settings.__dataclass_fields__}
    assert not set(given) & {variable_of(name) for name in OPAQUE | (HOLDING - {"engine"})}
    used = {
        one["metadata"]["name"]: {
            source["secretRef"]["name"]
            for container in one["spec"]["template"]["spec"]["containers"]
            for source in container["envFrom"]
            if "secretRef" in source
        }
        for one in DEPLOYMENTS
    }
    assert used == {"discovery-web": {"discovery-web"}, "discovery-indexer": {"discovery-indexer"}}
