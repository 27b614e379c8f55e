"""A real Elasticsearch for tests: the one at `ELASTICSEARCH_URL`, else a node of our own
(`elasticsearch_node/`).

    from tests.elasticsearch import elasticsearch_url  # in a conftest.py

One node serves all the tests of a process, started by the first that asks; tests that use it stand
in the xdist group `elasticsearch`, so that they share a process. Without Java 21 and Maven they are
skipped; with `CI=true` they fail.
"""

import atexit
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import NoReturn

import pytest
from elasticsearch import Elasticsearch

from discovery.engine.definition import Definition
from discovery.engine.elasticsearch import (
    Connection,
    ElasticsearchEngine,
    ElasticsearchWriter,
    indices,
)
from discovery.engine.port import Action, Document, WriteStatus
from tests.servers import free_port, leave_nothing

HERE = Path(__file__).parent / "elasticsearch_node"
TARGET = HERE / "target"
JAVA_AT_LEAST = 21
GROUP = "elasticsearch"
START_SECONDS = 300.0
_FLAGS = (
    "-Xms512m",
    "-Xmx1g",
    "-XX:+UseSerialGC",  # small heap, few cores: less to set up than the default
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)


_SHORT_LIVED = "-XX:TieredStopAtLevel=1"
"""A test's node never runs long enough to pay for the optimising compiler."""

_LOADED = TARGET / "loaded.jsa"
"""What a node loads to start, kept as the JVM has it in memory: a start costs half of the
processor. Another JVM leaves it alone.
"""

_MEMORY = Path("/dev/shm")
"""Where a disk need not be waited for: making an index is many small, durable writes."""


class EngineAbsentError(RuntimeError):
    """No Elasticsearch can be had here; the message says what is missing."""


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """Address of a running Elasticsearch. Indices that a test makes are its own to name and to
    delete.
    """
    return require_url()


def engine_of(definition: Definition, documents: Iterable[Document]) -> ElasticsearchEngine:
    """An engine over a new index of just these documents."""
    return ElasticsearchEngine(_connection(), index_of(definition, documents))


def index_of(definition: Definition, documents: Iterable[Document]) -> str:
    """The name, and prefix, of a new index of just these documents, in one segment. It goes when
    the process ends.
    """
    connection = _connection()
    index = f"tests-{os.getpid()}-{next(_numbers)}"
    indices.create(connection, index, definition, aliases=[indices.alias(index)])
    outcomes = ElasticsearchWriter(connection, index, definition).bulk(
        Action(document["id"], 1, document) for document in documents
    )
    assert all(outcome.status is WriteStatus.INDEXED for outcome in outcomes), outcomes
    connection.client.indices.forcemerge(index=index, max_num_segments=1, flush=False)
    connection.client.indices.refresh(index=index)
    return index


_numbers = count()


@lru_cache(maxsize=1)
def _connection() -> Connection:
    connection = Connection([require_url()], seconds=30)
    atexit.register(_tidy, connection)
    return connection


def _tidy(connection: Connection) -> None:
    """An engine that was there before the tests is left as it was; our own goes as a whole."""
    if os.environ.get("ELASTICSEARCH_URL"):
        mine = [f"tests-{os.getpid()}-{number}" for number in range(next(_numbers))]
        for index in mine:
            connection.client.indices.delete(index=index, ignore_unavailable=True)
    connection.close()


def require_url() -> str:
    """The shared engine's address; without one the test is skipped, or fails in CI."""
    try:
        return shared_url()
    except EngineAbsentError as error:
        absent(error)


def absent(error: EngineAbsentError) -> NoReturn:
    """Skip, or fail in CI, where a skip would hide that nothing was tested."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{error} (CI=true, so this is an error)", pytrace=False)
    pytest.skip(str(error))


@lru_cache(maxsize=1)
def shared_url() -> str:
    """The process's one. Raises EngineAbsentError."""
    given = os.environ.get("ELASTICSEARCH_URL", "").strip()
    if given:
        return given.rstrip("/")
    node = Node()
    atexit.register(node.stop)
    return node.start()


