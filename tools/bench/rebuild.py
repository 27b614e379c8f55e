"""`scripts/bench rebuild`: a rebuild from PostgreSQL into Elasticsearch, against the raw bulk of
the same documents.

The raw bulk sends what the rebuild sends, ready made and written down, by as many processes: the
floor that any indexer stands on, since it reads no store, builds no document and analyses nothing.
Both run on one machine, in turn, with servers of their own; start of the processes, verification
and promotion count for the rebuild.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

from elasticsearch import Elasticsearch
from sqlalchemy import create_engine, text

from discovery.engine.elasticsearch import indices
from discovery.engine.elasticsearch import writer as outcomes
from discovery.engine.elasticsearch.derived import Indexed, text_fields
from discovery.engine.port import Action
from discovery.mappings import Settings
from indexer.context import Context
from indexer.indices.rebuild import all_ids
from indexer.lock import utc
from indexer.run import parallel
from indexer.store import ledger, repository
from indexer.store.engine import reading
from tests.elasticsearch import Node
from tests.servers import postgresql
from tools.bench.feed import timed

RUNS = 2
"""Of each, in turn; the quickest counts."""

PREFIX = "bench"


def filled(settings: Settings, size: int) -> None:
    """A store of so many invented suppliers."""
    binaries = Path(sys.executable).parent
    file = settings.home / "suppliers.jsonl"
    with file.open("wb") as out:
        subprocess.run([binaries / "indexer", "generate", str(size)], stdout=out, check=True)
    for words in (("migrate",), ("import", "--quiet", "--no-index", str(file))):
        timed(str(binaries / "indexer"), *words, home=settings.home)
    file.unlink()


def ready(context: Context) -> Iterator[list[str]]:
    """Each batch of the store as the lines of a bulk."""
    prepare = Indexed(text_fields(context.definition), context.definition.analysis)
    for ids in all_ids(context.store):
        with reading(context.store) as connection:
            suppliers, revisions = (
                repository.load(connection, ids),
                ledger.revisions(connection, ids),
            )
        actions = (
            Action(id_, revisions[id_], context.builder.build(suppliers[id_])) for id_ in ids
        )
        yield [outcomes.lines(action, prepare).text for action in actions]


def send(url: str, index: str, file: Path) -> int:
    """A bulk for each batch of the file. Returns how many documents the engine took."""
    taken = 0
    with Elasticsearch(url, request_timeout=60) as client, file.open(encoding="utf-8") as lines:
        for line in lines:
            answer = client.bulk(
                index=indices.write_alias(index), operations=json.loads(line), require_alias=True
            )
            taken += sum(next(iter(item.values()))["status"] < 300 for item in answer["items"])
    return taken


def warm(_: int) -> None:
    """So that the start of the processes is not counted."""
    time.sleep(0.2)


def raw_bulk(context: Context, url: str, files: list[Path], size: int) -> float:
    """Documents a second, from the first bulk until all can be searched."""
    name = context.catalog.create(context.definition, utc())
    with ProcessPoolExecutor(len(files)) as pool:
        list(pool.map(warm, range(len(files))))
        started = time.perf_counter()
        taken = sum(pool.map(send, [url] * len(files), [name] * len(files), files))
        context.catalog.finish(name, context.definition)
        seconds = time.perf_counter() - started
    context.catalog.remove(name)
    assert taken == size, (taken, size)
    return size / seconds


def measure(size: int, url: str, database: str, home: Path) -> None:
    os.environ |= {
        "DISCOVERY_DATABASE_URL": database,
        "DISCOVERY_ENGINE": url,
        "DISCOVERY_INDEX_PREFIX": PREFIX,
        "DISCOVERY_HOME": str(home),
    }
    settings = Settings.from_env()
    filled(settings, size)
    indexer = str(Path(sys.executable).with_name("indexer"))
    with closing(Context(settings)) as context:
        processes = parallel.processes()
        files = [home / f"bulk-{number}" for number in range(processes)]
        with ExitStack() as stack:
            outs = [stack.enter_context(file.open("w", encoding="utf-8")) for file in files]
            for number, lines in enumerate(ready(context)):
                outs[number % processes].write(json.dumps(lines) + "\n")
        raw, whole = [], []
        for _ in range(RUNS):
            raw.append(raw_bulk(context, url, files, size))
            seconds, memory = timed(indexer, "rebuild", home=home)
            whole.append(size / seconds)
            print(
                f"  raw bulk {raw[-1]:6.0f} /s   rebuild {whole[-1]:6.0f} /s ({seconds:.1f} s)   peak {memory:.0f} MB"
            )
        print(f"  {size} suppliers, {processes} processes: ratio {max(whole) / max(raw):.2f}")


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [20_000, 100_000]
    node = Node(lasting=True)
    with ExitStack() as stack:
        stack.callback(node.stop)
        url, server = node.start(), stack.enter_context(postgresql())
        for size in sizes:
            with tempfile.TemporaryDirectory() as home:
                measure(size, url, database(server, size), Path(home))


def database(server: str, size: int) -> str:
    """An empty one on the server."""
    engine = create_engine(
        f"{server}/postgres".replace("postgresql:", "postgresql+psycopg:"),
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE bench_{size}"))
    engine.dispose()
    return f"{server}/bench_{size}"


if __name__ == "__main__":
    main()
