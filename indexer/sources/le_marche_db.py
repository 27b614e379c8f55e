"""`le-marche-db`: whole records of the marketplace's suppliers, zones included, from its database,
which it only reads.

Tables as the marketplace's public code makes them: siaes_siae, siaes_siaeactivity and its places,
offers, references, labels, networks. Columns with names of persons, e-mails and telephones are not
asked for: the role needs no right to them.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from discovery.mappings import yamlfile
from indexer.sources.connector import Keyed, Page, Record, told
from indexer.sources.fetch import Fetcher, SourceError
from indexer.sources.le_marche import common, sector
from indexer.store.engine import open_store, reading

NAME = "le-marche-db"
PAGE_SIZE = 1000
TIMEOUT_MS = 120_000
NEEDED = ("id", "name", "siret", "kind", "post_code", "city")
OVERSEAS = ("975", "977", "978", "984", "986", "987", "988", "989")
"""What the marketplace calls region 97, "Collectivités d'outre-mer"."""
_MISSING = ("42P01", "42703")
"""SQLSTATE of a table, and of a column, that is not there."""

_ASKED = yamlfile.table(Path(__file__).with_suffix(".yaml"))
Children = Mapping[str, Mapping[int, Sequence[Mapping[str, Any]]]]
"""Kind of children → supplier's id → rows."""


def page(_fetcher: Fetcher, url: str, _part: str, number: int) -> Page:
    """A page of suppliers in the order of their ids, of one moment. Raises SourceError when the
    database is away, or is not as the contract says; it never tells the address, which holds a
    password.
    """
    engine = open_store(url)
    if engine.dialect.name != "postgresql":
        raise SourceError(
            f"{NAME}: the address is none of PostgreSQL; give postgresql://reader@host/name"
        )
    try:
        with reading(engine) as connection:
            return _page(connection, number)
    except DBAPIError as error:
        raise SourceError(f"{NAME}: {_said(error)}") from None
    finally:
        engine.dispose()


def _said(error: DBAPIError) -> str:
    found = getattr(error.orig, "sqlstate", None)
    if found in _MISSING:
        return f"{str(error.orig).splitlines()[0]}; the contract changed, nothing was imported"
    return (
        f"the database does not answer ({type(error.orig).__name__}). Pull again later: it goes on"
    )


def _page(connection: Connection, number: int) -> Page:
    connection.execute(text(f"SET statement_timeout = {TIMEOUT_MS}"))
    count = connection.execute(text(_ASKED["count"])).scalar_one()
    asked = {"size": PAGE_SIZE, "skipped": (number - 1) * PAGE_SIZE}
    suppliers = [dict(row._mapping) for row in connection.execute(text(_ASKED["suppliers"]), asked)]
    ids = [one["id"] for one in suppliers]
    children: dict[str, dict[int, list[Mapping[str, Any]]]] = {
        name: {} for name in _ASKED["children"]
    }
    for name, query in _ASKED["children"].items():
        for row in connection.execute(text(query), {"ids": ids}):
            children[name].setdefault(row.siae_id, []).append(dict(row._mapping))
    return [keyed(one, children) for one in suppliers], count, number * PAGE_SIZE < count


def keyed(row: Mapping[str, Any], children: Children) -> Keyed:
    """A supplier as its id there, which is that of `le-marche`, and a canonical record. Pure."""

    def of(name: str) -> Sequence[Mapping[str, Any]]:
        return children[name].get(row["id"], ())

    people = {
        "insertion": row["employees_insertion_count"],
        "permanent": row["employees_permanent_count"],
    }
    known = common(row, NAME, of("offers"), of("labels")) | {
        "naf": row["naf"],
        "legal_form": row["legal_form"],
        "description": row["description"],
        "website": row["contact_website"] or row["website"],
        "location": point(row["coords"]),
        "zrr": row["is_zrr"],
        "year_founded": row["year_constitution"],
        "turnover": row["ca"],
        "employees": people if any(value is not None for value in people.values()) else None,
        "activities": [activity(one) for one in of("activities")],
        "networks": [one["slug"] for one in of("networks")],
        "client_references": [one["name"] for one in of("references") if one["name"]],
    }
    live = row["is_active"] and not row["is_delisted"]
    return str(row["id"]), told(known, NEEDED) | ({} if live else {"status": "delisted"})


def activity(row: Mapping[str, Any]) -> Record:
    """A trade, how it is offered, and where."""
    known: Record = {
        "sector": sector(row["sector"]),
        "service_types": list(row["presta_type"] or ()),
    }
    match row["geo_range"]:
        case "COUNTRY":
            zone: Record | None = {"scope": "country"}
        case "CUSTOM" if row["km"]:
            zone = {"scope": "radius", "radius_km": row["km"]}
        case "ZONES" if places := list(_places(row["places"])):
            zone = {"scope": "places", "places": places}
        case _:
            zone = None
    return known | ({"zone": zone} if zone else {})


def _places(given: Sequence[str]) -> Iterator[str]:
    """Ours of `KIND:code`; a region's code there begins with R."""
    for one in given:
        kind, _, code = one.partition(":")
        if kind == "REGION" and code.removeprefix("R") == "97":
            yield from (f"department:{each}" for each in OVERSEAS)
        elif kind == "REGION":
            yield f"region:{code.removeprefix('R')}"
        else:
            yield f"{'commune' if kind == 'CITY' else kind.lower()}:{code}"


def point(ewkb: str | None) -> Record | None:
    """The point of a PostGIS text: EWKB in hexadecimal digits, WGS 84. None where there is none."""
    if not ewkb:
        return None
    try:
        raw = bytes.fromhex(ewkb)
        order = "<" if raw[0] == 1 else ">"
        (kind,) = struct.unpack_from(f"{order}I", raw, 1)
        lon, lat = struct.unpack_from(f"{order}2d", raw, 9 if kind & 0x20000000 else 5)
    except (ValueError, IndexError, struct.error):
        raise SourceError(f"{NAME}: coords are no point of PostGIS; the contract changed") from None
    return {"lat": lat, "lon": lon}
