"""`scripts/bench --against COMMIT [SIZE] [--titles FILE] [--turns N] [--kept]`: an answer's cost,
beside another's.

Each version is started by this, from a worktree and an environment of its own, with one worker and
an index of the same invented suppliers; they are asked the same by turns, so that both meet what
else the machine does. `--titles`: a CSV of real titles of notices (column `title`); without it
titles are skipped.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from tests.servers import free_port
from tools.bench import feed
from tools.bench.needs import LOTS, needs
from tools.bench.queries import mix, named_in
from tools.bench.spent import cpu_seconds

HERE = Path(__file__).parents[2]
EACH, LONGEST = 40, 300
"""Requests of a kind in a turn; characters of a title."""

Request = tuple[str, str]
"""(address, JSON that is posted; "" asks with GET)."""


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench --against", description=__doc__)
    parser.add_argument("commit")
    parser.add_argument("size", nargs="?", type=int, default=10_000)
    parser.add_argument("--titles", type=Path)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--kept", action="store_true", help="all on one connection, as proxies ask")
    chosen = parser.parse_args(words)
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-against-")))
        other = stack.enter_context(worktree(root / "code", chosen.commit))
        file = root / feed.FILE
        with file.open("wb") as out:
            subprocess.run([feed.indexer(), "generate", str(chosen.size)], stdout=out, check=True)
        ports = [
            stack.enter_context(serving(code, root / name, file))
            for name, code in (("a", other), ("b", HERE))
        ]
        kinds = dict(asked(file, chosen.titles, 1 + chosen.turns))
        spent = {
            kind: [[batch(port, turn, kept=chosen.kept) for port in ports] for turn in turns]
            for kind, turns in kinds.items()
        }
    for number, what in enumerate(("processor, ms an answer", "p50 of an answer, ms")):
        print(f"{what:27} {chosen.commit[:12]:>12}         here   ratio")
        for kind, turns in spent.items():
            columns = zip(*turns[1:], strict=True)  # the first warms
            then, now = (statistics.median(batch[number] for batch in column) for column in columns)
            print(f"{kind:27} {then:12.1f} {now:12.1f} {now / max(then, 0.01):7.2f}")


@contextmanager
def worktree(folder: Path, commit: str) -> Iterator[Path]:
    """The code of a commit, with an environment of its lock."""
    git = ["git", "-C", str(HERE), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(folder), commit], check=True)
    try:
        subprocess.run([folder / "scripts" / "environment", "requirements-dev.lock"], check=True)
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True)


@contextmanager
def serving(code: Path, home: Path, file: Path) -> Iterator[tuple[int, int]]:
    """(process, port) of a service of that code with the suppliers of a file."""
    home.mkdir()
    programs, port = code / ".venv" / "bin", free_port()
    for step in (("migrate",), ("import", "--quiet", "--no-index", str(file)), ("rebuild",)):
        feed.timed(str(programs / "indexer"), *step, home=home)
    command = [str(programs / "discovery"), "serve", "--port", str(port), "--workers", "1"]
    with (
        (home / "log").open("wb") as log,
        subprocess.Popen(
            command, env={**os.environ, "DISCOVERY_HOME": str(home)}, stdout=log, stderr=log
        ) as process,
    ):
        try:
            end = time.monotonic() + 60
            while not answers(port):
                if time.monotonic() > end or process.poll() is not None:
                    sys.exit(f"{command[0]} does not answer:\n{(home / 'log').read_text()}")
                time.sleep(0.1)
            yield process.pid, port
        finally:
            process.terminate()


def answers(port: int) -> bool:
    try:
        return ask(HTTPConnection("127.0.0.1", port, timeout=60), ("/healthz", "")) == 200
    except OSError:
        return False


def asked(file: Path, titles: Path | None, turns: int) -> Iterator[tuple[str, list[list[Request]]]]:
    """Of each kind, the requests of each turn, none of them twice where there are enough."""
    drawn = mix(60 * EACH * turns, named_in(file))
    searches = [one for one in drawn if one.kind == "place"]
    lots = needs()
    yield "page of a search", cut([(one.page, "") for one in searches], turns)
    yield "JSON of a search", cut([(one.address, "") for one in searches[EACH * turns :]], turns)
    yield "autocomplete", cut([(one.address, "") for one in drawn if one.kind == "suggest"], turns)
    yield "home page", cut([("/", "")] * EACH * turns, turns)
    notices = (
        [{"title": title, "place": place} for title, place in islice(lots, LOTS)]
        for _ in range(EACH * turns)
    )
    yield (
        "twenty lots",
        cut([("/api/v1/needs", json.dumps({"lots": notice})) for notice in notices], turns),
    )
    if titles is None:
        print("titles are skipped: name a file of them with --titles", file=sys.stderr)
        return
    with titles.open(encoding="utf-8", newline="") as rows:
        texts = dict.fromkeys(row["title"][:LONGEST] for row in csv.DictReader(rows))
    yield (
        "title of a notice",
        cut([(f"/api/v1/search?q={quote(text)}", "") for text in texts], turns),
    )


def cut(requests: Sequence[Request], turns: int) -> list[list[Request]]:
    return [list(requests[turn * EACH : (turn + 1) * EACH]) for turn in range(turns)]


def batch(
    service: tuple[int, int], requests: Sequence[Request], *, kept: bool
) -> tuple[float, float]:
    """Milliseconds of an answer: of processor, the mean; until it was there, the median."""
    process, port = service
    times, before = [], cpu_seconds(process)
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for request in requests:
            began = time.perf_counter()
            if (status := ask(connection, request)) != 200:
                sys.exit(f"{request[0]}: {status}")
            times.append(time.perf_counter() - began)
            if not kept:
                connection.close()  # opened again by the next request
    return (cpu_seconds(process) - before) / len(requests) * 1e3, statistics.median(times) * 1e3


def ask(connection: HTTPConnection, request: Request) -> int:
    path, body = request
    headers: Mapping[str, str] = (
        {"Content-Type": "application/json"} if body else {"Accept-Encoding": "gzip"}
    )
    connection.request("POST" if body else "GET", path, body or None, dict(headers))
    answer = connection.getresponse()
    answer.read()
    return answer.status


if __name__ == "__main__":
    main(sys.argv[1:])
