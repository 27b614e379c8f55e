"""`scripts/bench needs [SIZE]`: notices of twenty lots, and a purchasing programme of two thousand
lines.

A real `discovery serve` of two workers on the embedded engine. Lots and lines are trades of the
vocabulary with a town, each asked for the first time, as a buyer's are. Lots that tell no trade are
read twice: alone, then with their notice's title.
"""

import http.client
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from discovery.mappings import load_mappings
from tests.served import PATIENCE_SECONDS, Served
from tools.bench.feed import fill
from tools.bench.load import percentile

SIZE = 10_000
LOTS, LINES, TIMES = 20, 2_000, 10
TOWNS = (
    "Lyon",
    "Nantes",
    "Lille",
    "Rennes",
    "Pau",
    "Metz",
    "Dijon",
    "Brest",
    "Tours",
    "Nice",
    "Caen",
    "Albi",
    "Niort",
)
MAX_NOTICE_MS, MAX_PROGRAMME_SECONDS = 300.0, 20.0
"""Goals, at 10,000 suppliers: the median notice; a programme."""


def needs() -> Iterator[tuple[str, str]]:
    """(title, place), without end; the same after some two thousand."""
    titles = [
        f"Prestations de {sector.label('fr').lower()}"
        for sector in load_mappings().vocabulary.sectors.values()
    ]
    number = 0
    while True:
        yield titles[number % len(titles)], TOWNS[number % len(TOWNS)]
        number += 1


def main(size: int) -> bool:
    """Whether the goals are met."""
    asked = needs()

    def notice() -> bytes:
        return json.dumps(
            {"lots": [{"title": title, "place": place} for title, place in islice(asked, LOTS)]}
        ).encode()

    def bare() -> bytes:
        lots = [
            {"title": f"Secteur {at}", "place": place}
            for at, (_, place) in enumerate(islice(asked, LOTS))
        ]
        return json.dumps({"title": next(asked)[0], "lots": lots}).encode()

    def programme() -> bytes:
        return "\n".join(["Objet;Lieu", *(";".join(one) for one in islice(asked, LINES))]).encode()

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fill(home, size)
        service = Served(
            home, home / "log", rate_limit="off", rate_limit_needs="off", rate_limit_programme="off"
        )
        try:
            timed(service, "/api/v1/needs", notice(), "application/json")  # what is made once
            lots = [
                timed(service, "/api/v1/needs", notice(), "application/json") for _ in range(TIMES)
            ]
            twice = [
                timed(service, "/api/v1/needs", bare(), "application/json") for _ in range(TIMES)
            ]
            lines = timed(service, "/api/v1/programme", programme(), "text/csv") / 1_000
        finally:
            service.stop()
    taken = {"lots": lots, "lots that tell no trade": twice}
    goals = {
        f"{LOTS} {which}: median {percentile(took, 0.5):.0f} ms, worst {max(took):.0f}, goal {MAX_NOTICE_MS:.0f}": (
            percentile(took, 0.5) <= MAX_NOTICE_MS
        )
        for which, took in taken.items()
    }
    goals[f"{LINES} lines: {lines:.1f} s, goal {MAX_PROGRAMME_SECONDS:.0f}"] = (
        lines <= MAX_PROGRAMME_SECONDS
    )
    for goal, met in goals.items():
        print(f"{'met' if met else 'MISSED':7} {goal}")
    return all(goals.values())


def timed(service: Served, path: str, body: bytes, media: str) -> float:
    """Milliseconds until all of the answer is there."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE_SECONDS)
    try:
        began = time.perf_counter()
        connection.request("POST", path, body, {"Content-Type": media})
        response = connection.getresponse()
        answer = response.read()
        took = (time.perf_counter() - began) * 1_000
    finally:
        connection.close()
    if response.status != 200:
        raise SystemExit(f"{path} answered {response.status}: {answer[:400].decode()}")
    return took


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE) else 1)
