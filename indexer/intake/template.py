"""The canonical record, field by field: what to start a file from (`indexer import --template`), and its reference."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from discovery.model.attributes import CODED
from indexer.intake import limits


@dataclass(frozen=True, slots=True)
class Described:
    """A field of the canonical record, described.

    `name` as in JSON, with dots for nesting; an entry of a list of objects has `[]`. `example` is valid.
    """

    name: str
    about: str
    example: Any = None


def _text(limit: int) -> str:
    return f"at most {limit:,} characters"


RECORD: tuple[Described, ...] = (
    Described(
        "id",
        f"your own, for good: letters, digits, `.`, `_`, `:`, `-`, {_text(limits.ID)}; else made of SIRET and kind",
        "modele-1",
    ),
    Described("source", "where the record comes from; `canonical` unless told", "exemple"),
    Described("siret", "14 digits; a wrong check digit is told and kept", "00397504200015"),
    Described(
        "name",
        f"**required**; {_text(limits.NAME)}; a name in capitals is written as people write",
        "Atelier du Bocage",
    ),
    Described("brand", f"the name it is known by, if another; {_text(limits.BRAND)}", "Le Bocage"),
    Described("kind", "**required**; a code of `vocabulary/kinds.yaml`, or its label", "EI"),
    Described("legal_form", "a code of `vocabulary/legal_forms.yaml`, or its label", "ASSOCIATION"),
    Described("naf", "registered activity, with or without the dot", "81.21Z"),
    Described("naf_nomenclature", "`NAFRev2` (unless told) or `NAF2025`", "NAFRev2"),
    Described(
        "description",
        f"what it does, in its own words; HTML is taken out; {_text(limits.DESCRIPTION)}",
        "Nous nettoyons bureaux, écoles et vitres, matin et soir.",
    ),
    Described("website", "http(s) address", "https://www.bocage.example"),
    Described("phone", "shown only where `contact_public` is true", "01 99 00 12 34"),
    Described("email", "shown only where `contact_public` is true", "contact@bocage.example"),
    Described("contact_public", "whether telephone and e-mail may leave the store; false unless told", False),
    Described("address.street", f"number and street; {_text(limits.STREET)}", "12 rue des Haies"),
    Described("address.post_code", "**a place is required**: post code and city, or commune, or location", "69003"),
    Described("address.city", "see the post code", "Lyon"),
    Described("address.commune", "INSEE code; found from post code and city where it lacks", "69383"),
    Described("location.lat", "degrees, WGS 84; the commune's point where it lacks, shown as approximate", 45.7594),
    Described("location.lon", "degrees, WGS 84", 4.8486),
    Described(
        "activities[].sector",
        f"a code of `vocabulary/sectors/`, or its label; at most {limits.ACTIVITIES} activities",
        "nettoyage-de-locaux",
    ),
    Described("activities[].service_types", "a list of `DISP`, `PREST`, `BUILD`", ["PREST"]),
    Described(
        "activities[].zone.scope", "`country`, `radius` (around the seat), `places`, or `none` (not told)", "radius"
    ),
    Described("activities[].zone.radius_km", f"1 to {limits.RADIUS_KM}; with `radius`", 30),
    Described(
        "activities[].zone.places",
        "codes such as `department:69`, `commune:38185`, `epci:200046977`; with `places`",
    ),
    Described("offers[].name", f"what one buys; {_text(limits.OFFER_NAME)}", "Nettoyage de vitres"),
    Described("offers[].description", _text(limits.OFFER_DESCRIPTION), "Jusqu'à douze mètres, sans nacelle."),
    *(Described(one.field, f"codes of `vocabulary/{one.vocabulary}.yaml`", [*one.example]) for one in CODED),
    Described("client_references", "names of clients", ["Une mairie"]),
    Described(
        "jobs[].rome",
        f"jobs it hires for, evidence of trades: a ROME code; at most {limits.JOBS}. In CSV, `jobs` lists codes",
        "K2204",
    ),
    Described("jobs[].title", "what the job is called", "Agent de propreté"),
    Described("jobs[].source", "who says so: a slug of `vocabulary/sources.yaml`", "les-emplois"),
    Described("jobs[].seen", "day on which it was so", "2026-11-12"),
    Described(
        "contracts[].object",
        f"public contracts it won; {_text(limits.CONTRACT_OBJECT)}; at most {limits.CONTRACTS}. JSON only",
        "Nettoyage des locaux municipaux",
    ),
    Described("contracts[].cpv", "eight digits, with or without the check digit", "90911200"),
    Described("contracts[].buyer", "who bought", "Commune de Bourg-Exemple"),
    Described("contracts[].source", "who says so: a slug of `vocabulary/sources.yaml`", "decp"),
    Described("contracts[].won", "day of notification", "2025-06-30"),
    Described("contracts[].amount", "euros", 42000),
    Described("contracts[].reserved", "reserved to inclusive suppliers", True),
    Described("employees.insertion", "people in insertion", 12),
    Described("employees.permanent", "permanent staff", 5),
    Described("turnover", "euros a year", 850000),
    Described("year_founded", f"from {limits.FIRST_YEAR} to this year", 1998),
    Described("qpv", "seated in a priority district (quartier prioritaire)", False),
    Described("zrr", "seated in a rural revitalisation zone", False),
    Described("status", "`live` (unless told) or `delisted`", "live"),
    Described("updated_at", "day of the last change, `2026-03-01` or `01/03/2026`; not to come", "2026-03-01"),
)


def example() -> dict[str, Any]:
    """One valid record that holds every field with an example."""
    record: dict[str, Any] = {}
    for each in RECORD:
        if each.example is not None:
            _put(record, each.name.split("."), each.example)
    return record


def _put(record: dict[str, Any], path: list[str], value: Any) -> None:
    name, *inner = path
    if name.endswith("[]"):
        _put(record.setdefault(name[:-2], [{}])[0], inner, value)
    elif inner:
        _put(record.setdefault(name, {}), inner, value)
    else:
        record[name] = value


def columns(record: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, str]]:
    """A record as (column, cell) of the canonical CSV: dots for nesting, numbers for entries, `;` inside lists."""
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from columns(value, f"{within}{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for at, one in enumerate(value, 1):
                yield from columns(one, f"{within}{name}.{at}.")
        elif isinstance(value, list):
            yield f"{within}{name}", ";".join(map(str, value))
        else:
            yield f"{within}{name}", str(value).lower() if isinstance(value, bool) else str(value)


_HEAD = """\
# Records

