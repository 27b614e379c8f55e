"""The two public registers: the SIAE list and the FINESS list of ESAT.

A register carries what it carries: neither says what a supplier does (no activities), so words are found in names
and descriptions only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from indexer.intake.readers.table import Row, records

# column → where it goes in the canonical record
SIAE = {
    "siret": "siret",
    "kind": "kind",
    "name": "name",
    "brand": "brand",
    "naf": "naf",
    "address": "address.street",
    "post_code": "address.post_code",
    "city": "address.city",
    "lat": "location.lat",
    "lon": "location.lon",
    "website": "website",
    "description": "description",
    "updated_at": "updated_at",
}
# Read by nobody: the department follows from the commune; the score, the origin and the first date are the register's.
SIAE_UNUSED = ("department", "geocoding_score", "source", "created_at")

FINESS = {
    "siret": "siret",
    "name": "name",
    "address": "address.street",
    "post_code": "address.post_code",
    "insee_commune": "address.commune",
    "city": "address.city",
    "operator": "operator",
    "capacity": "capacity",
}
FINESS_ID = "finess-"
FINESS_OWN = ("finess_et", "operator_legal_code")
FINESS_UNUSED = (
    "finess_ej",
    "operator_legal",
    "site_type",
    "department_code",
    "department",
    "region_code",
    "region",
)

# FINESS's category of the operator, the legal person, → our legal form. Hospitals, mutual societies and public
# interest groups have none of their own in the list.
LEGAL_FORMS = {
    "02": "COLLECTIVITE",
    "17": "CCAS",
    "18": "EPSMS",
    "19": "EPSMS",
    "20": "EPSMS",
    "21": "EPSMS",
    "22": "EPSMS",
    "60": "ASSOCIATION",
    "61": "ASSOCIATION",
    "62": "ASSOCIATION",
    "63": "FONDATION",
    "72": "SARL",
}
OTHER_FORM = "AUTRE"

# Street types as the postal norm shortens them (AFNOR XP Z 10-011).
STREETS = {
    "ALL": "ALLEE",
    "AV": "AVENUE",
    "BD": "BOULEVARD",
    "CHE": "CHEMIN",
    "CHEM": "CHEMIN",
    "CHS": "CHAUSSEE",
    "CHT": "CHATEAU",
    "CRS": "COURS",
    "DOM": "DOMAINE",
    "ESP": "ESPLANADE",
    "FRM": "FERME",
    "HAM": "HAMEAU",
    "IMP": "IMPASSE",
    "LD": "LIEU-DIT",
    "LOT": "LOTISSEMENT",
    "PAS": "PASSAGE",
    "PL": "PLACE",
    "QU": "QUAI",
    "QUA": "QUARTIER",
    "R": "RUE",
    "RES": "RESIDENCE",
    "RPT": "ROND-POINT",
    "RTE": "ROUTE",
    "SQ": "SQUARE",
    "VOI": "VOIE",
}
_STREET = re.compile(r"((?:\d+(?:[-/]\d+)*(?: (?:B|T|Q|BIS|TER|QUATER))? )?)([A-Z]+) (.+)")
_NUMBER_OF_A_LEGAL_FORM = re.compile(r"\d{1,2}")


def read_siae(stream: TextIO) -> Iterator[Row]:
    """A row for each structure of the SIAE list."""
    header, found = records(stream, [*SIAE, *SIAE_UNUSED])
    put = _putter(header.names, SIAE)
    for record in found:
        raw = put(record.cells)
        yield Row(record.line, raw, record.fault)


def read_esat_finess(stream: TextIO) -> Iterator[Row]:
    """A row for each ESAT of the FINESS extraction; other establishments are passed over."""
    header, found = records(stream, [*FINESS, *FINESS_OWN, *FINESS_UNUSED])
    put = _putter(header.names, FINESS)
    at = {name: header.names.index(name) for name in FINESS_OWN if name in header.names}
    for record in found:
        raw = put(record.cells)
        own = {name: record.cells[index].strip() for name, index in at.items()}
        raw |= {"id": f"{FINESS_ID}{own['finess_et']}" if own.get("finess_et") else "", "kind": "ESAT"}
        if street := raw.get("address", {}).get("street"):
            raw["address"]["street"] = street_in_full(street)
        if _NUMBER_OF_A_LEGAL_FORM.fullmatch(own.get("operator_legal_code", "")):
            raw["legal_form"] = LEGAL_FORMS.get(own["operator_legal_code"].zfill(2), OTHER_FORM)
        yield Row(record.line, raw, record.fault)


def street_in_full(street: str) -> str:
    """A street with its kind in full: `440 R LAVOISIER` → `440 RUE LAVOISIER`; "AV AVENUE DES ARRIMEURS" says it
    twice."""
    match = _STREET.fullmatch(street.strip())
    if match is None or match[2] not in STREETS:
        return street
    number, kind, rest = match.groups()
    full = STREETS[kind]
    return f"{number}{rest}" if rest.startswith(f"{full} ") else f"{number}{full} {rest}"


def _putter(names: tuple[str, ...], fields: dict[str, str]) -> Callable[[Any], dict[str, Any]]:
    """Cells → canonical mapping, for the columns that are there."""
    flat: list[tuple[int, str]] = []
    nested: list[tuple[int, str, str]] = []
    for at, name in enumerate(names):
        block, _, inner = fields.get(name, "").partition(".")
        if inner:
            nested.append((at, block, inner))
        elif block:
            flat.append((at, block))

    def put(cells: Any) -> dict[str, Any]:
        raw: dict[str, Any] = {name: cells[at] for at, name in flat}
        for at, block, inner in nested:
            raw.setdefault(block, {})[inner] = cells[at]
        return raw

    return put
