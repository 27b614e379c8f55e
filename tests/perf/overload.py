"""`scripts/bench overload [SIZE]`: what is served and refused below, at and beyond capacity, and afterwards.

A real `discovery serve` of two workers on the embedded engine; the load comes from the same machine, at its expense.
What travels are the ratios: to the 95th percentile below capacity, and of the refused to all.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.perf.imports import BINARIES, generated
from tests.perf.load import CUT, Answered, offer, percentile, refused, saturate, served
from tests.perf.queries import mix, named_in
from tests.perf.spent import spent
from tests.served import Served

SIZE = 10_000
SECONDS = 10.0
CLIENTS = 16
STEPS = (("below", 0.5), ("at", 1.0), ("beyond", 6.0), ("recovered", 0.5))
"""Each with its share of the capacity."""


def main(size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        addresses = fill(home, size)
        service = Served(home, home / "log", rate_limit="off")
        try:
            asyncio.run(measure(service.port, addresses))
        finally:
            service.stop()


def fill(home: Path, size: int) -> list[str]:
    """A store and an embedded index of so many invented suppliers; the addresses that will be asked."""
    file, environment = generated(size, home), {"DISCOVERY_HOME": str(home)}
    for words in (("migrate",), ("import", "--quiet", "--no-index", str(file)), ("sync",)):
        spent([str(BINARIES / "indexer"), *words], environment)
    addresses = [asked.address for asked in mix(300, named_in(file))]
    file.unlink()
    return addresses


async def measure(port: int, addresses: Sequence[str]) -> None:
    await saturate(port, addresses, CLIENTS, SECONDS / 3)  # warm
    capacity = await saturate(port, addresses, CLIENTS, SECONDS)
    print(f"capacity: {capacity:.0f} searches/s, {CLIENTS} clients without pause")
    below = 0.0
    for name, share in STEPS:
        answers = await offer(port, addresses, capacity * share, SECONDS)
        below = below or percentile(served(answers), 0.95)
        print(line(name, share, answers, below), flush=True)


def line(name: str, share: float, answers: Sequence[Answered], below: float) -> str:
    """`below`: the 95th percentile of what was served below capacity, in milliseconds."""
    good, no = served(answers), refused(answers)
    cut = sum(one.status == CUT for one in answers)
    p95 = percentile(good, 0.95)
    times = p95 / below if below else 0.0
    return (
        f"{name:10} {share:3.1f} × capacity  served {len(good):5} p95 {p95:6.0f} ms (× {times:.1f})"
        f"  refused {len(no) / max(1, len(answers)):4.0%} in {percentile(no, 0.95):5.0f} ms (p95)  cut {cut}"
        f"  other {len(answers) - len(good) - len(no) - cut}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE)
