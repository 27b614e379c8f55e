"""The benchmark behind `scripts/bench`: import, index and search at each size, with real components.

Every figure is measured in one process on one machine in one run, the engine's floor and the service's time for the
same requests in turn, so that their difference and ratio hold when the machine's speed drifts.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from itertools import islice
from pathlib import Path

from tests.perf.queries import address, mixed

QUERIES = 600


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def timed(*command: str, home: Path) -> tuple[float, float]:
    """Seconds and peak memory (MB) of a command of ours, in a process of its own."""
    started = time.perf_counter()
    environment = {**os.environ, "DISCOVERY_HOME": str(home)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{said.decode()}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def feed(size: int, home: Path) -> None:
    file = home / "suppliers.jsonl"
    binaries = Path(sys.executable).parent
    with file.open("wb") as out:
        subprocess.run([binaries / "indexer", "generate", str(size)], stdout=out, check=True)
    indexer = str(binaries / "indexer")
    timed(indexer, "migrate", home=home)
    for name, command in (("import", ("import", str(file))), ("sync", ("sync",)), ("rebuild", ("rebuild",))):
        seconds, memory = timed(indexer, *command, home=home)
        print(f"  {name:8} {seconds:7.1f} s  {size / seconds:8.0f} /s  peak {memory:5.0f} MB")
    file.unlink()


def search(home: Path) -> None:
    os.environ["DISCOVERY_HOME"] = str(home)
    from werkzeug.datastructures import MultiDict

    from discovery.api.query import read_query
    from discovery.app import create_app
    from discovery.config import Settings
    from discovery.engine.embedded import EmbeddedEngine
    from discovery.engine.embedded.folder import IndexFolder
    from discovery.search.service import SearchService

    settings = Settings.from_env()
    started = time.perf_counter()
    app = create_app(settings)
    app.extensions["discovery"].warm()
    service: SearchService = app.extensions["discovery"].search
    engine: EmbeddedEngine = service.engine  # type: ignore[assignment]
    engine.status()
    seconds = time.perf_counter() - started
    file = IndexFolder(settings.index_path, settings.index_prefix).current()
    print(f"  start    {seconds:7.2f} s  index {file.stat().st_size / 1e6:.0f} MB" if file else "  no index")
    client = app.test_client()
    asked = list(islice(mixed(), QUERIES))
    requests = []
    for name, parameters in asked:
        query, _ = read_query(MultiDict(parameters))
        requests.append((name, address(parameters), service.request(query)))
    for _, url, request in requests[:100]:
        engine.search(request)
        client.get(url)
    engines: dict[str, list[float]] = defaultdict(list)
    services: dict[str, list[float]] = defaultdict(list)
    for name, url, request in requests:
        start = time.perf_counter()
        engine.search(request)
        middle = time.perf_counter()
        response = client.get(url)
        end = time.perf_counter()
        assert response.status_code == 200, response.get_data(as_text=True)
        engines[name].append((middle - start) * 1e3)
        services[name].append((end - middle) * 1e3)
    total = [value for values in engines.values() for value in values]
    whole = [value for values in services.values() for value in values]
    print(f"  {'':16} {'engine ms':>17}   {'service ms':>17}")
    print(f"  {'':16} {'p50':>8} {'p95':>8}   {'p50':>8} {'p95':>8}   service/engine")
    for name in sorted(engines):
        row(name, engines[name], services[name])
    row("all", total, whole)
    above = statistics.median(after - before for after, before in zip(whole, total, strict=True))
    print(f"  the service's share above the engine: {above:.2f} ms (median)")
    print(f"  memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def row(name: str, engine: list[float], service: list[float]) -> None:
    figures = [percentile(engine, 0.5), percentile(engine, 0.95), percentile(service, 0.5), percentile(service, 0.95)]
    ratio = figures[2] / figures[0]
    print(f"  {name:16} {figures[0]:8.2f} {figures[1]:8.2f}   {figures[2]:8.2f} {figures[3]:8.2f}   {ratio:6.1f}")


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000]
    for size in sizes:
        print(f"{size} suppliers")
        with tempfile.TemporaryDirectory() as folder:
            feed(size, Path(folder))
            # searched in a process of its own, so that its memory is its own
            subprocess.run([sys.executable, "-m", "tests.perf.bench", "--search", folder], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--search"]:
        search(Path(sys.argv[2]))
    else:
        main()
