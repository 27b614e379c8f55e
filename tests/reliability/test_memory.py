"""A worker asked what nobody asked before, again and again, stays as large as it became."""

import re
import subprocess
import sys
from pathlib import Path

from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings import load_mappings
from tests.api.corpus import build_index

PHRASES = 2_400
"""All that is kept is full before the middle: after some 1,200. About 35 s of a processor."""
MAX_MB = 10.0
"""From the middle to the end; 18 for each thousand phrases before query words were let go, 27 here.
"""


def test_memory_is_flat_whatever_is_typed(tmp_path: Path) -> None:
    build_index(IndexFolder(tmp_path / "index", "suppliers"), load_mappings())
    command = [sys.executable, "-m", "tools.bench.unseen", str(PHRASES), str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = [float(mb) for mb in re.findall(r"phrases: (\d+) MB", told)]
    assert len(found) == 11, told
    assert found[-1] - found[5] < MAX_MB, told
