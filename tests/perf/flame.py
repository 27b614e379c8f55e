"""Flame graphs of a search and of a rebuild: `scripts/bench flame [SIZE] [--seconds N]`, by py-spy.

py-spy comes from the package index into an environment of its own, build/flame. It looks into processes: on Linux as
root or with `kernel.yama.ptrace_scope=0`. Writes build/bench/search.svg (the service's answers to the benchmark's mix,
in one process) and build/bench/rebuild.svg (all processes of `indexer rebuild`).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import structlog

from discovery.app import application
from discovery.config import Settings
from discovery.context import make_services
from discovery.http.memory import loading
from tests.perf import feed
from tests.perf.queries import mix, named_in

PY_SPY = "py-spy==0.4.1"
TOOLS, OUT = Path("build/flame"), Path("build/bench")
RATE = "250"
"""Samples a second."""
REQUESTS = 300


def options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench flame", description=__doc__)
    parser.add_argument("size", nargs="?", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=15.0, help="of searches (default 15)")
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)  # of the process that is looked into
    return parser.parse_args(words)


def py_spy() -> Path:
    found = TOOLS / "bin" / "py-spy"
    if not found.exists():
        subprocess.run([sys.executable, "-m", "venv", TOOLS], check=True)
        subprocess.run([TOOLS / "bin" / "pip", "install", "--quiet", PY_SPY], check=True)
    return found


def record(svg: Path, *words: str, home: Path) -> None:
    """`words`: what py-spy is to look into, and for how long."""
    command = [str(py_spy()), "record", "--rate", RATE, "--output", str(svg), *words]
    environment = {**os.environ, "DISCOVERY_HOME": str(home)}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    print(f"{svg}: {svg.stat().st_size / 1000:.0f} kB")


def ask(home: Path) -> None:
    """Says that it is ready, then searches until it is ended."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with loading():  # as `discovery serve`: else a third of all is the collection of garbage
        services = make_services(Settings(home=home))
        services.warm()
        client = application(services).test_client()
    asked = mix(REQUESTS, named_in(home / feed.FILE))
    print("ready", flush=True)
    while True:
        for one in asked:
            client.get(one.address, headers={"Accept-Encoding": "gzip"}).get_data()


def main(words: Sequence[str]) -> None:
    chosen = options(words)
    if chosen.home is not None:
        ask(chosen.home)
        return
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-flame-") as folder:
        home = Path(folder)
        feed.stored(chosen.size, home)
        record(
            OUT / "rebuild.svg",
            "--nonblocking",
            "--subprocesses",
            "--",
            sys.executable,
            feed.indexer(),
            "rebuild",
            home=home,
        )
        asking = [sys.executable, "-m", "tests.perf.flame", "--home", folder]
        with subprocess.Popen(asking, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            try:
                seconds = str(round(chosen.seconds))
                record(OUT / "search.svg", "--duration", seconds, "--pid", str(process.pid), home=home)
            finally:
                process.kill()


if __name__ == "__main__":
    main(sys.argv[1:])
