"""What compose.yaml would run, run by hand: its commands, settings and health checks on servers of
this machine.
"""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from indexer.context import Context
from indexer.store import ledger
from tests.elasticsearch import GROUP
from tests.reliability.live.conftest import LARGE, on
from tests.servers import free_port
from tests.unit.indexer.processes import (
    PATIENCE_SECONDS,
    ended,
    environment,
    program,
    running,
    wait_for,
)

pytestmark = pytest.mark.xdist_group(GROUP)

SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[3] / "compose.yaml").read_text()
)["services"]
ROWS = [
    {"id": id_, "name": f"Atelier {id_}", "kind": "EI", "address": {"commune": "69123"}}
    for id_ in "abc"
]


def here(service: str, context: Context, port: int) -> tuple[list[str], dict[str, str]]:
    """The service's command and settings, with this machine's servers and ports in the place of
    compose's.
    """
    settings = context.settings
    servers = {
        "DISCOVERY_DATABASE_URL": settings.database_url,
        "DISCOVERY_ENGINE": settings.engine,
        "DISCOVERY_BROKER_URL": settings.broker_url,
        "DISCOVERY_REDIS_URL": settings.broker_url,
        "DISCOVERY_METRICS_PORT": str(port),
        "DISCOVERY_SECRET_KEY": "of this test",
        "DISCOVERY_TRUSTED_PROXIES": "127.0.0.1",
        # The test's own engine knows no users: a password that nobody asks for is sent in vain.
        "DISCOVERY_ENGINE_USER": "discovery",
        "DISCOVERY_ENGINE_PASSWORD": "of this test",
    }
    given = {
        name
        for name, value in SERVICES[service]["environment"].items()
        if value and name != "DISCOVERY_HOME"
    }
    assert given <= servers.keys()
    servers = {name: value for name, value in servers.items() if name in given}
    name, *words = SERVICES[service]["command"]
    words = [str(port) if word == "8000" else word for word in words]
    env = environment(
        settings.home, **servers, DISCOVERY_INDEX_PREFIX=settings.index_prefix, C_FORCE_ROOT="1"
    )
    return [program(name), *words], env


def healthy(service: str, port: int) -> bool:
    """By the service's own check."""
    kind, python, *words = SERVICES[service]["healthcheck"]["test"]
    assert (kind, python) == ("CMD", "python")
    words = [re.sub("8000|9101", str(port), word) for word in words]
    return (
        subprocess.run(
            [sys.executable, *words], capture_output=True, check=False, timeout=30
        ).returncode
        == 0
    )


@on(LARGE)
def test_the_commands_of_compose_make_a_service(context: Context) -> None:
    home = context.settings.home
    command, env = here("migrate", context, free_port())
    assert (
        subprocess.run(
            command, env=env, check=False, timeout=PATIENCE_SECONDS, capture_output=True
        ).returncode
        == 0
    )
    with ExitStack() as stack:
        ports = {name: free_port() for name in ("web-a", "worker", "beat")}
        processes = {}
        for name, port in ports.items():
            command, env = here(name, context, port)
            processes[name] = stack.enter_context(running(command, env, home / f"{name}.log"))
        for name, port in ports.items():
            wait_for(name, lambda name=name, port=port: healthy(name, port), processes[name])
        subprocess.run(
            [program("indexer"), "import", "-"],
            input="\n".join(map(json.dumps, ROWS)),
            env=env,  # the clock's, which knows the store
            text=True,
            check=True,
            capture_output=True,
        )
        wait_for("the index", lambda: ledger.pending_count(context.store) == 0, *processes.values())
        wait_for("the page", lambda: total(ports["web-a"]) == len(ROWS), *processes.values())
        assert [ended(process, signal.SIGTERM) for process in processes.values()] == [0, 0, 0]


def total(port: int) -> int:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/api/v1/search?q=atelier", timeout=30
        ) as answer:
            return int(json.loads(answer.read())["total"]["value"])
    except OSError:  # a 503, until the index is found
        return -1
