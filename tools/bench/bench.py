"""`scripts/bench [SIZE…]`: one run, one report. Every figure of a run is measured on one machine in
one go, and ways to answer a request are asked in turn, so that ratios hold when the machine's speed
drifts.
"""

import argparse
import json
import multiprocessing
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from tools.bench import feed
from tools.bench.figures import Run, ratios
from tools.bench.measure import Job, measure
from tools.bench.report import Recorded, Report, as_json, html, text

RECORDED = Path(__file__).with_name("recorded.json")
SIZES = (10_000, 100_000)
OUT = Path("build/bench")


def options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "sizes",
        nargs="*",
        type=int,
        default=list(SIZES),
        metavar="SIZE",
        help="numbers of suppliers",
    )
    parser.add_argument(
        "--engine", choices=("embedded", "elasticsearch", "both"), default="embedded"
    )
    parser.add_argument(
        "--apart",
        action="store_true",
        help="Elasticsearch on the first core, all else on the second",
    )
    parser.add_argument("--requests", type=int, default=300, help="in the mix (default 300)")
    parser.add_argument("--passes", type=int, default=3, help="over the mix, once warm (default 3)")
    parser.add_argument(
        "--load", type=float, default=4.0, help="seconds for each number of clients (default 4)"
    )
    parser.add_argument(
        "--quick", action="store_true", help="2,000 suppliers, 40 requests: whether it runs at all"
    )
    parser.add_argument(
        "--record", action="store_true", help=f"keep the ratios in {RECORDED.name}, to compare with"
    )
    parser.add_argument(
        "--out", type=Path, default=OUT, help=f"folder of report.json and .html (default {OUT})"
    )
    chosen = parser.parse_args(words)
    if chosen.quick:
        chosen.sizes, chosen.requests, chosen.passes, chosen.load = [2_000], 40, 1, 0.3
    return chosen


def main(words: Sequence[str]) -> None:
    chosen = options(words)
    recorded: dict[str, object] = (
        json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    )
    engines = ("embedded", "elasticsearch") if chosen.engine == "both" else (chosen.engine,)
    with node(apart=chosen.apart) if "elasticsearch" in engines else ExitStack() as url:
        runs = [run for size in chosen.sizes for run in measured(size, engines, str(url), chosen)]
    report = Report(about(chosen, recorded), runs, _ratios_of(recorded))
    print(text(report))
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "report.json").write_text(
        json.dumps(as_json(report), indent=1) + "\n", encoding="utf-8"
    )
    (chosen.out / "report.html").write_text(html(report), encoding="utf-8")
    print(f"{chosen.out / 'report.html'}")
    if chosen.record:
        RECORDED.write_text(json.dumps(kept(recorded, runs), indent=1) + "\n", encoding="utf-8")


@contextmanager
def node(*, apart: bool = False) -> Iterator[str]:
    """The address of an Elasticsearch: that of ELASTICSEARCH_URL, else a node of our own. `apart`:
    on a core of its own, which we and what we start leave to it from then on.
    """
    from tests.elasticsearch import Node

    given = os.environ.get("ELASTICSEARCH_URL", "").strip().rstrip("/")
    if given:
        yield given
        return
    own = Node(lasting=True)
    try:
        first, *others = sorted(os.sched_getaffinity(0))
        if apart and others:
            os.sched_setaffinity(0, {first})
        url = own.start()
        if apart and others:
            os.sched_setaffinity(0, {others[0]})
        yield url
    finally:
        own.stop()


def measured(
    size: int, engines: Sequence[str], url: str, chosen: argparse.Namespace
) -> Iterator[Run]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        home = Path(folder)
        print(f"{size} suppliers: import", file=sys.stderr, flush=True)
        imported = feed.stored(size, home)
        for engine in engines:
            address = "embedded" if engine == "embedded" else url
            prefix = f"bench-{os.getpid()}-{size}"
            print(f"{size} suppliers: {engine}", file=sys.stderr, flush=True)
            rates = feed.indexed(size, home, engine=address, index_prefix=prefix)
            job = Job(
                home,
                home / feed.FILE,
                address,
                prefix,
                size,
                chosen.requests,
                chosen.passes,
                chosen.load,
            )
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                run = pool.submit(measure, job).result()
            yield replace(run, feed={"import": imported, **rates})


def about(chosen: argparse.Namespace, recorded: dict[str, object]) -> dict[str, str]:
    return {
        "version": version("inclusive-discovery"),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "load average at the end": f"{os.getloadavg()[0]:.1f}",
        "requests": f"{chosen.requests} drawn, {chosen.passes} warm passes",
        "cores": "Elasticsearch on one, the rest on another" if chosen.apart else "shared by all",
        "compared with": str(recorded.get("version", "nothing recorded")),
    }


def kept(recorded: dict[str, object], runs: Sequence[Run]) -> dict[str, object]:
    """What `--record` writes: the ratios of these runs, those of others as they were."""
    rounded = {
        run.name: {
            kind: {name: round(value, 3) for name, value in values.items()}
            for kind, values in ratios(run).items()
        }
        for run in runs
    }
    return {
        "version": version("inclusive-discovery"),
        "ratios": {**_ratios_of(recorded), **rounded},
    }


def _ratios_of(recorded: dict[str, object]) -> Recorded:
    found: Recorded = recorded.get("ratios", {})  # type: ignore[assignment]
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
