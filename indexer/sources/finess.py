"""`finess`: ESAT and adapted companies of the register of health and social establishments, one
open file.

`;` between 32 columns, no header, the first line says what the file is; Latin-1 or UTF-8.
Telephones are not even read.
"""

import csv
from collections.abc import Iterator
from typing import IO

from indexer.intake.readers.registers import FINESS_ID, street_in_full
from indexer.intake.source import source_of
from indexer.sources.connector import Keyed, Page, Record
from indexer.sources.fetch import Fetcher, SourceError

NAME = "finess"
_HEADER = (
    "type nofinesset nofinessej rs rslongue complrs compldistrib numvoie typvoie voie compvoie lieuditbp "
    "commune departement libdepartement ligneacheminement telephone telecopie categetab libcategetab "
    "categagretab libcategagretab siret codeape codemft libmft codesph libsph dateouv dateautor datemaj "
    "numuai"
)
COLUMNS = tuple(_HEADER.split())
KINDS = {"246": "ESAT", "247": "EA"}
"""Categories of establishments that are inclusive suppliers."""
_AT = {name: at for at, name in enumerate(COLUMNS)}


def page(fetcher: Fetcher, url: str, _part: str, _number: int) -> Page:
    """The establishments of the one file that there is. Raises SourceError when it is not as it was
    agreed.
    """
    with fetcher.file(url) as body:
        records = list(_records(body))
    if not records:
        raise SourceError(
            f"{NAME}: not one {' or '.join(KINDS.values())} in the file; the contract changed"
        )
    return records, len(records), False


def _records(body: IO[bytes]) -> Iterator[Keyed]:
    with source_of(NAME, body).text() as text:
        if not text.readline().startswith("finess"):
            raise SourceError(
                f"{NAME}: the first line does not say that it is FINESS; the contract changed"
            )
        for line, cells in enumerate(csv.reader(text, delimiter=";", quoting=csv.QUOTE_NONE), 2):
            if len(cells) != len(COLUMNS):
                raise SourceError(
                    f"{NAME}, line {line}: {len(cells)} columns instead of {len(COLUMNS)}; the contract changed, or "
                    "the file was cut; nothing was imported"
                )
            if cells[_AT["categetab"]] in KINDS:
                yield _record({name: cells[at].strip() for name, at in _AT.items()})


def _record(cells: dict[str, str]) -> Keyed:
    post_code, _, city = cells["ligneacheminement"].partition(" ")
    department = cells["departement"]
    overseas = department[:1] == "9" and department[1:].isalpha()  # 9A is 971
    street = " ".join(
        filter(None, (cells["numvoie"] + cells["compvoie"], cells["typvoie"], cells["voie"]))
    )
    record: Record = {
        "id": FINESS_ID + cells["nofinesset"],
        "source": NAME,
        "siret": cells["siret"],
        "name": cells["rslongue"] or cells["rs"],
        "kind": KINDS[cells["categetab"]],
        "naf": cells["codeape"],
        "address": {
            "street": street_in_full(street) if street else cells["lieuditbp"],
            "post_code": post_code,
            "city": city,
            "commune": ("97" if overseas else department) + cells["commune"],
        },
        "updated_at": cells["datemaj"],
    }
    return cells["nofinesset"], {name: value for name, value in record.items() if value}
