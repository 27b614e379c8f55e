"""The canonical record, each field declared once: what readers and checks take, templates (`indexer import --template`)
and the reference."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from discovery.model.attributes import CODED
from indexer.intake import limits, text, values

Read = Callable[[Any, date], Any]
"""Of a given value and today; ValueError where it can't be read."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the canonical record.

    `name` as in JSON, with dots for nesting; an entry of a list of objects has `[]`. `example` is valid. `read`: of a
    single value that is left out with a warning, which says what was `expected`, where it can't be read; `nothing`
    then, and where the file says nothing. `many`: a list, parted by `;` in a cell.
    """

    name: str
    about: str
    example: Any = None
    read: Read | None = None
    expected: str = ""
    nothing: Any = None
    many: bool = False

    def reader(self, today: date) -> Callable[[Any], Any]:
        """`read`, of this day."""
        return lambda raw: self.read and self.read(raw, today)


def _text(limit: int) -> str:
    return f"at most {limit:,} characters"


def _short(read: Callable[[str], str | None], limit: int) -> Read:
    """A text of a line that `read` makes, and of which it is None that has not the form."""

    def bounded(raw: Any, _: date) -> str:
        short = isinstance(raw, str) and len(raw) <= limits.MARKUP * limit
        value = read(text.plain_line(raw)) if short else None
        if value is None or len(value) > limit:
            raise ValueError("none of them")
        return value

    return bounded


def _whole(least: int, most: int) -> Read:
    return lambda raw, _: values.whole(raw, least, most)


def _flag(raw: Any, _: date) -> bool:
    return values.flag(raw)


def _year(raw: Any, today: date) -> int:
    return values.whole(raw, limits.FIRST_YEAR, today.year)


_phone, _email = _short(text.phone, limits.PHONE), _short(text.email, limits.EMAIL)
_people = _whole(0, limits.EMPLOYEES)
_DAY = "2026-03-01"

RECORD: tuple[Field, ...] = (
    Field(
        "id",
        f"your own, for good: letters, digits, `.`, `_`, `:`, `-`, {_text(limits.ID)}; else made of SIRET and kind",
        "modele-1",
    ),
    Field("source", "where the record comes from; `canonical` unless told", "exemple"),
    Field("siret", "14 digits; a wrong check digit is told and kept", "00397504200015"),
    Field(
        "name",
        f"**required**; {_text(limits.NAME)}; a name in capitals is written as people write",
        "Atelier du Bocage",
    ),
    Field("brand", f"the name it is known by, if another; {_text(limits.BRAND)}", "Le Bocage"),
    Field("kind", "**required**; a code of `vocabulary/kinds.yaml`, or its label", "EI"),
    Field("legal_form", "a code of `vocabulary/legal_forms.yaml`, or its label", "ASSOCIATION"),
    Field("naf", "registered activity, with or without the dot", "81.21Z"),
    Field("naf_nomenclature", "`NAFRev2` (unless told) or `NAF2025`", "NAFRev2"),
    Field(
        "description",
        f"what it does, in its own words; HTML is taken out; {_text(limits.DESCRIPTION)}",
        "Nous nettoyons bureaux, écoles et vitres, matin et soir.",
    ),
    Field("website", "http(s) address", "https://www.bocage.example"),
    Field("phone", "shown only where `contact_public` is true", "01 99 00 12 34", _phone, "phone", ""),
    Field("email", "shown only where `contact_public` is true", "contact@bocage.example", _email, "email", ""),
    Field(
        "contact_public",
        "whether phone and e-mail may leave the store; false unless told",
        False,
        _flag,
        "flag",
        False,
    ),
    Field("address.street", f"number and street; {_text(limits.STREET)}", "12 rue des Haies"),
    Field("address.post_code", "**a place is required**: post code and city, or commune, or location", "69003"),
    Field("address.city", "see the post code", "Lyon"),
    Field("address.commune", "INSEE code; found from post code and city where it lacks", "69383"),
    Field("location.lat", "degrees, WGS 84; the commune's point where it lacks, shown as approximate", 45.7594),
    Field("location.lon", "degrees, WGS 84", 4.8486),
    Field(
        "activities[].sector",
        f"a code of `vocabulary/sectors/`, or its label; at most {limits.ACTIVITIES} activities",
        "nettoyage-de-locaux",
    ),
    Field("activities[].service_types", "a list of `DISP`, `PREST`, `BUILD`", ["PREST"], many=True),
    Field("activities[].zone.scope", "`country`, `radius` (around the seat), `places`, or `none` (not told)", "radius"),
    Field("activities[].zone.radius_km", f"1 to {limits.RADIUS_KM}; with `radius`", 30),
    Field(
        "activities[].zone.places",
        "codes such as `department:69`, `commune:38185`, `epci:200046977`; with `places`",
        many=True,
    ),
    Field("offers[].name", f"what one buys; {_text(limits.OFFER_NAME)}", "Nettoyage de vitres"),
    Field("offers[].description", _text(limits.OFFER_DESCRIPTION), "Jusqu'à douze mètres, sans nacelle."),
    *(Field(one.field, f"codes of `vocabulary/{one.vocabulary}.yaml`", [*one.example], many=True) for one in CODED),
    Field("client_references", "names of clients", ["Une mairie"], many=True),
    Field(
        "jobs[].rome",
        f"jobs it hires for, evidence of trades: a ROME code; at most {limits.JOBS}. In CSV, `jobs` lists codes",
        "K2204",
    ),
    Field("jobs[].title", "what the job is called", "Agent de propreté"),
    Field("jobs[].source", "who says so: a slug of `vocabulary/sources.yaml`", "les-emplois"),
    Field("jobs[].seen", "day on which it was so", "2026-11-12"),
    Field(
        "contracts[].object",
        f"public contracts it won; {_text(limits.CONTRACT_OBJECT)}; at most {limits.CONTRACTS}. JSON only",
        "Nettoyage des locaux municipaux",
    ),
    Field("contracts[].cpv", "eight digits, with or without the check digit", "90911200"),
    Field("contracts[].buyer", "who bought", "Commune de Bourg-Exemple"),
    Field("contracts[].source", "who says so: a slug of `vocabulary/sources.yaml`", "decp"),
    Field("contracts[].won", "day of notification", "2025-06-30"),
    Field("contracts[].amount", "euros", 42000),
    Field("contracts[].reserved", "reserved to inclusive suppliers", True),
    Field("employees.insertion", "people in insertion", 12, _people, "whole_number"),
    Field("employees.permanent", "permanent staff", 5, _people, "whole_number"),
    Field("capacity", "authorised places of an ESAT, whose workers are no employees", 66, _people, "whole_number"),
    Field("operator", f"the body that runs it; {_text(limits.NAME)}", "Association du Bocage"),
    Field("closed", "closed for good, as registers say; it is not shown", False, _flag, "flag"),
    Field("takes_orders", "whether it takes orders now, as it says itself", True, _flag, "flag"),
    Field("turnover", "euros a year", 850000, _whole(0, limits.TURNOVER), "whole_number"),
    Field("year_founded", f"from {limits.FIRST_YEAR} to this year", 1998, _year, "year"),
    Field("qpv", "seated in a priority district (quartier prioritaire)", False, _flag, "flag"),
    Field("zrr", "seated in a rural revitalisation zone", False, _flag, "flag"),
    Field("status", "`live` (unless told) or `delisted`", "live"),
    Field("updated_at", "day of the last change, `2026-03-01` or `01/03/2026`; not to come", _DAY, values.day, "date"),
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

Made by `indexer import --template reference` from `indexer/intake/canonical.py`; a test holds it to that. A file
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
