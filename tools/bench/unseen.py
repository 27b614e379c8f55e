"""Memory of a service that is asked what nobody asked before: `scripts/bench unseen [PHRASES]
[HOME] [--worker]`.

Every phrase is new, of words that no index holds, some as long as they may be: whoever means to
fill a worker's memory asks so. Prints resident memory (MB) as it goes; it has to be flat once
caches are full. HOME: of an index that is there; without it one of 10,000 invented suppliers is
made.

`--worker`: of one worker of `discovery serve`, asked distinct searches, pages and JSON by turns,
half of them unseen: its private memory beside the one at its start.
"""

import argparse
import http.client
import random
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from discovery.context import Services, make_services
from discovery.mappings import Settings, load_mappings
from discovery.places import gazetteer
from discovery.search.query import MAX_Q, Query
from tests.served import Served
from tools.bench import feed
from tools.bench.spent import family, memory_mb

SUPPLIERS = 10_000
STEPS = 10
LETTERS = "abcdefghijklmnopqrstuvwxyzéè"


def phrases(seed: int) -> Iterator[str]:
    """Without end, none twice but by accident; one in three of the greatest length."""
    chosen = random.Random(seed)
    places = ("à Lyon", "à 30 km de Nantes", "dans le Rhône", "ESAT", "")
    while True:
        words = 40 if chosen.random() < 1 / 3 else chosen.randint(1, 4)
        made = ("".join(chosen.choices(LETTERS, k=chosen.randint(4, 12))) for _ in range(words))
        yield f"{' '.join(made)} {chosen.choice(places)}"[:MAX_Q]


def searches(seed: int) -> Iterator[dict[str, str | int]]:
    """Parameters of searches, without end: half as `phrases` has them, half a trade, a town and a
    radius of a few.
    """
    chosen, unseen = random.Random(seed), phrases(seed)
    trades = [sector.label("fr").lower() for sector in load_mappings().vocabulary.sectors.values()]
    towns = list(gazetteer().commune_names())
    while True:
        lang, radius = chosen.choice(("fr", "en")), chosen.choice((5, 10, 20, 30, 50, 80))
        known: dict[str, str | int] = {
            "q": chosen.choice(trades),
            "near": chosen.choice(towns),
            "radius": radius,
        }
        unknown: dict[str, str | int] = {"q": next(unseen)}
        yield chosen.choice((known, unknown)) | {"lang": lang}


def resident_mb() -> float:
    """Of this process, now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def growth(services: Services, count: int, seed: int = 1) -> Iterator[tuple[int, float]]:
    """(phrases asked, MB resident), at each step."""
    asked = phrases(seed)
    yield 0, resident_mb()
    for step in range(1, STEPS + 1):
        for _ in range(count // STEPS):
            phrase = next(asked)
            with services.search.at_once() as search:
                services.presenter.answer(search.search(Query(q=phrase)))
            services.suggest.suggest(phrase)
        yield step * (count // STEPS), resident_mb()


def ask(
    connection: http.client.HTTPConnection, made: Iterator[Mapping[str, str | int]], count: int
) -> None:
    """So many searches, pages and JSON by turns, each hundred of an address of its own."""
    for number in range(count):
        path = f"{('/api/v1/search', '/')[number % 2]}?{urlencode(next(made))}"
        who = f"198.51.{number // 100 % 256}.{number % 100}"
        connection.request("GET", path, headers={"X-Forwarded-For": who})
        connection.getresponse().read()


def worker_growth(home: Path, log: Path, count: int) -> Iterator[tuple[int, float]]:
    """(searches asked, MB that the worker who answers them has written to since its start)."""
    service = Served(home, log, workers=1, trusted_proxies="127.0.0.1")
    try:
        start = {pid: memory_mb(pid, "Private_Dirty") for pid in family(service.process.pid)}
        made, asked = searches(7), 0
        with closing(
            http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
        ) as connection:
            for step in (2, 100, 1_000, 2_700, 5_000, *range(10_000, count + 1, 10_000)):
                if step <= count:
                    ask(connection, made, step - asked)
                    asked = step
                    yield (
                        asked,
                        max(
                            memory_mb(pid, "Private_Dirty") - before
                            for pid, before in start.items()
                        ),
                    )
    finally:
        service.stop()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="scripts/bench unseen", description=__doc__.split(":", 1)[0]
    )
    parser.add_argument("count", nargs="?", type=int, default=100_000)
    parser.add_argument("home", nargs="?", type=Path)
    parser.add_argument("--worker", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        home = chosen.home or Path(made)
        if not chosen.home:
            feed.stored(SUPPLIERS, home)
            feed.indexed(SUPPLIERS, home)
        if chosen.worker:
            for asked, mb in worker_growth(home, Path(made) / "log", chosen.count):
                print(f"{asked:>8} searches: {mb:+.0f} MB", flush=True)
            return
        services = make_services(Settings(home=home))
        services.warm()
        for asked, mb in growth(services, chosen.count):
            print(f"{asked:>8} phrases: {mb:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
