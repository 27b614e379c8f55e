"""The manifests: Kubernetes' own schemas take them, they run what there is, and the page has no
secret but its own.
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from discovery.cli import main as discovery
from discovery.mappings.secrets import HOLDING, OPAQUE
from discovery.mappings.settings import Settings, variable_of
from indexer.cli import main as indexer
from tests.tables import LOADER
from tests.tools import tool

ROOT = Path(__file__).parents[3]
FILE = ROOT / "deploy" / "kubernetes" / "discovery.yaml"
THINGS: dict[tuple[str, str], dict[str, Any]] = {
    (one["kind"], one["metadata"]["name"]): one
    for one in yaml.load_all(FILE.read_text(encoding="utf-8"), LOADER)
}
DEPLOYMENTS = [one for (kind, _), one in THINGS.items() if kind == "Deployment"]
PODS = [one["spec"]["template"]["spec"] for one in DEPLOYMENTS]
CONTAINERS = [each for pod in PODS for each in (*pod["containers"], *pod.get("initContainers", ()))]
PROGRAMS = {"discovery": discovery, "indexer": indexer}


@pytest.mark.slow
def test_the_schemas_take_them(tmp_path: Path) -> None:
    words = ("--strict", "--kubernetes-version", "1.37")
    assert (
        tool("kubernetes-validate==1.37.0", "kubernetes-validate", *words, str(FILE)).returncode
        == 0
    )
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(
        FILE.read_text(encoding="utf-8").replace("failureThreshold", "failuresThreshold"), "utf-8"
    )
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
    assert {place["mountPath"] for place in container["volumeMounts"]} == {
        "/var/lib/discovery",
        "/tmp",
    }


def test_pods_run_as_the_images_user() -> None:
    user = re.search(
        r"^USER (\d+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert user
    for pod in PODS:
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["runAsUser"] == int(user[1])
        assert pod["automountServiceAccountToken"] is False


def test_whoever_selects_finds_a_pod() -> None:
    labels = {
        one["metadata"]["name"]: one["spec"]["template"]["metadata"]["labels"]
        for one in DEPLOYMENTS
    }
    assert {
        one["metadata"]["name"]: one["spec"]["selector"]["matchLabels"] for one in DEPLOYMENTS
    } == labels
    web = labels["discovery-web"]
    assert THINGS["Service", "discovery"]["spec"]["selector"] == web
    assert THINGS["PodDisruptionBudget", "discovery-web"]["spec"]["selector"]["matchLabels"] == web
    monitors = {one["metadata"]["name"]: one["spec"]["selector"]["matchLabels"] for one in yaml.safe_load_all(
        (FILE.parent / "monitors" / "monitors.yaml").read_text(encoding="utf-8"))}  # fmt: skip
    assert monitors == {"discovery": web, "discovery-indexer": labels["discovery-beat"]}
    (way,) = THINGS["Ingress", "discovery"]["spec"]["rules"][0]["http"]["paths"]
    assert ("Service", way["backend"]["service"]["name"]) in THINGS


def test_nobody_reaches_a_pod_who_is_not_named() -> None:
    """Every pod is under a policy, and each rule says from where and to which of its ports."""
    policies = [one["spec"] for (kind, _), one in THINGS.items() if kind == "NetworkPolicy"]
    for one in DEPLOYMENTS:
        labels = one["spec"]["template"]["metadata"]["labels"]
        (policy,) = [
            each
            for each in policies
            if each["podSelector"]["matchLabels"].items() <= labels.items()
        ]
        ports = {
            port["containerPort"]
            for each in one["spec"]["template"]["spec"]["containers"]
            for port in each["ports"]
        }
        for rule in policy["ingress"]:
            assert rule["from"]
            assert {port["port"] for port in rule["ports"]} == ports


def test_what_must_last_is_on_the_volume_that_all_share() -> None:
    assert THINGS["PersistentVolumeClaim", "discovery-home"]["spec"]["accessModes"] == [
        "ReadWriteMany"
    ]
    for pod in PODS:
        (home,) = [one for one in pod["volumes"] if one["name"] == "home"]
        assert home["persistentVolumeClaim"] == {"claimName": "discovery-home"}


def test_the_overlay_of_the_page_renders(tmp_path: Path) -> None:
    """Followed as docs/deploy.md has it: nothing is left of the examples' addresses but what the
    page says is yours.
    """
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed here")
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    (overlay,) = re.findall(r"```yaml\n# mine/kustomization.yaml\n(.*?)```", page, re.DOTALL)
    shutil.copytree(FILE.parent, tmp_path / "deploy" / "kubernetes")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "kustomization.yaml").write_text(overlay, encoding="utf-8")
    command = ["kubectl", "kustomize", str(tmp_path / "mine")]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    things = list(yaml.safe_load_all(made.stdout))
    assert len(things) == len(THINGS) + 2
    assert "image: registry.mine.example/discovery:2026.12.0" in made.stdout
    assert not re.search(r"(?<!mine)\.example", made.stdout)


def test_an_upgrade_starts_one_before_it_stops_one() -> None:
    spec = THINGS["Deployment", "discovery-web"]["spec"]
    assert spec["replicas"] >= 2
    assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert "preStop" in spec["template"]["spec"]["containers"][0]["lifecycle"]
    beat, worker = (
        THINGS["Deployment", f"discovery-{name}"]["spec"] for name in ("beat", "worker")
    )
    assert beat["replicas"] == 1
    assert {"type": "Recreate"} == beat["strategy"] == worker["strategy"], (
        "none of the version before meets new tables"
    )
    assert [one["name"] for one in worker["template"]["spec"]["initContainers"]] == ["migrate"]


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
    assert used == {
        "discovery-web": {"discovery-web"},
        "discovery-worker": {"discovery-indexer"},
        "discovery-beat": {"discovery-indexer"},
    }
