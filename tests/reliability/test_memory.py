"""A worker asked what nobody asked before, again and again, stays as large as it became."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from discovery.commands.serve import HAS_IMMORTALS
from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import load_mappings
from tests.api.corpus import build_index

PHRASES = 3_000
"""All that is kept is full before the middle: after some 1,200. About 45 s of a processor."""
MAX_MB = 10.0
"""From the middle to the end; 18 for each thousand phrases before query words were let go, 27 here."""


def test_memory_is_flat_whatever_is_typed(tmp_path: Path) -> None:
    build_index(IndexFolder(tmp_path / "index", "suppliers"), load_mappings())
    command = [sys.executable, "-m", "tools.bench.unseen", str(PHRASES), str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = [float(mb) for mb in re.findall(r"phrases: (\d+) MB", told)]
    assert len(found) == 11, told
    assert found[-1] - found[5] < MAX_MB, told


FORKED = """
import os
from discovery.commands.serve import share_for_good
from tools.bench.spent import memory_mb
def named(number): return lambda: number
loaded = [(f"name {number}", {number: ("nested", (f"deep {number}",))}, named(number)) for number in range(100_000)]
share_for_good()
if os.fork():
    os.wait()
else:
    before = memory_mb(os.getpid(), "Private_Dirty")
    for name, inner, called in loaded:
        [(_, (deep,))] = inner.values()
        assert f"{name}/{deep}" == f"name {called()}/deep {called()}"
    print(memory_mb(os.getpid(), "Private_Dirty") - before, flush=True)
"""


@pytest.mark.skipif(not HAS_IMMORTALS, reason="references are counted in this Python")
def test_a_worker_that_reads_what_was_loaded_copies_none_of_it() -> None:
    """50 MB of objects: a reference counted in each would copy them all."""
    told = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, check=True).stdout
    assert float(told) < 3
