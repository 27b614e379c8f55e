"""`scripts/bench siege [--short] [--searches N]`: a service behind real proxies, besieged, and what
it must keep to.

Two workers and the process of long answers, in a memory group of 1 GiB and with 64 MB for temporary
files where this machine's rights allow it (else their memory and files are watched, and it says
so). Attackers are processes of their own, from addresses of their own; a quiet visitor searches,
asks for health and takes files all the while. PASS or FAIL for each promise, exit code 1 when one
is broken. Times are ratios to the quiet ones of the same run.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.reliability.proxies import proxy
from tests.reliability.slow import dawdling
from tests.served import Served
from tests.spreadsheets import with_cells
from tools.bench.feed import fill, timed
from tools.bench.load import percentile
from tools.bench.spent import family, memory_mb
from tools.bench.unseen import ask, searches

GROUP_BYTES, TEMPORARY_BYTES = 1 << 30, 64_000_000
WARM = 1_000
"""Distinct searches after which a worker grows no more."""
FLAT_MB = 3.0
"""What the last sixth of them may add to a worker, by the noise of the system's pages."""
BODY = 5_900_000
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
LARGEST = "/open-data/suppliers.geojson"
EXPORT = "/api/v1/export.csv?q=nettoyage"
SEARCHES = (
    "/api/v1/search?q=nettoyage",
    "/api/v1/search?q=menuiserie+Lyon",
    "/?q=traiteur",
    "/api/v1/search?kind=EI",
)
VISITOR = "127.0.9.9"
NICEST = 19
CGROUPS = Path("/sys/fs/cgroup")

Attack = Callable[[int, int, float], None]
"""(port, how many, seconds)."""


@dataclass(frozen=True, slots=True)
class Size:
    """How hard, and what must hold. Memory in MB, times in ms. No `searches` in CI:
    `test_memory.py` asks as many.
    """

    suppliers: int
    posts: int
    unfinished: int
    searches: int
    seconds: float
    max_times: float
    max_health: float
    max_kept: float = 150.0
    max_a_worker: float = 30.0


SHORT = Size(500, 20, 40, 0, 3.0, 8.0, 500.0)
WHOLE = Size(10_000, 200, 60, 30_000, 20.0, 3.0, 50.0)


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/bench siege", description=__doc__.split("\n", 1)[0]
    )
    parser.add_argument(
        "--short", action="store_true", help="less of all, generous with times: for CI"
    )
    parser.add_argument(
        "--searches", type=int, help="distinct ones at the end (30,000 take six minutes, quiet)"
    )
    chosen = parser.parse_args(words)
    size = SHORT if chosen.short else WHOLE
    return (
        0
        if besieged(size if chosen.searches is None else replace(size, searches=chosen.searches))
        else 1
    )


def besieged(size: Size) -> bool:
    """Whether all promises held."""
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home = root / "home"
        home.mkdir()
        fill(home, size.suppliers)
        timed(str(Path(sys.executable).with_name("discovery")), "dump", home=home)
        temporary = stack.enter_context(bounded_folder(root / "tmp"))
        group = stack.enter_context(memory_group())
        settings = {
            "trusted_proxies": "127.0.0.1",
            "rate_limit_exempt": "192.0.2.0/24",
            "metrics_token": "secret",
        }
        service = Served(home, temporary / "log", group=group, **settings)  # type: ignore[arg-type]
        stack.callback(service.stop)
        nginx, caddy = (
            stack.enter_context(proxy(name, made(root / name), service.port))
            for name in ("nginx", "caddy")
        )
        return Siege(size, service, nginx, caddy, temporary, home).judged()


