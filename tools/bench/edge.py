"""The service over HTTP: clients that keep their connection, clients without pause, and what its
processes use.
"""

import http.client
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from tests.served import Served
from tools.bench.figures import Load, Memory, percentile
from tools.bench.queries import Asked
from tools.bench.timing import stages

CLIENTS = (1, 2, 4, 8)
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Got:
    """`ms`: from the first byte sent to the last one read. `stages`: what the service told, ms."""

    ms: float
    stages: dict[str, float]


class Client:
    """One open connection, as a browser's."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, address: str) -> Got:
        """RuntimeError when the answer is a refusal."""
        started = time.perf_counter()
        try:
            self._connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
            response = self._connection.getresponse()
        except (
            http.client.RemoteDisconnected,
            ConnectionError,
        ):  # kept open longer than the service keeps it
            self._connection.close()
            self._connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
            response = self._connection.getresponse()
        body = response.read()
        took = (time.perf_counter() - started) * 1000
        if response.status != 200:
            raise RuntimeError(f"{address} answered {response.status}: {body[:300]!r}")
        return Got(took, stages(response.headers.get("Server-Timing", "")))

    def close(self) -> None:
        self._connection.close()


@contextmanager
def serving(home: Path, log: Path, engine: str, prefix: str) -> Iterator[Served]:
    """`discovery serve` as it comes, for this machine's own requests."""
    served = Served(home, log, engine=engine, index_prefix=prefix)
    try:
        yield served
    finally:
        served.stop()


def load(served: Served, asked: Sequence[Asked], clients: int, seconds: float) -> Load:
    """So many clients, each beginning elsewhere in the mix."""
    pids = processes(served.process.pid)
    before, started = _cpu_seconds(pids), time.perf_counter()
    end = started + seconds
    with ThreadPoolExecutor(clients) as pool:
        first = [len(asked) * number // clients for number in range(clients)]
        times = [
            ms
            for many in pool.map(lambda at: _without_pause(served.port, asked, at, end), first)
            for ms in many
        ]
    took, used = time.perf_counter() - started, _cpu_seconds(pids) - before
    return Load(
        clients,
        len(times) / took,
        percentile(times, 0.5),
        percentile(times, 0.95),
        used * 1000 / max(1, len(times)),
    )


def _without_pause(port: int, asked: Sequence[Asked], first: int, end: float) -> list[float]:
    client, times = Client(port), []
    for one in islice(cycle(asked), first, None):
        times.append(client.get(one.address).ms)
        if time.perf_counter() >= end:
            break
    client.close()
    return times


def processes(pid: int) -> list[int]:
    """A process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(one for child in children for one in processes(int(child)))]


def memory(pids: Sequence[int]) -> Memory:
    """Of these processes now."""
    shares, whole = [], []
    for pid in pids:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
        sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
        shares.append(sizes["Pss"])
        whole.append(sizes["Rss"])
    return Memory(sum(shares), max(whole))


def _cpu_seconds(pids: Sequence[int]) -> float:
    def used(pid: int) -> int:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    return sum(map(used, pids)) / _TICKS
