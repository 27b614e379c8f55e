"""A worker asked what nobody asked before, again and again, stays as large as it became."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from discovery.config import load_mappings
from discovery.engine.embedded.folder import IndexFolder
from tests.api.corpus import build_index

pytestmark = pytest.mark.slow

PHRASES = 6_000
MOST_MB = 20.0
"""From the middle to the end; 54 before query words were let go."""


def test_memory_is_flat_whatever_is_typed(tmp_path: Path) -> None:
    build_index(IndexFolder(tmp_path / "index", "suppliers"), load_mappings())
    command = [sys.executable, "-m", "tests.perf.unseen", str(PHRASES), str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = [float(mb) for mb in re.findall(r"phrases: (\d+) MB", told)]
    assert len(found) == 11, told
    assert found[-1] - found[5] < MOST_MB, told