class Siege:
    """One run. `nginx`, `caddy`: their ports."""

    def __init__(
        self, size: Size, service: Served, nginx: int, caddy: int, temporary: Path, home: Path
    ) -> None:
        self.size, self.service, self.temporary = size, service, temporary
        self.nginx, self.caddy = nginx, caddy
        self.largest = (home / LARGEST.removeprefix("/")).stat().st_size
        self.promises: list[tuple[bool, str]] = []

    def judged(self) -> bool:
        start = self.memory()
        for path in (*SEARCHES, EXPORT, LARGEST):  # warm
            for _ in range(3):
                fetch(self.nginx, path, VISITOR)
        quiet = self.visited("quiet", lambda: time.sleep(self.size.seconds))
        workers = set(family(self.service.process.pid))
        before = self.memory()
        size = self.size
        self.under(
            "bodies",
            quiet,
            (attack_by_bodies, self.nginx, size.posts),
            (attack_unfinished, self.nginx, size.unfinished),
        )
        self.under(
            "bodies, past the proxy", quiet, (attack_by_bodies, self.service.port, size.posts // 4)
        )
        self.under("slow readers of the largest file", quiet, (attack_by_reading, self.nginx, 36))
        self.under(
            "dripping heads",
            quiet,
            *((attack_by_dripping, port, 64) for port in (self.nginx, self.caddy)),
        )
        self.under("costly sheets", quiet, (attack_by_sheets, self.nginx, 12))
        time.sleep(2)
        after = self.memory()
        self.promise(
            after - before < size.max_kept,
            f"memory {after - before:+.0f} MB after it all, within {size.max_kept:.0f}: all processes {start:.0f} "
            f"MB at their start, {before:.0f} before, {after:.0f} after",
        )
        if size.searches:
            self.searched()
        self.promise(
            set(family(self.service.process.pid)) >= workers, "no process of the service was killed"
        )
        log = self.service.log.read_text(encoding="utf-8", errors="replace")
        for fault in ("internal error", "no space", "No space left", "Traceback"):
            self.promise(fault not in log, f"the log says nowhere {fault!r}")
        return all(held for held, _ in self.promises)

    def promise(self, held: bool, what: str) -> None:
        self.promises.append((held, what))
        print(f"{'PASS' if held else 'FAIL':7} {what}", flush=True)

    def memory(self, kind: str = "Pss") -> float:
        """MB of all processes of the service, of a `kind` as `memory_mb` has it."""
        return sum(memory_mb(pid, kind) for pid in family(self.service.process.pid))

    def visited(self, name: str, meanwhile: Callable[[], object]) -> Met:
        """What a quiet visitor meets until `meanwhile` returns."""
        met, stop = Met(), threading.Event()
        visitors = [threading.Thread(target=visit, args=(self.nginx, self.largest, met, stop)),
                    threading.Thread(target=self.watch, args=(met, stop))]  # fmt: skip
        for visitor in visitors:
            visitor.start()
        try:
            meanwhile()
        finally:
            stop.set()
            for visitor in visitors:
                visitor.join()
        print(f"        {name}: {met}", flush=True)
        return met

    def watch(self, met: Met, stop: threading.Event) -> None:
        while not stop.wait(0.2):
            met.memory = max(met.memory, self.memory())
            met.temporary = max(met.temporary, bytes_in(self.temporary))

    def under(self, name: str, quiet: Met, *attacks: tuple[Attack, int, int]) -> None:
        """What the visitor meets under these attacks, each (how, at which port, how many)."""
        context = multiprocessing.get_context("spawn")

        def attacked() -> None:
            seconds = self.size.seconds
            attackers = [
                context.Process(target=elsewhere, args=(*attack, seconds)) for attack in attacks
            ]
            for attacker in attackers:
                attacker.start()
            for attacker in attackers:
                attacker.join()

        met, size = self.visited(name, attacked), self.size
        times = met.search / max(quiet.search, 0.1)
        self.promise(
            times < size.max_times,
            f"{name}: searches p95 {met.search:.0f} ms, × {times:.1f} of {quiet.search:.0f} quiet, "
            f"below {size.max_times:.0f}",
        )
        self.promise(
            met.health < size.max_health,
            f"{name}: health p95 {met.health:.0f} ms, {quiet.health:.0f} quiet, below {size.max_health:.0f}",
        )
        self.promise(not met.faults, f"{name}: nobody refused, no file cut {met.faults or ''}")
        self.promise(
            met.memory < GROUP_BYTES / 1e6, f"{name}: {met.memory:.0f} MB at most, within 1 GiB"
        )
        self.promise(
            met.temporary < TEMPORARY_BYTES,
            f"{name}: {met.temporary / 1e6:.1f} MB in temporary files",
        )

    def searched(self) -> None:
        """Distinct searches, pages and JSON by turns, past the limits of one address, on one
        connection, which one worker keeps: memory after the first thousand holds to the end, and
        the last sixth adds nothing. Those thousand are told, not judged: what they add is mostly
        pages shared with the parent, each copied when a reference is counted in it. Pages of the
        index, of which such searches read ever more, are the system's, and told apart.
        """
        made = searches(7)
        start = self.memory("Pss_Anon")
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)
        ask(
            connection, made, WARM
        )  # on another connection the other worker might be asked, which is not warm
        before, whole = self.memory("Pss_Anon"), self.memory()
        last = self.size.searches // 6
        ask(connection, made, self.size.searches - last)
        late = self.memory("Pss_Anon")
        ask(connection, made, last)
        end = self.memory("Pss_Anon")
        connection.close()
        count, most = f"{self.size.searches:,} distinct searches", self.size.max_a_worker
        grown, added = end - before, end - late
        print(
            f"        the first {WARM:,} of them {before - start:+.1f} MB, in all {end - start:+.1f}",
            flush=True,
        )
        print(f"        with the pages of the index {self.memory() - whole:+.1f} MB", flush=True)
        self.promise(grown < most, f"{count}: {grown:+.1f} MB a worker, within {most:.0f}")
        self.promise(
            added < FLAT_MB,
            f"the last {last:,} of them: {added:+.1f} MB a worker, within {FLAT_MB:.0f}",
        )


