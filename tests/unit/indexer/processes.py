"""Programs run by tests as their users run them: real processes, waited for with patience, never
left behind.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from tests.servers import leave_nothing

PATIENCE_SECONDS = 120.0
"""A bound, not a measure: what is waited for takes a second or two on a quiet machine."""

SMALL_BATCHES = """
import sys
import indexer.sync
from indexer.cli import main

# As many interruptions as in a long queue, without its length; a dead worker's lease ends soon.
indexer.sync.Synchroniser.batch.__defaults__ = (20,)
indexer.sync.LEASE_SECONDS = float(sys.argv.pop())
main()
"""


def program(name: str) -> str:
    """The command of that name in the environment that runs the tests."""
    return str(Path(sys.executable).with_name(name))


def environment(home: Path, **more: str) -> dict[str, str]:
    """The caller's, without any setting of ours but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DISCOVERY_")}
    return kept | {"DISCOVERY_HOME": str(home), "PYTHONUNBUFFERED": "1", **more}


def wait_for(what: str, true: Callable[[], object], *processes: subprocess.Popen[str]) -> None:
    """Until it is true; fails when patience or one of the processes ends first."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        for process in processes:
            assert process.poll() is None, (
                f"{process.args!r} ended with {process.returncode} before {what}"
            )
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


@contextmanager
def running(words: list[str], env: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[str]]:
    """A process whose output goes to `log`; at the end, and at that of this process, it and its
    children are killed.
    """
    with log.open("a", encoding="utf-8") as out:
        process = subprocess.Popen(
            words,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=out,
            text=True,
            cwd=log.parent,
            start_new_session=True,
            # Ctrl-C reaches it even where the tests themselves run in the background, which ignores
            # it.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )
    guard = leave_nothing(process)
    try:
        yield process
    finally:
        kill_all(process)
        process.communicate(timeout=PATIENCE_SECONDS)
        guard.kill()
        guard.communicate()


def kill_all(process: subprocess.Popen[str]) -> None:
    """kill -9 the process and its children, who would otherwise go on without it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def ended(process: subprocess.Popen[str], by: signal.Signals) -> int:
    """Ask it to end, and wait; its exit code."""
    process.send_signal(by)
    return process.wait(timeout=PATIENCE_SECONDS)


def alive(pid: int) -> bool:
    """Running: neither gone nor a zombie that nobody has asked about."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
