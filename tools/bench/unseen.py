"""Memory of a service that is asked what nobody asked before: `scripts/bench unseen [PHRASES] [HOME]`.

Every phrase is new, of words that no index holds, some as long as they may be: whoever means to fill a worker's memory
asks so. Prints resident memory (MB) as it goes; it has to be flat once caches are full. HOME: of an index that is
there; without it one of 10,000 invented suppliers is made.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from discovery.context import Services, make_services
from discovery.mappings import Settings, load_mappings
from discovery.places import gazetteer
from discovery.search.query import MAX_Q, Query
from tools.bench import feed

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
    """Parameters of searches, without end: half as `phrases` has them, half a trade, a town and a radius of a few."""
    chosen, unseen = random.Random(seed), phrases(seed)
    trades = [sector.label("fr").lower() for sector in load_mappings().vocabulary.sectors.values()]
    towns = list(gazetteer().commune_names())
    while True:
        lang, radius = chosen.choice(("fr", "en")), chosen.choice((5, 10, 20, 30, 50, 80))
        known: dict[str, str | int] = {"q": chosen.choice(trades), "near": chosen.choice(towns), "radius": radius}
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


def main() -> None:
    count, home = [*sys.argv[1:], *("100000", "")[len(sys.argv) - 1 :]]
    with tempfile.TemporaryDirectory() as made:
        if not home:
            feed.stored(SUPPLIERS, Path(made))
            feed.indexed(SUPPLIERS, Path(made))
        services = make_services(Settings(home=Path(home or made)))
        services.warm()
        for asked, mb in growth(services, int(count)):
            print(f"{asked:>8} phrases: {mb:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