Made by `indexer import --template reference` from `indexer/intake/template.py`; a test holds it to that. A file
holds one JSON object a line (UTF-8), one JSON array, or a CSV; `indexer import FILE` recognises it. A file to
start from: `indexer import --template csv` (or `jsonl`), `examples/suppliers.csv`.

In CSV, dots stand for nesting and `;` parts the values of a list: `address.city`, `certifications`. Activities and
offers are numbered (`activities.1.sector`, `activities.2.sector`); without a number `activities.sector` may list
several sectors, which share the other `activities.` columns. Delimiter, BOM and encoding (UTF-8, Windows-1252) are
found.

A file may be imported again: what it doesn't carry stays as it is. Faults of a row are told with the remedy, and no
other row suffers from them.

| field | what it is | example |
|---|---|---|
"""


def as_csv() -> str:
    """The header of every column, and one row."""
    names, cells = zip(*columns(_in_columns(example())), strict=True)
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows((names, cells))
    return out.getvalue()


def _in_columns(record: dict[str, Any]) -> dict[str, Any]:
    """Jobs as their codes, without contracts: what CSV carries of them."""
    kept = {name: value for name, value in record.items() if name != "contracts"}
    return kept | {"jobs": [one["rome"] for one in record["jobs"]]}


def as_jsonl() -> str:
    """An example record as a JSON line."""
    return json.dumps(example(), ensure_ascii=False) + "\n"


def as_reference() -> str:
    """The reference of records, as docs/reference/records.md holds it."""
    return _HEAD + "".join(f"| `{each.name}` | {each.about} | {_shown(each.example)} |\n" for each in RECORD)


def _shown(value: object) -> str:
    return "" if value is None else f"`{json.dumps(value, ensure_ascii=False)}`"


TEMPLATES: Mapping[str, Callable[[], str]] = {"csv": as_csv, "jsonl": as_jsonl, "reference": as_reference}
