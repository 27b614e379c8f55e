"""`scripts/bench siege [SIZE]`: searches and health checks while others do their worst: 64 slow sockets of each kind,
four exports and a walk of the sitemap, all at once and without end.

A real `discovery serve` of two workers on the embedded engine; the load comes from the same machine, at its expense.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from tests.perf.load import Answered, offer, percentile, saturate, served
from tests.perf.overload import CLIENTS, SIZE, fill
from tests.reliability.slow import KINDS, dawdling
from tests.served import Served, get

SECONDS = 20.0
SHARE = 0.25
"""Of the capacity, that is searched at: whoever is refused then is refused below it."""
HEALTH_A_SECOND = 20.0
FILES = ("/api/v1/export.xlsx", "/api/v1/export.csv", "/api/v1/export.xlsx?q=nettoyage", "/api/v1/export.csv?sort=id")
SITEMAP = "/sitemap.xml"

MAX_HEALTH_MS, MAX_SEARCH_TIMES = 50.0, 3.0
"""Goals: the 95th percentile of `/healthz`; that of searches, as times the quiet one."""


class Met(NamedTuple):
    """What visitors met in one phase."""

    searches: list[Answered]
    health: list[Answered]

    @property
    def search_p95(self) -> float:
        return percentile(served(self.searches), 0.95)

    @property
    def health_p95(self) -> float:
        return percentile(served(self.health), 0.95)

    @property
    def unanswered(self) -> int:
        return sum(one.status != 200 for one in (*self.searches, *self.health))

    def __str__(self) -> str:
        return (
            f"searches {len(self.searches):5} p95 {self.search_p95:6.1f} ms  "
            f"health {len(self.health):4} p95 {self.health_p95:6.1f} ms  not answered {self.unanswered}"
        )


def main(size: int) -> bool:
    """Whether the goals are met."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        addresses = fill(home, size)
        service = Served(home, home / "log", rate_limit="off", rate_limit_export="off", events="true")
        try:
            rate = SHARE * asyncio.run(_capacity(service.port, addresses))
            quiet = asyncio.run(visited(service.port, addresses, rate))
            print(f"quiet     {quiet}", flush=True)
            with siege(service.port):
                besieged = asyncio.run(visited(service.port, addresses, rate))
            print(f"besieged  {besieged}", flush=True)
        finally:
            service.stop()
    return judged(quiet, besieged)


async def _capacity(port: int, addresses: Sequence[str]) -> float:
    await saturate(port, addresses, CLIENTS, SECONDS / 4)  # warm
    return await saturate(port, addresses, CLIENTS, SECONDS / 4)


async def visited(port: int, addresses: Sequence[str], rate: float) -> Met:
    """Searches at `rate` a second, and health checks, for `SECONDS`."""
    both = offer(port, addresses, rate, SECONDS), offer(port, ["/healthz"], HEALTH_A_SECOND, SECONDS, seed=2)
    return Met(*await asyncio.gather(*both))


@contextmanager
def siege(port: int) -> Iterator[None]:
    """All of it, until the end of the body; says how many files were made. From a process of its own: who measures
    must not wait for who attacks."""
    context = multiprocessing.get_context("spawn")
    ready, stop, made = context.Event(), context.Event(), context.SimpleQueue()
    attacker = context.Process(target=attack, args=(port, ready, stop, made))
    attacker.start()
    ready.wait()
    try:
        yield
    finally:
        stop.set()
        files = made.get()
        attacker.join()
    print(f"meanwhile exports made {files[:-1]}, parts of the sitemap {files[-1]}")


def attack(port: int, ready: Event, stop: Event, told: SimpleQueue[list[int]]) -> None:
    """Tells how many files of each kind it was given."""
    parts = re.findall(r"<loc>https?://[^/]+(/[^<]+)</loc>", get(port, SITEMAP)[2].decode())
    made = [0] * (len(FILES) + 1)

    def taking(number: int, paths: Sequence[str]) -> None:
        while not stop.is_set():
            for path in paths:
                status, headers, _ = get(port, path)
                made[number] += status == 200
                if status == 503:
                    stop.wait(float(headers["Retry-After"]))

    takers = [Thread(target=taking, args=one) for one in enumerate([[file] for file in FILES] + [[SITEMAP, *parts]])]
    with ExitStack() as stack:
        for kind in KINDS:
            stack.enter_context(dawdling(port, kind))
        for taker in takers:
            taker.start()
        ready.set()
        for taker in takers:
            taker.join()
    told.put(made)


def judged(quiet: Met, besieged: Met) -> bool:
    times = besieged.search_p95 / max(quiet.search_p95, 0.1)
    goals = {
        f"health p95 {besieged.health_p95:.0f} ms, goal {MAX_HEALTH_MS:.0f}": besieged.health_p95 < MAX_HEALTH_MS,
        f"searches × {times:.1f} of quiet, goal {MAX_SEARCH_TIMES:.0f}": times < MAX_SEARCH_TIMES,
        f"not answered {besieged.unanswered}, goal 0": not besieged.unanswered,
    }
    for goal, met in goals.items():
        print(f"{'met' if met else 'MISSED':7} {goal}")
    return all(goals.values())


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE) else 1)