class Node:
    """One node in a temporary folder, on ports that it chooses. `settings` are Elasticsearch's own,
    by name.

    `lasting`: compiled as a server that runs for days is, to be measured rather than tested
    against.
    """

    def __init__(self, *, lasting: bool = False, **settings: str) -> None:
        self.lasting = lasting
        self.settings = {name.replace("__", "."): value for name, value in settings.items()}
        self.home = Path(
            tempfile.mkdtemp(prefix="discovery-es-", dir=_MEMORY if _MEMORY.is_dir() else None)
        )
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Build if needed, start, wait until it answers; returns its address. Raises
        EngineAbsentError.
        """
        java = java_home() / "bin" / "java"
        build()
        ports = self.home / "logs" / "http.ports"
        ports.unlink(missing_ok=True)  # started again in the same home, it takes new ones
        words = {"path.home": str(self.home), **self.settings}
        log = self.home / "out.log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                _launcher(
                    java, f"-XX:SharedArchiveFile={_LOADED}", "-Xlog:disable", lasting=self.lasting
                )
                + [f"{name}={value}" for name, value in words.items()],
                stdin=subprocess.PIPE,  # its end is the node's end: no node outlives the tests
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        leave_nothing(self.process, self.home)
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            if ports.exists():
                return f"http://{ports.read_text(encoding='ascii').split()[0]}"
            time.sleep(0.1)
        self.process.kill()
        said = log.read_text(encoding="utf-8", errors="replace")
        pytest.fail(f"Elasticsearch did not start:\n{said[-6000:]}", pytrace=False)

    def kill(self) -> None:
        """At once, as a power cut; `start` starts it again on the same data."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(timeout=30)

    def pause(self) -> None:
        """It keeps its connections and answers nothing, until `resume`."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.kill()  # its folder goes with it: nothing is worth an orderly end
        shutil.rmtree(self.home, ignore_errors=True)


class Cluster:
    """Nodes that know each other by name, `node-0` being the first, each on ports of its own that
    it keeps.
    """

    def __init__(self, size: int = 3, *, lasting: bool = False) -> None:
        names = [f"node-{number}" for number in range(size)]
        transports = [free_port() for _ in names]
        shared = {
            "cluster__name": f"tests-{os.getpid()}",
            "discovery__type": "multi-node",
            "discovery__seed_hosts": ",".join(f"127.0.0.1:{port}" for port in transports),
            "cluster__initial_master_nodes": ",".join(names),
        }
        self.nodes = {
            name: Node(
                lasting=lasting,
                node__name=name,
                http__port=str(free_port()),
                transport__port=str(port),
                **shared,
            )
            for name, port in zip(names, transports, strict=True)
        }
        self.urls: list[str] = []

    def start(self) -> list[str]:
        """Addresses of all nodes, once they have found each other. Raises EngineAbsentError."""
        build()
        with ThreadPoolExecutor(len(self.nodes)) as pool:
            self.urls = list(pool.map(Node.start, self.nodes.values()))
        self.wait(nodes=len(self.nodes))
        return self.urls

    def wait(self, nodes: int, status: str = "yellow") -> None:
        with self._client() as client:
            health = client.cluster.health(
                wait_for_nodes=f">={nodes}", wait_for_status=status, timeout=f"{START_SECONDS:.0f}s"
            )
        assert not health["timed_out"], health

    def master(self, index: str = "") -> str:
        """Its name."""
        with self._client() as client:
            return str(client.cat.master(format="json")[0]["node"])  # type: ignore[index]

    def holder_of_primary(self, index: str) -> str:
        """The name of the node that takes the index's writes."""
        with self._client() as client:
            shards = client.cat.shards(index=index, h=["prirep", "node"], format="json")
        return next(str(shard["node"]) for shard in shards if shard["prirep"] == "p")  # type: ignore[index]

    def _client(self) -> Elasticsearch:
        return Elasticsearch(
            self.urls, request_timeout=START_SECONDS, max_retries=10, retry_on_timeout=True
        )

    def stop(self) -> None:
        for node in self.nodes.values():
            node.stop()


def _launcher(java: Path, *flags: str, lasting: bool = False) -> list[str]:
    """A node's command, its settings apart, with the flags that this Java knows."""
    known = [flag for flag in _FLAGS if not flag.startswith("--sun-misc") or _version(java) >= 24]
    path = os.pathsep.join([*map(str, TARGET.glob("*.jar")), str(TARGET / "lib" / "*")])
    known += [*([] if lasting else [_SHORT_LIVED]), *flags]
    return [str(java), *known, "-cp", path, "org.elasticsearch.node.Launcher"]


@lru_cache
def _version(java: Path) -> int:
    """A Java's major version; 0 when it can't be told."""
    told = subprocess.run(
        [str(java), "-version"], capture_output=True, text=True, check=False
    ).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


@lru_cache
def java_home() -> Path:
    """Any JDK that is new enough: the one on the path may be older than another beside it."""
    on_path = shutil.which("javac")
    homes = [Path(home) for home in (os.environ.get("JAVA_HOME", ""),) if home]
    homes += [Path(on_path).resolve().parents[1]] if on_path else []
    homes += sorted(folder for root in ("/usr/lib/jvm", "/opt") for folder in Path(root).glob("*"))
    for home in homes:
        if (home / "bin" / "javac").exists() and _version(home / "bin" / "java") >= JAVA_AT_LEAST:
            return home
    raise EngineAbsentError(
        f"no JDK of version {JAVA_AT_LEAST} or later for a test Elasticsearch: set JAVA_HOME to one, or "
        "ELASTICSEARCH_URL to a running engine"
    )


def build() -> None:
    """Compile the launcher and fetch its jars, once for each state of the sources; safe among
    processes.
    """
    sources = sorted([HERE / "pom.xml", *(HERE / "src").rglob("*.java")])
    key = hashlib.sha256(b"\0".join(file.read_bytes() for file in sources)).hexdigest()
    stamp = TARGET / "built"
    TARGET.mkdir(exist_ok=True)
    with (TARGET / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text(encoding="ascii") == key:
            return
        _maven()
        with (
            tempfile.TemporaryDirectory() as home
        ):  # without standard input it ends when it has started
            words = _launcher(java_home() / "bin" / "java", f"-XX:ArchiveClassesAtExit={_LOADED}")
            subprocess.run(
                [*words, f"path.home={home}"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        stamp.write_text(key, encoding="ascii")


def _maven() -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise EngineAbsentError(
            "Maven is not installed, and a test Elasticsearch is built with it (Debian: apt-get install maven); or set "
            "ELASTICSEARCH_URL to a running engine"
        )
    done = subprocess.run(
        [
            maven,
            "--batch-mode",
            "--quiet",
            "package",
            "dependency:copy-dependencies",
            "-DoutputDirectory=target/lib",
        ],
        cwd=HERE,
        env=os.environ | {"JAVA_HOME": str(java_home())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(
            f"the test Elasticsearch can't be built:\n{(done.stdout + done.stderr)[-6000:]}",
            pytrace=False,
        )
