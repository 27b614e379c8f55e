"""The tables as they lie in the package, read into columns; a commune is made when somebody asks
for it.
"""

import gzip
from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import accumulate
from math import isnan
from sys import intern
from typing import Any

import numpy as np

from discovery.errors import DiscoveryError
from discovery.model import dataclass
from discovery.places.geo import Floats
from discovery.places.model import Commune

MOST_MADE = 1_024
"""Communes that are kept: whoever asks for each of France's would have a worker hold them all."""


class DataError(DiscoveryError):
    """A table of the package is not what this version expects: the installation is broken."""


def data_file(name: str) -> Traversable:
    return files("discovery.places") / "data" / name


def read_bytes(name: str) -> bytes:
    """A data file, unzipped when its name ends in .gz."""
    try:
        raw = data_file(name).read_bytes()
        return gzip.decompress(raw) if name.endswith(".gz") else raw
    except (OSError, EOFError) as error:
        raise DataError(
            f"The gazetteer's file data/{name} cannot be read ({error}): install the package again."
        ) from error


def read_rows(name: str, columns: tuple[str, ...]) -> list[list[str]]:
    """Rows of a small tab-separated file with a header; lines that start with # are comments."""
    lines = [
        line for line in read_bytes(name).decode().splitlines() if line and not line.startswith("#")
    ]
    rows = [line.split("\t") for line in lines]
    if not rows or tuple(rows[0]) != columns or any(len(row) != len(columns) for row in rows):
        raise DataError(f"data/{name}: expected the columns {', '.join(columns)}.")
    return rows[1:]


class Packed:
    """Strings without line feeds in one piece of memory: it holds no object whose references are
    counted, so that a forked worker that reads it copies none of its pages.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        rows = [f"{text}\n".encode() for text in texts]
        self._bytes = b"".join(rows)
        self._starts = array("I", accumulate(map(len, rows), initial=0))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, row: int) -> str:
        return self._bytes[self._starts[row] : self._starts[row + 1] - 1].decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self.part(0, len(self)))

    def part(self, first: int, last: int) -> list[str]:
        """The strings of some rows, which is quicker than one after the other."""
        return self._bytes[self._starts[first] : self._starts[last]].decode().split("\n")[:-1]


@dataclass(frozen=True)
class CommuneTable:
    """Columns of one length, in the order of codes. Empty strings stand for what is not known, NaN
    for degrees.
    """

    code: list[str]
    name: Packed
    parent: list[str]
    department: list[str]
    region: list[str]
    population: "array[int]"
    lat: Floats
    lon: Floats
    post_codes: Packed
    other_names: Packed
    former_codes: Packed
    former_names: Packed
    crowding: Floats
    """The natural logarithm of inhabitants per km² within six kilometres of the point; at least 0.
    """
    shore: list[str]
    """The island, where no road leads to the land around; empty on the mainland."""

    def __len__(self) -> int:
        return len(self.code)

    @cached_property
    def row_of(self) -> dict[str, int]:
        return {code: row for row, code in enumerate(self.code)}

    @cached_property
    def row_of_former(self) -> dict[str, int]:
        """Row of today's commune for each former code."""
        return {
            old: row
            for row, codes in enumerate(self.former_codes)
            if codes
            for old in codes.split(" ")
        }

    @cached_property
    def commune(self) -> Callable[[int], Commune]:
        """`read`, kept: the same places are asked for again and again."""
        return lru_cache(MOST_MADE)(self.read)

    def read(self, row: int) -> Commune:
        """The commune of a row, not kept: for who reads all of them once."""
        lat, lon = float(self.lat[row]), float(self.lon[row])
        located = not isnan(lat)
        return Commune(
            code=self.code[row],
            name=self.name[row],
            department=self.department[row],
            region=self.region[row],
            population=self.population[row],
            lat=lat if located else None,
            lon=lon if located else None,
            post_codes=tuple(self.post_codes[row].split()),
            parent=self.parent[row] or None,
            former_codes=tuple(self.former_codes[row].split()),
        )


COLUMNS = tuple(CommuneTable.__dataclass_fields__)
"""As the file's header has them."""


def read_communes() -> CommuneTable:
    """The table of communes. The cells are split in one pass: row by row takes four times as long."""
    text = read_bytes("communes.tsv.gz").decode()
    width = len(COLUMNS)
    cells = text.replace("\n", "\t").split("\t")
    if tuple(cells[:width]) != COLUMNS or len(cells) % width != 1 or cells[-1] != "":
        raise DataError(f"data/communes.tsv.gz: expected the columns {', '.join(COLUMNS)}.")
    columns: dict[str, Any] = {
        name: cells[width + column : -1 : width] for column, name in enumerate(COLUMNS)
    }
    population = array("I", (int(cell or 0) for cell in columns.pop("population")))
    floats = ("lat", "lon", "crowding")
    lat, lon, crowding = (
        np.array([float(cell or "nan") for cell in columns.pop(name)]) for name in floats
    )
    for name in (
        "department",
        "region",
        "shore",
    ):  # a few hundred codes, each of thousands of communes: kept once
        columns[name] = list(map(intern, columns[name]))
    for name in ("name", "post_codes", "other_names", "former_codes", "former_names"):
        columns[name] = Packed(columns[name])
    return CommuneTable(population=population, lat=lat, lon=lon, crowding=crowding, **columns)
