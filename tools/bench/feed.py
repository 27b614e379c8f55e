"""A store and indices of invented suppliers, made by our own commands, each in a process of its own
and timed.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from tools.bench.queries import mix, named_in

FILE = "suppliers.jsonl"


def timed(*command: str, home: Path, **settings: str) -> tuple[float, float]:
    """Seconds and peak memory (MB) of a command of ours. `settings`: DISCOVERY_* variables in small
    letters.
    """
    started = time.perf_counter()
    environment = {
        **os.environ,
        **{f"DISCOVERY_{name.upper()}": value for name, value in settings.items()},
    }
    environment["DISCOVERY_HOME"] = str(home)
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{said.decode()}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def indexer() -> str:
    return str(Path(sys.executable).with_name("indexer"))


def stored(size: int, home: Path) -> float:
    """So many suppliers in the store of the home folder, and as a file beside it. Returns rows a
    second.
    """
    file = home / FILE
    with file.open("wb") as out:
        subprocess.run([indexer(), "generate", str(size)], stdout=out, check=True)
    timed(indexer(), "migrate", home=home)
    seconds, _ = timed(indexer(), "import", "--quiet", "--no-index", str(file), home=home)
    return size / seconds


def fill(home: Path, size: int) -> list[str]:
    """A store and an embedded index of so many invented suppliers; addresses to ask them for."""
    stored(size, home)
    timed(indexer(), "sync", home=home)
    return [asked.address for asked in mix(300, named_in(home / FILE))]


def indexed(size: int, home: Path, **settings: str) -> dict[str, float]:
    """Documents a second of the steps that bring the store into the engine of the settings."""
    found = {}
    for step in ("sync", "rebuild"):
        seconds, _ = timed(indexer(), step, home=home, **settings)
        found[step] = size / seconds
    return found
