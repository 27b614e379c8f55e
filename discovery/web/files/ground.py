"""What the scripts draw maps on: a file for the whole country, and one for each tile of communes that one looks at."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from discovery.gazetteer import Gazetteer, gazetteer, land
from discovery.web.files.packing import File, file

BASE = "base.json"
TOWNS = 700
"""The most populous, which the whole country's file names."""
PREFIX, SUFFIX = "communes-", ".json"

Name = tuple[str, int, int, int]
"""A commune's name, longitude and latitude in 1/`land.PER_DEGREE` degrees, inhabitants."""


@cache
def base_file() -> File:
    """The file for the whole country: `land.base()`, with `towns`, most populous first, and the `tiles` that there
    are."""
    tiles = [f"{x}_{y}" for x, y in land.tiles()]
    return _json({**land.base(), "towns": _names(gazetteer())[:TOWNS], "tiles": tiles})


@lru_cache(maxsize=128)
def tile(name: str) -> File | None:
    """The file `communes-X_Y.json`: outlines of communes, and their names, most populous first; None when there is
    no such."""
    if not (name.startswith(PREFIX) and name.endswith(SUFFIX)):
        return None
    try:
        place = land.tile_of(name.removeprefix(PREFIX))
    except ValueError:
        return None
    if place not in land.tiles():
        return None
    return _json({**json.loads(land.tiles()[place]), "names": _names_by_tile(gazetteer()).get(place, ())})


def _names(known: Gazetteer) -> list[Name]:
    """Of communes that are no part of another, most populous first."""
    grid = land.PER_DEGREE
    held = [
        (one.name, round(lon * grid), round(lat * grid), one.population)
        for one in known.communes()
        if one.parent is None and one.point is not None
        for lat, lon in (one.point,)
    ]
    return sorted(held, key=lambda one: -one[3])


@cache
def _names_by_tile(known: Gazetteer) -> Mapping[tuple[int, int], list[Name]]:
    found: dict[tuple[int, int], list[Name]] = defaultdict(list)
    for one in _names(known):
        side = land.TILE * land.PER_DEGREE
        found[int(one[1] // side), int(one[2] // side)].append(one)
    return found


def _json(content: Mapping[str, Any]) -> File:
    return file(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "application/json")
