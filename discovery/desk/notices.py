"""Lots of open notices of public buyers, each read once when it was pulled, and the suppliers that
they are for.

They lie in a file of the home folder, which the indexer replaces whole; where none was pulled,
nobody is told of any.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from discovery.engine import predicate
from discovery.engine.port import Document, SearchRequest
from discovery.mappings.mappings import Mappings
from discovery.places import Gazetteer
from discovery.search.where import target

FILE = "notices.sqlite"
_TABLE = "CREATE TABLE lot (sector TEXT, deadline TEXT, published TEXT, id TEXT, told TEXT)"
_WANTED = """SELECT told FROM lot WHERE sector IN (SELECT value FROM json_each(?)) AND deadline >= ?
             ORDER BY published DESC, id"""
Lot = dict[str, Any]
"""`id`, `title`, its notice's `object`, `buyer`, `cpv`, `sector`, codes of `places`, `deadline`,
`published`, `url`.
"""


def write_lots(file: Path, lots: Iterable[Lot]) -> int:
    """Replace the file by one of these lots, whole; how many they are."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(part)) as made, made:
        made.execute(_TABLE)
        rows = (
            (*(lot[name] for name in ("sector", "deadline", "published", "id")), orjson.dumps(lot))
            for lot in lots
        )
        count = made.executemany("INSERT INTO lot VALUES (?, ?, ?, ?, ?)", rows).rowcount
        made.execute("CREATE INDEX lot_of_sector ON lot (sector, deadline)")
    part.replace(file)
    return max(count, 0)


def lots_for(
    home: Path, suppliers: Iterable[Document], mappings: Mappings, gazetteer: Gazetteer, today: date
) -> list[Lot]:
    """The open lots whose trade one of the suppliers surely does, at a place that it is seated in
    or serves; the newest first, each with the ids of those `suppliers`.
    """

    @cache
    def asked(place: str) -> SearchRequest | None:
        known = gazetteer.parse_place(place)
        return SearchRequest(targets=(target(known, gazetteer),)) if known else None

    doing = [(one, trades_of(one, mappings)) for one in suppliers]
    found = []
    for lot in _read(home / FILE, {sector for _, trades in doing for sector in trades}, today):
        requests = [request for place in lot["places"] if (request := asked(place))]
        ids = [
            one["id"]
            for one, trades in doing
            if lot["sector"] in trades and _reaches(one, lot, requests)
        ]
        found += [lot | {"suppliers": ids}] if ids else []
    return found


def trades_of(supplier: Document, mappings: Mappings) -> frozenset[str]:
    """The sectors that a supplier declares, or that are surely told of it; none of who lends
    people.
    """
    public = supplier["public"]
    kind = mappings.vocabulary.kinds.get(public["kind"])
    if kind and kind.lends:
        return frozenset()
    told = (
        one["sector"]
        for one in public.get("evidence", ())
        if one["strength"] >= mappings.notices.strength
    )
    return frozenset(
        {*told, *(one["sector"] for one in predicate.activities(supplier) if one.get("sector"))}
    )


def _reaches(supplier: Document, lot: Lot, requests: Iterable[SearchRequest]) -> bool:
    """Whether it is seated where the lot is done, or has an activity that serves there: of its
    trade, where it declares that.
    """
    held = predicate.activities(supplier)
    speaking = [one for one in held if one.get("sector") == lot["sector"]] or held
    return any(
        predicate.seated(supplier, request)
        or any(predicate.serves_by(one, request) for one in speaking)
        for request in requests
    )


def _read(file: Path, sectors: Iterable[str], today: date) -> Iterator[Lot]:
    if not file.exists():
        return
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as kept:
        for (told,) in kept.execute(
            _WANTED, (orjson.dumps(sorted(sectors)).decode(), today.isoformat())
        ):
            yield orjson.loads(told)
