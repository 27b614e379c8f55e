"""What processes spend: read from the system, for a command of ours as a whole and for processes
that stay.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
KIB_PER_MB = 1024


@dataclass(frozen=True, slots=True)
class Spent:
    """`seconds` by the clock and `cpu` seconds of one command, and the most `memory` (MB) that it
    held, or that we held when it began: a fork starts as its parent.
    """

    seconds: float
    cpu: float
    memory: float


def spent(command: Sequence[str], environment: Mapping[str, str]) -> Spent:
    """Run a command to its end, in a process of its own; what it says is shown only when it fails,
    which ends us.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{said.decode()}")
    return Spent(
        time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / KIB_PER_MB
    )


def family(pid: int) -> list[int]:
    """The process and all that descend from it, as they are now."""
    parents: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += parents.get(found[-1], ())
    return found


def cpu_seconds(pid: int) -> float:
    """Of the process, its family, and those of its children that have ended."""
    return (
        sum(sum(map(int, fields[11:15])) for each in family(pid) if (fields := _stat(each))) / TICKS
    )


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, from the state on; empty when the process has
    ended.
    """
    return _read(pid, "stat").rpartition(")")[2].split()


def memory_mb(pid: int, kind: str = "Pss") -> float:
    """What only this process holds of the machine's memory, and its share of what it holds with
    others (PSS). `kind`: `Pss_Anon` leaves out the pages of files that it reads, such as an index,
    which the system takes back when it needs them.
    """
    for line in _read(pid, "smaps_rollup").splitlines():
        if line.startswith(f"{kind}:"):
            return int(line.split()[1]) / KIB_PER_MB
    return 0.0


def handles(pid: int) -> int:
    """Open files, sockets and pipes."""
    try:
        return len(list((PROC / str(pid) / "fd").iterdir()))
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0


def threads(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[17]) if fields else 0


def _read(pid: int, name: str) -> str:
    """ "" when the process has ended."""
    try:
        return (PROC / str(pid) / name).read_text()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""
