"""The test servers themselves: a missing one is a skip for a developer, and a failure in CI."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers import listens
from tests.unit.indexer.processes import alive

STARTED = """
import os, sys, time
from pathlib import Path
from tests.memo import empty_store
from tests.servers import PostgreSQL, Redis
from tests.unit.indexer.processes import running
servers = [PostgreSQL(), Redis()]
for server in servers:
    server.start()
print(*(f"{server.folder} {server.port}" for server in servers), empty_store().parent, 0)
with running(["sh", "-c", "sleep 600 & echo $!; wait"], os.environ, Path(sys.argv[1])) as program:
    print(program.pid, program.stdout.readline(), flush=True)
    time.sleep(600)
"""


@pytest.mark.postgresql
@pytest.mark.redis
@pytest.mark.usefixtures("postgresql_server", "redis_server")  # both are here, or it skips
def test_a_killed_run_leaves_no_server_program_and_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTED, str(tmp_path / "log")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."}
    ) as run:
        assert run.stdout is not None
        told, programs = (
            run.stdout.readline().split(),
            [int(one) for one in run.stdout.readline().split()],
        )
        assert all(map(alive, programs))
        run.terminate()
    folders, ports = (
        [Path(one) for one in told[::2]],
        [int(one) for one in told[1::2] if one != "0"],
    )
    assert (len(folders), len(ports), len(programs)) == (3, 2, 2)
    for _ in range(300):
        left = (
            [one for one in folders if one.exists()],
            [*filter(listens, ports)],
            [*filter(alive, programs)],
        )
        if not any(left):
            return
        time.sleep(0.1)
    pytest.fail(f"left: folders, ports, programs {left}")