@dataclass(slots=True)
class Met:
    """What a quiet visitor met: milliseconds, and what was not answered whole; the service's MB and
    bytes meanwhile.
    """

    searches: list[float] = field(default_factory=list)
    healths: list[float] = field(default_factory=list)
    files: int = 0
    faults: list[str] = field(default_factory=list)
    memory: float = 0.0
    temporary: int = 0

    @property
    def search(self) -> float:
        return percentile(self.searches, 0.95)

    @property
    def health(self) -> float:
        return percentile(self.healths, 0.95)

    def __str__(self) -> str:
        return (
            f"{len(self.searches)} searches p95 {self.search:.0f} ms, health p95 {self.health:.0f} ms, "
            f"{self.files} files, {len(self.faults)} faults, {self.memory:.0f} MB, temporary {self.temporary / 1e6:.1f}"
        )


def visit(port: int, largest: int, met: Met, stop: threading.Event) -> None:
    """Search and ask for health some times a second; take a file now and then, and look whether it
    is whole.
    """
    number = 0
    while not stop.wait(0.15):
        for times, path in (
            (met.searches, SEARCHES[number % len(SEARCHES)]),
            (met.healths, "/healthz"),
        ):
            began = time.perf_counter()
            status, _ = fetch(port, path, VISITOR)
            times.append((time.perf_counter() - began) * 1e3)
            if status != 200:
                met.faults.append(f"{path} {status}")
        if number % 25 == 5:
            status, length = fetch(port, LARGEST, VISITOR)
            met.files += 1
            if (status, length) != (200, largest):
                met.faults.append(f"{LARGEST} {status} {length}")
        number += 1


