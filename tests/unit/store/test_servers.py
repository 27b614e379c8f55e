"""The test servers themselves: a missing one is a skip for a developer, and a failure in CI."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers import listens

STARTED = """
import sys, time
from tests.memo import empty_store
from tests.servers import PostgreSQL, Redis
servers = [PostgreSQL(), Redis()]
for server in servers:
    server.start()
print(*(f"{server.folder} {server.port}" for server in servers), empty_store().parent, 0, flush=True)
time.sleep(600)
"""


@pytest.mark.postgresql
@pytest.mark.redis
@pytest.mark.usefixtures("postgresql_server", "redis_server")  # both are here, or it skips
def test_a_killed_run_leaves_no_server_and_no_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTED]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."}) as run:
        assert run.stdout is not None
        told = run.stdout.readline().split()
        run.kill()
    folders, ports = [Path(one) for one in told[::2]], [int(one) for one in told[1::2] if one != "0"]
    assert (len(folders), len(ports)) == (3, 2)
    for _ in range(300):
        if not any(folder.exists() for folder in folders) and not any(map(listens, ports)):
            return
        time.sleep(0.1)
    pytest.fail(f"left: {[str(one) for one in folders if one.exists()]}, ports {[*filter(listens, ports)]}")
