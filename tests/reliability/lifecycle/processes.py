"""The indexer's programs as processes of their own, on the engine of a test's settings."""

import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path

from discovery.mappings import Settings
from tests.unit.indexer.processes import SMALL_BATCHES, environment, program, running

REBUILD = """
import os, signal, sys
from indexer.context import Context
from indexer.indices.rebuild import Options, rebuild, rollback
from indexer.indices.rebuild import Step

work, at, how, seconds = {"rebuild": rebuild, "rollback": rollback}[sys.argv[1]], Step(sys.argv[2]), *sys.argv[3:]

def watch(step):
    if step is at and how == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if step is at and how == "wait":
        print(os.getpid(), flush=True)
        sys.stdin.readline()

print(work(Context(), options=Options(watch=watch, lock_seconds=float(seconds))).index, flush=True)
"""
"""`rebuild` or `rollback` that dies, or waits for a line, at a step; its lock ends after so many seconds."""


def environment_of(settings: Settings) -> dict[str, str]:
    return environment(settings.home, DISCOVERY_ENGINE=settings.engine, DISCOVERY_INDEX_PREFIX=settings.index_prefix)


def watched(settings: Settings, *words: str) -> AbstractContextManager[subprocess.Popen[str]]:
    """See `REBUILD`."""
    return running([sys.executable, "-c", REBUILD, *words], environment_of(settings), settings.home / "watched.log")


def indexer(settings: Settings, *words: str) -> AbstractContextManager[subprocess.Popen[str]]:
    return running([program("indexer"), *words], environment_of(settings), settings.home / f"{words[0]}.log")


def worker(settings: Settings) -> AbstractContextManager[subprocess.Popen[str]]:
    """One that takes 20 changes at a time."""
    words = [sys.executable, "-c", SMALL_BATCHES, "worker", "60"]
    return running(words, environment_of(settings), settings.home / "worker.log")


def log(settings: Settings, name: str) -> str:
    return Path(settings.home / f"{name}.log").read_text(encoding="utf-8")
