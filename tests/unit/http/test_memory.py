"""A service settles before it forks."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from discovery.http.memory import loading

SETTLED = """
import gc
from discovery.http.memory import freeze_heap

def resident():
    with open("/proc/self/statm") as sizes:
        return int(sizes.read().split()[1]) * 4096 / 1e6

class Node:
    pass

kept = Node()
{before}
scattered = [bytearray(2_000) for _ in range(60_000)]
last = bytearray(2_000)                                # holds the top of the heap
del scattered
full = resident()
freeze_heap()
print(gc.get_freeze_count() > 0, gc.is_tracked(kept), full - resident() > 50)
ages = gc.get_stats()
answer = [[number] for number in range(5_000)]        # what an answer takes is made without a collection
print(sum(one["collections"] for one in gc.get_stats()) - sum(one["collections"] for one in ages))
"""


def settled(before: str = "") -> list[str]:
    """In a process of its own: what is frozen stays so."""
    code = SETTLED.format(before=before)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.skipif(sys.platform != "linux", reason="the C library of Linux can be told to give memory back")
def test_what_is_loaded_is_frozen_and_what_loading_took_given_back() -> None:
    assert settled()[:3] == ["True", "True", "True"]


def test_a_c_library_that_can_not_be_told_is_no_fault() -> None:
    frozen, tracked, *_ = settled("import ctypes; ctypes.CDLL = lambda _: object()")
    assert (frozen, tracked) == ("True", "True")


def test_an_answer_is_made_without_a_collection() -> None:
    assert settled()[3] == "0"


def test_a_service_that_fails_to_load_collects_as_before() -> None:
    with pytest.raises(SystemExit), loading():
        sys.exit(2)
    assert gc.isenabled()
