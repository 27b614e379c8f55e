"""Three nodes of Elasticsearch on one machine: `scripts/bench nodes [SIZE…] [--shards N…]
[--replicas N…]`.

For each size, number of shards and number of replicas: how fast a rebuild fills the cluster, bytes
on disk, and the searches of `queries.mix` asked of all three in turn, all facets, p50 and p95. With
a replica one node is then killed as by a power cut while searches go on: how many fail, the
slowest, and p95 on what is left. What nodes share here (cores, a disk) they would not share on
machines of their own: compare the rows with each other. Writes build/bench/nodes.json.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from elasticsearch import Elasticsearch
from werkzeug.datastructures import MultiDict

from discovery.context import Services, make_services
from discovery.engine.elasticsearch.indices import alias
from discovery.engine.port import EngineUnavailable, SearchRequest
from discovery.http.api.endpoint import read_query
from discovery.mappings import Settings, packaged_mappings
from tests.elasticsearch import Cluster
from tools.bench import feed
from tools.bench.load import percentile
from tools.bench.queries import Named, mix

ROUNDS, ASKED, AFTER_SECONDS = 3, 150, 20.0
"""Of a row: rounds, of which the first warms up; requests drawn for each; how long it is asked once
a node is gone.
"""
OUT = Path("build/bench/nodes.json")
KINDS = ("place", "browse")
PREFIX = "nodes"


@dataclass(frozen=True, slots=True)
class Row:
    """Milliseconds; `lost`: of the searches of `AFTER_SECONDS` from the moment that a node is
    killed.
    """

    size: int
    shards: int
    replicas: int
    documents_a_second: float
    megabytes: float
    p50: float
    p95: float
    lost_failed: int | None = None
    lost_asked: int | None = None
    lost_p95: float | None = None
    lost_slowest: float | None = None


def options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench nodes", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[100_000, 300_000], metavar="SIZE")
    parser.add_argument("--shards", nargs="+", type=int, default=[1, 3, 6])
    parser.add_argument("--replicas", nargs="+", type=int, default=[0, 1])
    return parser.parse_args(words)


def shaped(folder: Path, shards: int, replicas: int) -> Path:
    """Mappings as the package's, of an index of that shape."""
    made = folder / f"mappings-{shards}-{replicas}"
    if not made.exists():
        shutil.copytree(packaged_mappings(), made)
        file = made / "suppliers.json"
        index = json.loads(file.read_text(encoding="utf-8"))
        index["settings"] |= {"number_of_shards": shards, "number_of_replicas": replicas}
        file.write_text(json.dumps(index), encoding="utf-8")
    return made


def requests(services: Services, seed: int) -> list[SearchRequest]:
    """Other ones for another seed, so that no cache answers."""
    asked = (one for one in mix(ASKED, (Named("Atelier", ""),), seed) if one.kind in KINDS)
    queries = (read_query(MultiDict(parse_qsl(urlsplit(one.address).query)))[0] for one in asked)
    return [services.search.request(query) for query in queries]


def took(services: Services, asked: Sequence[SearchRequest]) -> Iterator[float | None]:
    """Milliseconds of each; None of one that failed."""
    for request in asked:
        began = time.perf_counter()
        try:
            services.search.engine.search(request)
        except EngineUnavailable:
            yield None
        else:
            yield (time.perf_counter() - began) * 1000


def measured(home: Path, size: int, shards: int, replicas: int) -> Row:
    cluster = Cluster(lasting=True)
    try:
        urls = ",".join(cluster.start())
        mappings = shaped(home.parent, shards, replicas)
        told = {
            "engine": urls,
            "index_prefix": PREFIX,
            "mappings": str(mappings),
            "engine_timeout": "60",
        }
        seconds, _ = feed.timed(feed.indexer(), "rebuild", home=home, **told)
        cluster.wait(nodes=3, status="green")
        with Elasticsearch(cluster.urls, request_timeout=300) as client:
            client.indices.forcemerge(index=f"{PREFIX}*", max_num_segments=1)
            bytes_ = client.indices.stats(index=f"{PREFIX}*")["_all"]["total"]["store"][
                "size_in_bytes"
            ]
        services = make_services(
            Settings(
                home=home, engine=urls, index_prefix=PREFIX, mappings=mappings, engine_timeout=60
            )
        )
        found = [
            ms
            for turn in range(ROUNDS)
            for ms in took(services, requests(services, turn))
            if ms and turn
        ]
        row = Row(
            size,
            shards,
            replicas,
            size / seconds,
            bytes_ / 1e6,
            percentile(found, 0.5),
            percentile(found, 0.95),
        )
        return after_a_loss(row, cluster, services) if replicas else row
    finally:
        cluster.stop()


def after_a_loss(row: Row, cluster: Cluster, services: Services) -> Row:
    """The same with what is seen when the node that holds a primary is gone."""
    asked = requests(services, ROUNDS)
    with Elasticsearch(cluster.urls, request_timeout=60) as client:
        name = next(iter(client.indices.get_alias(index=alias(PREFIX))))
    cluster.nodes[cluster.holder_of_primary(name)].kill()
    end = time.monotonic() + AFTER_SECONDS
    seen: list[float | None] = []
    while time.monotonic() < end:
        seen += took(services, asked)
    answered = [ms for ms in seen if ms is not None]
    lost = {"lost_failed": len(seen) - len(answered), "lost_asked": len(seen)}
    times = {"lost_p95": percentile(answered, 0.95), "lost_slowest": max(answered, default=0.0)}
    return Row(**{**asdict(row), **lost, **times})


def line(row: Row) -> str:
    text = (
        f"{row.size:>9,} {row.shards:>6} {row.replicas:>8} {row.documents_a_second:>8,.0f}/s {row.megabytes:>8,.0f} MB"
        f" {row.p50:>7.1f} / {row.p95:.1f} ms"
    )
    if row.lost_asked is None:
        return text
    lost = f"{row.lost_failed} of {row.lost_asked} failed, p95 {row.lost_p95:.1f} ms, slowest {row.lost_slowest:.0f} ms"
    return f"{text}   a node lost: {lost}"


def main(words: Sequence[str]) -> None:
    chosen = options(words)
    rows = []
    print("     size shards replicas  rebuild     disk      p50 / p95", flush=True)
    for size in chosen.sizes:
        with tempfile.TemporaryDirectory(prefix="bench-nodes-") as folder:
            home = Path(folder) / "home"
            home.mkdir()
            feed.stored(size, home)
            for shards in chosen.shards:
                for replicas in chosen.replicas:
                    rows.append(measured(home, size, shards, replicas))
                    print(line(rows[-1]), flush=True)
                    OUT.parent.mkdir(parents=True, exist_ok=True)
                    OUT.write_text(
                        json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8"
                    )


if __name__ == "__main__":
    main(sys.argv[1:])
