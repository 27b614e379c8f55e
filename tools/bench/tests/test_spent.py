"""What processes spend, read from the system."""

import os
import subprocess
import sys

import pytest

from tools.bench import imports
from tools.bench.spent import Spent, cpu_seconds, family, handles, memory_mb, spent, threads

WORK = "sum(n * n for n in range(1_500_000))"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {WORK!r}]); print('done', flush=True); input()"


def test_a_command_is_told_its_own_processor_and_memory() -> None:
    """Begun by a process that holds little: what the tests hold, a gigabyte or two, counts in what
    they begin.
    """
    code = f"""import sys; from tools.bench.spent import spent
words = "pass", "kept = b'x' * 100_000_000; {WORK}; {WORK}"
little, much = (spent([sys.executable, "-c", one], {{}}) for one in words)
assert much.cpu > little.cpu and much.seconds >= 0 and much.memory > little.memory + 50, (little, much)"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_environment_is_added_to_ours() -> None:
    code = "import os, sys; sys.exit(not (os.environ['SAID'] == 'so' and 'PATH' in os.environ))"
    spent([sys.executable, "-c", code], {"SAID": "so"})


def test_a_failure_ends_the_benchmark_with_what_was_said() -> None:
    with pytest.raises(SystemExit, match=r"(?s)ended with 3.*what is wrong"):
        spent(
            [
                sys.executable,
                "-c",
                "import sys; print('what is wrong', file=sys.stderr); sys.exit(3)",
            ],
            {},
        )


def test_a_family_and_what_its_ended_children_spent() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "done\n"
        assert process.pid in family(os.getpid())
        assert family(process.pid) == [process.pid], "the child has ended"
        assert cpu_seconds(process.pid) > 0
        process.communicate("\n")
    assert family(process.pid) == [process.pid]
    assert cpu_seconds(process.pid) == 0, "nothing is known of one that ended"


def test_a_figure_is_told_against_the_first_of_its_kind() -> None:
    first = imports.Figure("SQLite", "created", 1_000, Spent(2.0, 1.0, 100.0), 0.0)
    second = imports.Figure("SQLite", "created", 10_000, Spent(20.0, 10.0, 150.0), 5.0)
    assert second.cpu_per_row == pytest.approx(1.5e-3)
    line = second.line(first)
    assert "500 rows/s" in line
    assert "against 1,000: cpu × 1.50, memory × 1.50" in line


def test_what_a_process_holds_is_counted() -> None:
    code = "import threading; kept = [open(__import__('os').devnull) for _ in range(20)]; held = b'x' * 50_000_000\n"
    code += "threading.Thread(target=threading.Event().wait, daemon=True).start(); print('ready', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        assert memory_mb(process.pid) > 50
        assert handles(process.pid) == 23
        assert threads(process.pid) == 2
        process.communicate(b"\n")
    assert (memory_mb(process.pid), handles(process.pid), threads(process.pid)) == (0, 0, 0)
