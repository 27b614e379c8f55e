"""The two public registers: the SIAE list and the FINESS list of ESAT.

A register carries what it carries: neither says what a supplier does (no activities), so words are
found in names and descriptions only.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from discovery.mappings import yamlfile
from indexer.intake.readers.canonical_csv import put_into
from indexer.intake.readers.table import Row, records

_TABLES = yamlfile.table(Path(__file__).parent / "registers.yaml")
SIAE: dict[str, str] = _TABLES["siae"]
FINESS: dict[str, str] = _TABLES["finess"]
FINESS_OWN: list[str] = _TABLES["finess_own"]
LEGAL_FORMS: dict[str, str] = _TABLES["legal_forms"]
STREETS: dict[str, str] = _TABLES["streets"]
FINESS_ID = "finess-"
OTHER_FORM = "AUTRE"
_STREET = re.compile(r"((?:\d+(?:[-/]\d+)*(?: (?:B|T|Q|BIS|TER|QUATER))? )?)([A-Z]+) (.+)")
_NUMBER_OF_A_LEGAL_FORM = re.compile(r"\d{1,2}")


def read_siae(stream: TextIO) -> Iterator[Row]:
    """A row for each structure of the SIAE list."""
    header, found = records(stream, [*SIAE, *_TABLES["siae_unused"]])
    put = _putter(header.names, SIAE)
    for record in found:
        raw = put(record.cells)
        yield Row(record.line, raw, record.fault)


def read_esat_finess(stream: TextIO) -> Iterator[Row]:
    """A row for each ESAT of the FINESS extraction; other establishments are passed over."""
    header, found = records(stream, [*FINESS, *FINESS_OWN, *_TABLES["finess_unused"]])
    put = _putter(header.names, FINESS)
    at = {name: header.names.index(name) for name in FINESS_OWN if name in header.names}
    for record in found:
        raw = put(record.cells)
        own = {name: record.cells[index].strip() for name, index in at.items()}
        raw |= {
            "id": f"{FINESS_ID}{own['finess_et']}" if own.get("finess_et") else "",
            "kind": "ESAT",
        }
        if street := raw.get("address", {}).get("street"):
            raw["address"]["street"] = street_in_full(street)
        if _NUMBER_OF_A_LEGAL_FORM.fullmatch(own.get("operator_legal_code", "")):
            raw["legal_form"] = LEGAL_FORMS.get(own["operator_legal_code"].zfill(2), OTHER_FORM)
        yield Row(record.line, raw, record.fault)


def street_in_full(street: str) -> str:
    """A street with its kind in full: `440 R LAVOISIER` → `440 RUE LAVOISIER`; "AV AVENUE DES
    ARRIMEURS" says it twice.
    """
    match = _STREET.fullmatch(street.strip())
    if match is None or match[2] not in STREETS:
        return street
    number, kind, rest = match.groups()
    full = STREETS[kind]
    return f"{number}{rest}" if rest.startswith(f"{full} ") else f"{number}{full} {rest}"


def _putter(names: tuple[str, ...], fields: dict[str, str]) -> Callable[[Any], dict[str, Any]]:
    """Cells → canonical mapping, for the columns that are there."""
    puts = [(at, put_into(fields[name])) for at, name in enumerate(names) if name in fields]

    def put(cells: Any) -> dict[str, Any]:
        raw: dict[str, Any] = {}
        for at, into in puts:
            into(raw, cells[at])
        return raw

    return put
