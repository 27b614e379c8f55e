"""What maps are drawn on: France and the land around it, waters, departments; outlines of communes,
tile by tile.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from zipfile import ZipFile

from discovery.places.table import read_bytes

BASE = "map_base.json.gz"
"""`land` around France, `country`, `lakes`: rings; `rivers`, `borders` of departments: lines. Each
is a list of whole numbers in 1/`PER_DEGREE` degrees: longitude and latitude of the first point,
then the steps to the next ones.
"""
TILES = "communes.zip"
"""`X_Y.json`, X and Y = degrees east and north of its corner / `TILE`: lines as above, `communes`
and `edges` (of departments, of the country).
"""
PER_DEGREE = 1000
TILE = 0.5
"""Degrees."""


@cache
def base() -> Mapping[str, Sequence[Sequence[int]]]:
    """The lines that the map is drawn of, by name, as `BASE` holds them."""
    found: dict[str, list[list[int]]] = json.loads(read_bytes(BASE))
    return found


@cache
def tiles() -> Mapping[tuple[int, int], bytes]:
    """Each tile's JSON, as it lies in `TILES`."""
    with ZipFile(BytesIO(read_bytes(TILES))) as archive:
        return {tile_of(name): archive.read(name) for name in archive.namelist()}


def tile_of(name: str) -> tuple[int, int]:
    """The tile (x, y) of a file name: "8_91.json" → (8, 91). Raises ValueError for another name."""
    x, y = name.removesuffix(".json").split("_")
    return int(x), int(y)