def fetch(port: int, path: str, source: str = "127.0.0.1") -> tuple[int, int]:
    """(status, bytes of the body); 0 when the answer was cut."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=60, source_address=(source, 0)
    )
    try:
        connection.request("GET", path, headers={"Host": "search.example"})
        answer = connection.getresponse()
        return answer.status, len(answer.read())
    except (OSError, http.client.HTTPException):
        return 0, 0
    finally:
        connection.close()


def elsewhere(attack: Attack, port: int, many: int, seconds: float) -> None:
    """Attack as from another machine: on ours attackers have the processor last."""
    os.nice(NICEST)
    attack(port, many, seconds)


def attack_by_bodies(port: int, many: int, seconds: float) -> None:
    """So many programmes of 5.9 MB, from ten addresses, most of which are refused."""

    def post(number: int) -> None:
        for _ in range(many // 10):
            send(port, f"127.0.2.{number}", BODY, BODY)

    at_once(post, 10)


def attack_unfinished(port: int, many: int, seconds: float) -> None:
    """Bodies of 5.9 MB that stop before their last byte."""
    with ExitStack() as stack:
        for number in range(many):
            with contextlib.suppress(OSError):
                stack.enter_context(sent(port, f"127.0.3.{number % 20}", BODY, BODY - 1))
        time.sleep(seconds / 2)


def attack_by_reading(port: int, many: int, seconds: float) -> None:
    """Readers of the largest file that take some bytes a second."""
    with ExitStack() as stack:
        readers = []
        for number in range(many):
            reader = socket.socket()
            stack.callback(reader.close)
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            reader.settimeout(30)
            reader.bind((f"127.0.4.{number % 12}", 0))
            reader.connect(("127.0.0.1", port))
            reader.sendall(f"GET {LARGEST} HTTP/1.1\r\nHost: search.example\r\n\r\n".encode())
            readers.append(reader)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for reader in readers:
                with contextlib.suppress(OSError):
                    reader.recv(10)
            time.sleep(0.2)


def attack_by_dripping(port: int, many: int, seconds: float) -> None:
    """Sockets that send a byte of their head now and then."""
    with dawdling(port, "header", many):
        time.sleep(seconds)


def attack_by_sheets(port: int, many: int, seconds: float) -> None:
    """Small spreadsheets that take much to read, from four addresses."""
    content = with_cells(FAR)

    def post(number: int) -> None:
        for _ in range(many // 4):
            send(port, f"127.0.5.{number}", len(content), len(content), content)

    at_once(post, 4)


def at_once(what: Callable[[int], None], many: int) -> None:
    threads = [threading.Thread(target=what, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def sent(port: int, source: str, announced: int, given: int, content: bytes = b"") -> socket.socket:
    """A connection on which a programme was begun. Raises OSError when it was cut meanwhile."""
    connection = socket.create_connection(("127.0.0.1", port), 30, (source, 0))
    try:
        connection.sendall(
            b"POST /api/v1/programme HTTP/1.1\r\nHost: search.example\r\nConnection: close\r\n"
            b"Content-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n" % announced
        )
        connection.sendall((content or b"nettoyage;Lyon\n" * (given // 15 + 1))[:given])
    except OSError:
        connection.close()
        raise
    return connection


def send(port: int, source: str, announced: int, given: int, content: bytes = b"") -> None:
    """Send a programme and take what is answered."""
    with contextlib.suppress(OSError), sent(port, source, announced, given, content) as connection:
        while connection.recv(65_536):
            pass


@contextmanager
def bounded_folder(folder: Path) -> Iterator[Path]:
    """A file system of 64 MB where we may mount one; else a folder that is watched."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={TEMPORARY_BYTES}", "tmpfs", folder],
                             stderr=subprocess.DEVNULL, check=False).returncode == 0  # fmt: skip
    print(
        "temporary files: "
        + ("a file system of 64 MB" if mounted else "watched alone: nothing can be mounted here")
    )
    try:
        yield folder
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def memory_group() -> Iterator[Path | None]:
    """A control group of 1 GiB where we may make one; else None, and memory is watched."""
    for root, name in ((CGROUPS, "memory.max"), (CGROUPS / "memory", "memory.limit_in_bytes")):
        group = root / f"siege-{os.getpid()}"
        with ExitStack() as stack:
            try:
                group.mkdir()
                stack.callback(group.rmdir)
                limit = (group / name).open("r+")  # there already, where it is a control group
            except OSError:
                continue
            with limit:
                limit.write(str(GROUP_BYTES))
            print(f"memory: a control group of 1 GiB ({name})")
            yield group
            return
    print("memory: watched alone, as no control group can be made here")
    yield None


def bytes_in(folder: Path) -> int:
    """Bytes that a folder's file system or files take, those without a name included where it is a
    mount of its own.
    """
    if os.path.ismount(folder):
        told = os.statvfs(folder)
        return (told.f_blocks - told.f_bfree) * told.f_frsize
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
