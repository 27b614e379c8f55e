"""`scripts/bench import [SIZE…]`: invented suppliers into SQLite and PostgreSQL, then the same file
once more.

The command itself, in a process of its own, on servers of our own. Rows a second are this
machine's; what travels is the last column: the CPU seconds of a row, the database's own included,
and the memory, against those of the first size.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.servers import PostgreSQL
from tools.bench.spent import Spent, cpu_seconds, spent

SIZES = (20_000, 100_000)
BINARIES = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Figure:
    """One import of `size` rows; `server` are CPU seconds spent beside the command's own."""

    store: str
    what: str
    size: int
    spent: Spent
    server: float

    @property
    def cpu_per_row(self) -> float:
        return (self.spent.cpu + self.server) / self.size

    def line(self, first: Figure) -> str:
        return (
            f"  {self.store:10} {self.what:9} {self.size:9,} {self.size / self.spent.seconds:7.0f} rows/s"
            f"  cpu {self.cpu_per_row * 1e6:5.0f} µs/row  peak {self.spent.memory:4.0f} MB"
            f"  against {first.size:,}: cpu × {self.cpu_per_row / first.cpu_per_row:.2f},"
            f" memory × {self.spent.memory / first.spent.memory:.2f}"
        )


def main(sizes: list[int]) -> None:
    server = PostgreSQL()
    first: dict[tuple[str, str], Figure] = {}
    try:
        server.start()
        assert server.process is not None
        pid = server.process.pid
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                home = Path(folder)
                file = generated(size, home)
                for figure in [
                    *measured("SQLite", f"sqlite:///{home}/store.db", size, file, lambda: 0.0),
                    *measured(
                        "PostgreSQL",
                        database(server.url, size),
                        size,
                        file,
                        lambda: cpu_seconds(pid),
                    ),
                ]:
                    print(
                        figure.line(first.setdefault((figure.store, figure.what), figure)),
                        flush=True,
                    )
    finally:
        server.remove()


def measured(
    store: str, url: str, size: int, file: Path, server: Callable[[], float]
) -> list[Figure]:
    """The first import, which creates every row, and a second, which changes none."""
    environment = {"DISCOVERY_HOME": str(file.parent), "DISCOVERY_DATABASE_URL": url}
    indexer = str(BINARIES / "indexer")
    spent([indexer, "migrate"], environment)
    figures = []
    for what in ("created", "unchanged"):
        before = server()
        took = spent([indexer, "import", "--quiet", str(file)], environment)
        figures.append(Figure(store, what, size, took, server() - before))
    return figures


def generated(size: int, home: Path) -> Path:
    file = home / "suppliers.jsonl"
    with file.open("wb") as out:
        subprocess.run([BINARIES / "indexer", "generate", str(size)], stdout=out, check=True)
    return file


def database(server: str, size: int) -> str:
    """An empty one on the server."""
    admin = create_engine(
        f"{server}/postgres".replace("postgresql:", "postgresql+psycopg:"),
        isolation_level="AUTOCOMMIT",
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE import_{size}"))
    admin.dispose()
    return f"{server}/import_{size}"


if __name__ == "__main__":
    main([int(size.replace("_", "")) for size in sys.argv[1:]] or list(SIZES))
