"""`scripts/bench first [HOME]`: what each address costs the first time in a fresh worker, and the
second time.

A service is warmed as `discovery serve` does it; each address is then asked twice in a fork of its
own. Milliseconds of processor, the dearest first. HOME: of an index that is there; without it one
of 10,000 invented suppliers is made. Exit code 1 when one takes over 100 ms the first time; answers
that a process of their own makes (exports, lists of matches) are told, and judged by nothing.
"""

import gc
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import structlog
from flask import Flask

from discovery.app import application, warm
from discovery.context import make_services
from discovery.http.requests import policy_of
from discovery.mappings import Settings
from tools.bench import feed

SUPPLIERS, MOST_MS, SHOWN = 10_000, 100.0, 20
SEARCHES = (
    "q=nettoyage",
    "q=nettoyage+de+bureaux+Lyon",
    "q=netoyage+Lion",
    "q=zzyx",
    "kind=EI",
    "near=Lyon&radius=20",
)
PAGES = (
    "/?{}",
    "/?{}&view=map",
    "/sourcing?{}",
    "/api/v1/search?{}",
    "/api/v1/map?{}",
    "/feed.atom?{}",
)
OTHERS = ("/api/v1/search?per_page=100&q=traiteur", "/api/v1/suggest?q=net", "/api/v1/suggest?q=lyo",
          "/api/v1/export.csv?q=nettoyage", "/api/v1/export.xlsx?q=nettoyage", "/api/v1/matches?q=nettoyage",
          "/sitemap/suppliers-1.xml")  # fmt: skip


def addresses(app: Flask, supplier: str) -> Iterator[str]:
    """Every route that answers GET, in both languages, those of one supplier filled in; and
    searches.
    """
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            path = re.sub(r"<[^>]+>", supplier, rule.rule)
            yield from (path, f"{path}?lang=en")
    yield from (page.format(search) for page in PAGES for search in SEARCHES)
    yield from OTHERS


def asked(app: Flask, address: str) -> tuple[float, float, int]:
    """(ms the first time, ms the second time, status), in a fork."""
    reading, writing = os.pipe()
    if not os.fork():
        client, spent, status = app.test_client(), [], 0
        for _ in range(2):
            before = time.process_time()
            answer = client.get(address, headers={"Accept-Encoding": "gzip"})
            answer.get_data()
            spent.append((time.process_time() - before) * 1e3)
            status = answer.status_code
        os.write(writing, json.dumps([*spent, status]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        first, second, status = json.loads(told.read())
    os.wait()
    return first, second, status


def main(words: Sequence[str]) -> int:
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with tempfile.TemporaryDirectory() as made:
        home = Path(words[0] if words else made)
        if not words:
            feed.fill(home, SUPPLIERS)
        services = make_services(Settings(home=home))
        app = application(services)
        warm(app)
        [supplier] = (
            app.test_client().get("/api/v1/search?per_page=1&sort=id").get_json()["results"]
        )
        gc.collect()
        gc.freeze()
        found = {
            address: asked(app, address)
            for address in dict.fromkeys(addresses(app, supplier["id"]))
        }
    dearest = sorted(found, key=lambda address: -found[address][0])
    for address in dearest[:SHOWN]:
        first, second, status = found[address]
        print(f"{first:8.1f} {second:8.1f}  {status} {address}")
    over = [
        one
        for one in dearest
        if found[one][0] > MOST_MS and policy_of(one.partition("?")[0]).long != "GET"
    ]
    print(
        f"{len(found)} addresses; over {MOST_MS:.0f} ms of a worker the first time: {', '.join(over) or 'none'}"
    )
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
