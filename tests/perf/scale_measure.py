"""`scripts/bench scale [SIZE…]`: what `scale_model.py` is told of Elasticsearch, measured on a node of our own.

At each size: bytes a document on disk once merged, processor milliseconds of the node a search (its own and its
threads', read from the system), by class, all facets asked. The least of several rounds: a shared machine only adds.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from werkzeug.datastructures import MultiDict

from discovery.api.query import read_query
from discovery.config import Settings, load_mappings
from discovery.context import make_services
from discovery.engine.definition import define
from discovery.engine.elasticsearch import Connection
from discovery.engine.port import SearchRequest
from tests.elasticsearch import Node, index_of
from tests.generated import documents
from tests.perf.queries import Named, mix
from tests.perf.spent import cpu_seconds

SIZES = (4_000, 16_000)
ROUNDS = 2
ASKED = 80
CLASSES = ("place", "browse")
NAMED = (Named("Atelier", ""),)


def main(sizes: list[int]) -> None:
    node = Node(lasting=True)
    try:
        os.environ["ELASTICSEARCH_URL"] = url = node.start()
        assert node.process is not None
        pid = node.process.pid
        invented = documents(max(sizes))
        for size in sizes:
            index = index_of(define(load_mappings()), invented[:size])
            stats = Connection([url]).client.indices.stats(index=index)["indices"][index]["primaries"]
            each = searches(url, index, lambda: cpu_seconds(pid))
            classes = ", ".join(f"{name} {ms:.1f} ms" for name, ms in each.items())
            print(
                f"{size:,}: {stats['store']['size_in_bytes'] / size:,.0f} bytes a document; cpu {classes}", flush=True
            )
    finally:
        node.stop()


def searches(url: str, index: str, cpu: Callable[[], float]) -> dict[str, float]:
    """Class of request → the node's processor milliseconds a search."""
    with tempfile.TemporaryDirectory() as home:
        services = make_services(Settings(home=Path(home), engine=url, index_prefix=index, engine_timeout=60))
        least: dict[str, float] = defaultdict(lambda: float("inf"))
        for turn in range(ROUNDS + 1):
            for kind, requests in asked(services.search.request, seed=turn).items():
                before = cpu()
                for request in requests:
                    services.search.engine.search(request)
                if turn:  # the first warms the node up
                    least[kind] = min(least[kind], (cpu() - before) / len(requests) * 1e3)
        return dict(least)


def asked(request: Callable[..., SearchRequest], seed: int) -> dict[str, list[SearchRequest]]:
    """Searches of each class; other ones for another seed, so that no cache answers."""
    found: dict[str, list[SearchRequest]] = {kind: [] for kind in CLASSES}
    for one in mix(ASKED, NAMED, seed):
        if one.kind not in CLASSES:
            continue
        query, _ = read_query(MultiDict(parse_qsl(urlsplit(one.address).query)))
        found[one.kind].append(request(query))
    return found


if __name__ == "__main__":
    main([int(size.replace("_", "")) for size in sys.argv[1:]] or list(SIZES))
