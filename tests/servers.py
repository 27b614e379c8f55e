"""PostgreSQL and Redis, started by the tests on free ports, in folders of their own. Fixtures for
any test.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import create_engine, text

DEBIAN = sorted(
    Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True
)

INITDB = ("-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")


def _binaries() -> Path | None:
    """The newest folder that holds both `initdb` and `postgres`."""
    found = shutil.which("initdb")
    folders = [*DEBIAN, *([Path(found).resolve().parent] if found else [])]
    return next(
        (each for each in folders if (each / "initdb").exists() and (each / "postgres").exists()),
        None,
    )


def _absent(reason: str) -> None:
    """Skip where a developer lacks the server; fail in CI, where a skip would hide that nothing was
    tested.
    """
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (CI=true, so this is an error)", pytrace=False)
    pytest.skip(reason)


def _as_other_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: the words that run a command as another user, who then
    owns the folder.
    """
    if os.geteuid() != 0:
        return []
    user = next((name for name in ("postgres", "nobody") if _exists(name)), None)
    setpriv = shutil.which("setpriv")
    if user is None or setpriv is None:
        _absent(
            "PostgreSQL does not run as root, and there is no setpriv or no other user to run it as"
        )
    shutil.chown(folder, str(user))
    return [str(setpriv), f"--reuid={user}", "--clear-groups", "--"]


def _exists(user: str) -> bool:
    import pwd

    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def leave_nothing(
    process: subprocess.Popen[Any] | None = None, folder: Path | None = None
) -> subprocess.Popen[bytes]:
    """Once this process is gone, however it went, kill `process` with its group, and remove
    `folder` if it is there.

    A shell, which is returned, waits for the end of a pipe that only this process, and what it
    forks, holds open. It kills nobody whose number was given again: then another time of start
    stands there.
    """
    script = """began() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }
    [ -z "$1" ] || was=$(began "$1")
    read -r _
    if [ -n "$1" ]; then case "$(began "$1")" in "" | "$was") kill -9 "-$1" "$1" ;; esac; fi
    [ ! -d "$2" ] || rm -rf "$2" || { sleep 1; rm -rf "$2"; }"""
    return subprocess.Popen(
        ["sh", "-c", script, "sh", str(process.pid) if process else "", str(folder or "")],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class PostgreSQL:
    """A PostgreSQL of our own, which a test may stop and start again on the same port, keeping what
    it held.
    """

    SETTINGS: ClassVar = {
        "listen_addresses": "127.0.0.1", "fsync": "off", "max_connections": 40, "statement_timeout": "300s"
    }  # fmt: skip

    def __init__(self) -> None:
        self.folder = Path(
            tempfile.mkdtemp(prefix="discovery-pg-")
        )  # not tmp_path: a socket's path must be short
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, without a database name."""
        return f"postgresql://tests@127.0.0.1:{self.port}"

    def start(self) -> str:
        """Its address, once it takes connections. Skips, or fails in CI, where there is none."""
        binaries = _binaries()
        if binaries is None:
            _absent("PostgreSQL is not installed here (Debian: apt-get install postgresql)")
            raise AssertionError("unreachable")
        run_as, data = _as_other_user(self.folder), self.folder / "data"
        if not data.exists():
            subprocess.run(
                [*run_as, str(binaries / "initdb"), "-D", str(data), *INITDB],
                check=True,
                capture_output=True,
                cwd=self.folder,
            )
        settings = self.SETTINGS | {
            "port": self.port,
            "unix_socket_directories": self.folder,
            "shared_buffers": "64MB",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        log = self.folder / "log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [*run_as, str(binaries / "postgres"), "-D", str(data), *options],
                stdout=out,
                stderr=out,
                cwd=self.folder,
                start_new_session=True,
            )
        leave_nothing(self.process, self.folder)
        _wait_ready(binaries, self.port, self.process, log)
        return self.url

    def stop(self) -> None:
        """A fast shutdown, as a restart does it: sessions are cut."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=30)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of our own; its address, without a database name."""
    server = PostgreSQL()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """One for the session."""
    with postgresql() as url:
        yield url


def _wait_ready(binaries: Path, port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        ready = subprocess.run(
            [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "1"],
            check=False,
        )
        if ready.returncode == 0:
            return
        try:
            server.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
    pytest.fail(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}", pytrace=False)


@contextmanager
def database(server: str, template: str = "template1") -> Iterator[str]:
    """An empty database of a server, or a copy of another that nobody is connected to; its address."""
    name = f"t{os.urandom(6).hex()}"
    admin = create_engine(
        f"{server}/postgres".replace("postgresql:", "postgresql+psycopg:"),
        isolation_level="AUTOCOMMIT",
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield f"{server}/{name}"
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """An empty database, the test's own."""
    with database(postgresql_server) as url:
        yield url


class Redis:
    """A Redis of our own, which a test may stop and start again on the same port, keeping what it
    held.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="discovery-redis-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> str:
        """Its address, once it answers. Skips, or fails in CI, where there is no Redis."""
        program = shutil.which("redis-server")
        if program is None:
            _absent("redis-server is not installed here (Debian: apt-get install redis-server)")
            raise AssertionError("unreachable")
        words = [
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(self.folder),
            "--appendonly",
            "yes",
        ]
        words += [
            "--appendfsync",
            "no",
        ]  # a write waits for no flush under way: what was answered outlives the process
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [program, *words], stdout=log, stderr=log, start_new_session=True
            )
        leave_nothing(self.process, self.folder)
        for _ in range(300):
            if self.process.poll() is not None:
                break
            if self._answers():
                return self.url
            time.sleep(0.05)
        pytest.fail(
            f"Redis did not start:\n{(self.folder / 'log').read_text(errors='replace')}",
            pytrace=False,
        )

    def kill(self) -> None:
        """As a machine that loses power would."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(timeout=30)

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """Address of a Redis for the session, without a database number."""
    server = Redis()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def redis_url(redis_server: str) -> Iterator[str]:
    """An empty database. Tests that use it stand in one xdist group, as `redis`."""
    from redis import Redis as Client

    url = f"{redis_server}/1"
    with Client.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()
