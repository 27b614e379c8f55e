"""The indexer's programs as processes of their own, on the engine of a test's settings."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from discovery.mappings import Settings
from indexer.context import Context
from indexer.indices.rebuild import Options, Step
from tests.unit.indexer.processes import SMALL_BATCHES, environment, program, running

WAITING = """
import os, sys
from indexer.context import Context
from indexer.indices.rebuild import Options, Step, rebuild

def watch(step):
    if step is Step.FILLED:
        print(os.getpid(), flush=True)
        sys.stdin.readline()

print(rebuild(Context(), options=Options(watch=watch)).index, flush=True)
"""


def die_at(settings: Settings, work: Callable[..., object], at: Step) -> None:
    """`rebuild` or `rollback` in this process, which ends at a step by SIGKILL; its lock holds two
    seconds.
    """

    def watch(step: Step) -> None:
        if step is at:
            os.kill(os.getpid(), signal.SIGKILL)

    work(Context(settings), options=Options(watch=watch, lock_seconds=2))


def environment_of(settings: Settings) -> dict[str, str]:
    return environment(
        settings.home,
        DISCOVERY_ENGINE=settings.engine,
        DISCOVERY_INDEX_PREFIX=settings.index_prefix,
    )


def waiting(settings: Settings) -> AbstractContextManager[subprocess.Popen[str]]:
    """A rebuild that says its number and waits for a line once the index is filled, then says the
    index.
    """
    return running(
        [sys.executable, "-c", WAITING], environment_of(settings), settings.home / "waiting.log"
    )


def indexer(settings: Settings, *words: str) -> AbstractContextManager[subprocess.Popen[str]]:
    return running(
        [program("indexer"), *words], environment_of(settings), settings.home / f"{words[0]}.log"
    )


def worker(settings: Settings) -> AbstractContextManager[subprocess.Popen[str]]:
    """One that takes 20 changes at a time."""
    words = [sys.executable, "-c", SMALL_BATCHES, "worker", "60"]
    return running(words, environment_of(settings), settings.home / "worker.log")


def log(settings: Settings, name: str) -> str:
    return Path(settings.home / f"{name}.log").read_text(encoding="utf-8")
