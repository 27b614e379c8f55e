"""Lists of who holds a label: `ess` and `esus`, open CSV files by SIREN; `rge`, by SIRET.

`rge` is open data of ADEME (no token): `GET …/lines?size=10000&select=siret,code_qualification` →
`{total, results: [{siret, code_qualification}], next}`, a line a qualification; `next` is the
address of the following page. 100 requests in 5 seconds.
"""

import csv
from collections.abc import Iterator, Mapping
from typing import IO
from urllib.parse import urlsplit

from indexer.intake.source import source_of
from indexer.sources.connector import Keyed, Page, PageOf, checked
from indexer.sources.fetch import Fetcher, Parameters, SourceError

RGE = "rge"
PAGE_SIZE = 10_000
SIRET_DIGITS, SIREN_DIGITS = 14, 9
"""Spreadsheets drop a first zero: shorter numbers are padded."""
BESIDES_CSV = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How XLSX and XLS begin."""


def numbered(number: str) -> Keyed:
    """What a list says of a number: that it holds the label."""
    return number, {"number": number}


def page(fetcher: Fetcher, url: str, _part: str, number: int) -> Page:
    """A page of SIRETs that hold an RGE qualification. Raises SourceError when the answer is not as
    it was agreed.
    """
    asked: Parameters = (
        {"size": PAGE_SIZE, "select": "siret,code_qualification"} if number == 1 else {}
    )
    answer = fetcher.json(url, asked)
    if not isinstance(answer, Mapping) or not isinstance(answer.get("results"), list):
        raise SourceError(f"{RGE}, page {number}: the answer has no results; the contract changed")
    following = answer.get("next") or ""
    if following and urlsplit(following)[:2] != urlsplit(url)[:2]:
        raise SourceError(
            f"{RGE}, page {number}: `next` leads to another host; the contract changed"
        )
    sirets = (
        "".join(str(checked(one, ("siret",), RGE)["siret"]).split()) for one in answer["results"]
    )
    found = dict(numbered(one.zfill(SIRET_DIGITS)) for one in sirets if one.isdecimal())
    return list(found.items()), 0, following if found else False


def sirens(about: str, column: str) -> PageOf:
    """What reads the column of a CSV with commas or semicolons; it raises SourceError when it is
    none.
    """

    def page(fetcher: Fetcher, url: str, _part: str, _number: int) -> Page:
        with fetcher.file(url) as body:
            found = dict(_numbers(body, column, about))
        if not found:
            raise SourceError(f"{about}: not one SIREN in `{column}`; the contract changed")
        return list(found.items()), 0, False

    return page


def _numbers(body: IO[bytes], column: str, about: str) -> Iterator[Keyed]:
    if body.read(4) in BESIDES_CSV:
        raise SourceError(
            f"{about}: a spreadsheet, not CSV; save it as CSV and give that file's address"
        )
    with source_of(about, body).text() as text:
        header = text.readline()
        sign = ";" if ";" in header else ","
        names = [one.strip().strip('"').lower() for one in header.split(sign)]
        if column not in names:
            raise SourceError(
                f"{about}: no column `{column}`; the contract changed, nothing was imported"
            )
        at = names.index(column)
        for line, cells in enumerate(csv.reader(text, delimiter=sign), 2):
            if len(cells) <= at:
                if cells:
                    raise SourceError(
                        f"{about}, line {line}: {len(cells)} columns; the file was cut"
                    )
                continue
            digits = "".join(cells[at].split())
            if digits.isdecimal() and len(digits) <= SIREN_DIGITS:
                yield numbered(digits.zfill(SIREN_DIGITS))


esus, ess = sirens("esus", "numero_siren"), sirens("ess", "siren")
