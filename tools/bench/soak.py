"""`scripts/bench soak [MINUTES]`: searches and changes for half an hour, and whether anything grows
meanwhile.

A real `discovery serve` and `indexer worker` on one home (SQLite, embedded engine, Redis of our
own). Each minute, of both families of processes: memory, open handles, threads; and of the
searches: how many, how fast, how many failed. Exit code 1 when one of them grows; text, and a JSON
document with all samples.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import combinations, count
from pathlib import Path

from discovery.mappings import Settings
from indexer.store import ledger, repository
from indexer.store.engine import open_store
from tests.served import Served
from tests.servers import Redis
from tests.unit.indexer.conftest import NOW, supplier
from tests.unit.indexer.processes import environment, program, running
from tools.bench.feed import fill
from tools.bench.load import Answered, offer, percentile, served
from tools.bench.spent import family, handles, memory_mb, threads

SIZE = 5_000
CHANGED = 200
"""Suppliers that are changed again and again, so that the index has as many at the end as at the
beginning.
"""

WARM = 1 / 4
"""The share of the samples, the first, that is not judged: caches fill, threads start."""
TOLERANCES = {
    "service_mb": 0.05,
    "service_handles": 0.10,
    "service_threads": 0.02,
    "worker_mb": 0.05,
    "worker_handles": 0.10,
    "worker_threads": 0.02,
    "p50_ms": 0.50,
    "p95_ms": 0.50,
}
"""By how much of its median each may seem to rise by chance, from the first judged sample to the
last. Times are those of a shared machine.
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """After so many `minutes`; `waiting`: changes that the index has not seen yet."""

    minutes: float
    service_mb: float
    service_handles: float
    service_threads: float
    worker_mb: float
    worker_handles: float
    worker_threads: float
    p50_ms: float
    p95_ms: float
    answered: int
    failed: int
    waiting: int


def main(words: Sequence[str]) -> int:
    options = arguments(words)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = Redis()
        stack.callback(redis.remove)
        broker = f"{redis.start()}/0"
        addresses = fill(home, options.size)
        env = environment(home, DISCOVERY_BROKER_URL=broker, C_FORCE_ROOT="1")
        worker = stack.enter_context(
            running([program("indexer"), "worker"], env, home / "worker.log")
        )
        service = Served(home, home / "service.log", rate_limit="off", broker_url=broker)
        stack.callback(service.stop)
        samples = asyncio.run(soaked(options, home, addresses, service, worker.pid))
    found = growths([asdict(sample) for sample in samples])
    for growth in found:
        print(growth.line())
    failed, waiting = sum(sample.failed for sample in samples), samples[-1].waiting
    print(f"searches that failed: {failed}; changes that wait at the end: {waiting}")
    told = {
        "minutes": options.minutes,
        "suppliers": options.size,
        "samples": [asdict(sample) for sample in samples],
        "grows": {growth.name: asdict(growth) for growth in found},
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(told, indent=1), encoding="utf-8")
    return int(failed > 0 or any(growth.grows for growth in found))


async def soaked(
    options: argparse.Namespace, home: Path, addresses: Sequence[str], service: Served, worker: int
) -> list[Sample]:
    """A sample a period, the searches of each told when it ends."""
    store = open_store(Settings(home=home).store_url)
    samples: list[Sample] = []
    began, period = time.monotonic(), options.every * 60
    writing = asyncio.create_task(changes(home, options.changes))
    while (minutes := (time.monotonic() - began) / 60) < options.minutes:
        answers = await offer(service.port, addresses, options.rate, period, seed=len(samples))
        waiting = ledger.pending_count(store)
        samples.append(
            sample(minutes + options.every, service.process.pid, worker, answers, waiting)
        )
        print(shown(samples[-1]), flush=True)
    writing.cancel()
    return samples


async def changes(home: Path, rate: float) -> None:
    """Suppliers written to the store, `rate` a second: new content each time, so that each is to be
    indexed.
    """
    store = open_store(Settings(home=home).store_url)
    for number in count():
        name = f"Atelier {number} du soir"

        def write(number: int = number, name: str = name) -> None:
            with store.begin() as connection:
                repository.save(
                    connection, [supplier(f"soak-{number % CHANGED:03}", name=name)], NOW
                )

        await asyncio.to_thread(write)
        await asyncio.sleep(1 / rate)


def sample(
    minutes: float, service: int, worker: int, answers: Sequence[Answered], waiting: int
) -> Sample:
    good = served(answers)

    def of(measure: Callable[[int], float], pid: int) -> float:
        return sum(map(measure, family(pid)))

    return Sample(
        round(minutes, 2),
        of(memory_mb, service),
        of(handles, service),
        of(threads, service),
        of(memory_mb, worker),
        of(handles, worker),
        of(threads, worker),
        percentile(good, 0.5),
        percentile(good, 0.95),
        len(good),
        len(answers) - len(good),
        waiting,
    )


def shown(one: Sample) -> str:
    return (
        f"{one.minutes:5.1f} min  service {one.service_mb:5.0f} MB {one.service_handles:4.0f} handles "
        f"{one.service_threads:3.0f} threads  worker {one.worker_mb:5.0f} MB {one.worker_handles:4.0f} "
        f"{one.worker_threads:3.0f}  p50 {one.p50_ms:4.0f} p95 {one.p95_ms:4.0f} ms  "
        f"{one.answered} answered, {one.failed} failed, {one.waiting} changes wait"
    )


def arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench soak", description=__doc__)
    parser.add_argument("minutes", nargs="?", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=10.0, help="searches a second (10)")
    parser.add_argument("--changes", type=float, default=1.0, help="changes a second (1)")
    parser.add_argument("--every", type=float, default=1.0, help="minutes between samples (1)")
    parser.add_argument("--size", type=int, default=SIZE, help=f"suppliers ({SIZE})")
    parser.add_argument(
        "--out", type=Path, default=Path("build/bench/soak.json"), help="the JSON document"
    )
    return parser.parse_args(words)


@dataclass(frozen=True, slots=True)
class Growth:
    """`rise`: by the slope, from the first judged sample to the last, as a share of the median."""

    name: str
    median: float
    rise: float
    tolerance: float

    @property
    def grows(self) -> bool:
        return self.rise > self.tolerance

    def line(self) -> str:
        verdict = "GROWS" if self.grows else "steady"
        return f"{self.name:16} {verdict:6} median {self.median:8.1f}  rise {self.rise:+.1%} of {self.tolerance:.0%}"


def growths(samples: Sequence[Mapping[str, float]]) -> list[Growth]:
    """Of each figure that has a tolerance; samples have `minutes`. Fewer than three judged say
    nothing: no rise.
    """
    judged = samples[int(len(samples) * WARM) :]
    times = [one["minutes"] for one in judged]
    found = []
    for name, tolerance in TOLERANCES.items():
        values = [one[name] for one in judged]
        median = statistics.median(values) if values else 0.0
        risen = (
            slope(times, values) * (times[-1] - times[0]) / median
            if len(values) > 2 and median
            else 0.0
        )
        found.append(Growth(name, median, risen, tolerance))
    return found


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """The median of the slopes between all pairs (Theil and Sen): one odd minute moves a mean, not
    this.
    """
    pairs = combinations(zip(times, values, strict=True), 2)
    return statistics.median(
        (later - before) / (end - start) for (start, before), (end, later) in pairs
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
