"""`discovery serve` without a proxy: what it says of an address that others reach, and who makes
long answers.
"""

import os
import time
from pathlib import Path

import pytest

from discovery.commands.serve import NICE, local
from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import load_mappings
from tests.api.corpus import build_index
from tests.served import Served
from tools.bench.spent import family

pytestmark = pytest.mark.xdist_group("overload")


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.7", False),
    ],
)
def test_an_address_of_this_machine_alone_is_known(host: str, ours: bool) -> None:
    assert local(host) is ours


def test_an_address_that_others_reach_is_told_and_one_process_lets_others_go_first(
    tmp_path: Path,
) -> None:
    build_index(IndexFolder(tmp_path / "index", "suppliers"), load_mappings())
    service = Served(tmp_path, tmp_path / "log", arguments=("--host", "0.0.0.0"))
    try:
        assert service.get("/api/v1/export.csv?q=nettoyage")[0] == 200
        assert "let a proxy that buffers stand before it" in service.log.read_text(encoding="utf-8")
        while (
            len(family(service.process.pid)) < 4
        ):  # the first worker answers before the second is there
            time.sleep(0.05)
        _, *workers = family(service.process.pid)
        above = min(os.getpriority(os.PRIO_PROCESS, pid) for pid in workers)
        assert sorted(os.getpriority(os.PRIO_PROCESS, pid) - above for pid in workers) == [
            0,
            0,
            NICE,
        ]
    finally:
        service.stop()
