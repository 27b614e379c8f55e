"""Flame graphs of a search and of a rebuild: `scripts/bench flame [SIZE] [--seconds N] [--code
FOLDER] [--out FOLDER]`.

py-spy comes from the package index into an environment of its own, build/flame. It looks into
processes: on Linux as root or with `kernel.yama.ptrace_scope=0`. Writes search.svg (the service's
answers to the benchmark's mix, in one process) and rebuild.svg (all processes of `indexer rebuild`)
into build/bench, small enough to be kept. `--code`: a worktree of another commit, whose code is
looked into instead.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.bench import feed
from tools.bench.flame_svg import svg, tree

PY_SPY = "py-spy==0.4.1"
TOOLS, OUT = Path("build/flame"), Path("build/bench")
RATE = "250"
"""Samples a second."""
ASKING = Path(__file__).with_name("asking.py")


def options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench flame", description=__doc__)
    parser.add_argument("size", nargs="?", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=15.0, help="of searches (default 15)")
    parser.add_argument("--code", type=Path, default=Path(), help="a worktree (default: this one)")
    parser.add_argument(
        "--out", type=Path, default=OUT, help=f"folder of the graphs (default {OUT})"
    )
    return parser.parse_args(words)


def py_spy() -> Path:
    found = TOOLS / "bin" / "py-spy"
    if not found.exists():
        subprocess.run([sys.executable, "-m", "venv", TOOLS], check=True)
        subprocess.run([TOOLS / "bin" / "pip", "install", "--quiet", PY_SPY], check=True)
    return found


def record(drawn: Path, title: str, root: str, *words: str, home: Path) -> None:
    """`words`: what py-spy is to look into, and for how long. `root`: as `tree`."""
    stacks = home / "stacks.txt"
    command = [
        str(py_spy()),
        "record",
        "--format",
        "raw",
        "--rate",
        RATE,
        "--output",
        str(stacks),
        *words,
    ]
    subprocess.run(
        command,
        check=True,
        env={**os.environ, "DISCOVERY_HOME": str(home)},
        stdout=subprocess.DEVNULL,
    )
    with stacks.open(encoding="utf-8") as lines:
        drawn.write_text(svg(tree(lines, root), title), encoding="utf-8")
    print(f"{drawn}: {drawn.stat().st_size / 1000:.0f} kB")


def main(words: Sequence[str]) -> None:
    chosen = options(words)
    chosen.out.mkdir(parents=True, exist_ok=True)
    os.environ["PYTHONPATH"] = str(chosen.code.resolve())
    with tempfile.TemporaryDirectory(prefix="bench-flame-") as folder:
        home = Path(folder)
        feed.stored(chosen.size, home)
        rebuilding = [
            "--nonblocking",
            "--subprocesses",
            "--",
            sys.executable,
            feed.indexer(),
            "rebuild",
        ]
        record(
            chosen.out / "rebuild.svg",
            f"indexer rebuild, {chosen.size:,}",
            "indexer/",
            *rebuilding,
            home=home,
        )
        with subprocess.Popen([sys.executable, ASKING, folder], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            try:
                watching = ["--duration", str(round(chosen.seconds)), "--pid", str(process.pid)]
                record(
                    chosen.out / "search.svg",
                    f"answers, {chosen.size:,}",
                    "wsgi_app",
                    *watching,
                    home=home,
                )
            finally:
                process.kill()


if __name__ == "__main__":
    main(sys.argv[1:])
