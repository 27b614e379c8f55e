"""Pages as the platforms of the administration answer them, `{count, next, results}`, and what an entry must hold;
and open CSV lists of numbers."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any

from indexer.sources.connector import Keyed, Page, Record
from indexer.sources.fetch import Fetcher, Parameters, SourceError, decoded


def listed(fetcher: Fetcher, url: str, asked: Parameters, keyed: Callable[[Any], Keyed], about: str) -> Page:
    """The page that answers, each entry made by `keyed`. `about` names the source and the part in SourceError."""
    answer = fetcher.json(url, asked)
    if not isinstance(answer, Mapping) or not isinstance(answer.get("results"), list) or "next" not in answer:
        raise SourceError(f"{about}: the answer is no page; the contract changed")
    if not isinstance(answer.get("count"), int):
        raise SourceError(f"{about}: `count` is no number; the contract changed")
    return [keyed(one) for one in answer["results"]], answer["count"], answer["next"] is not None


def checked(entry: Any, needed: Iterable[str], about: str) -> Mapping[str, Any]:
    """The entry, an object with the `needed` fields. Raises SourceError when it is none."""
    if not isinstance(entry, Mapping):
        raise SourceError(f"{about}: an entry is no object; the contract changed")
    if lacking := [name for name in needed if name not in entry]:
        raise SourceError(f"{about}: an entry has no {', '.join(lacking)}; the contract changed, nothing was imported")
    return entry


def told(record: Record, needed: Iterable[str] = ()) -> Record:
    """The record without what is empty, which another source may know; the `needed` stay for the intake to refuse."""
    return {name: value for name, value in record.items() if value or name in needed}


SIREN_DIGITS = 9
"""Spreadsheets drop a first zero: shorter numbers are padded."""
BESIDES_CSV = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How XLSX and XLS begin."""


def sirens(fetcher: Fetcher, url: str, column: str, about: str) -> Page:
    """The column of a CSV, in UTF-8 or Windows-1252, with commas or semicolons. Raises SourceError when it is none."""
    with fetcher.file(url) as body:
        found = dict(_numbers(body, column, about))
    if not found:
        raise SourceError(f"{about}: not one SIREN in `{column}`; the contract changed")
    return list(found.items()), 0, False


def numbered(number: str) -> Keyed:
    """What a list says of a number: that it holds the label."""
    return number, {"number": number}


def _numbers(body: IO[bytes], column: str, about: str) -> Iterator[Keyed]:
    if body.read(4) in BESIDES_CSV:
        raise SourceError(f"{about}: a spreadsheet, not CSV; save it as CSV and give that file's address")
    with decoded(body, "utf-8-sig") as text:
        header = text.readline()
        sign = ";" if ";" in header else ","
        names = [one.strip().strip('"').lower() for one in header.split(sign)]
        if column not in names:
            raise SourceError(f"{about}: no column `{column}`; the contract changed, nothing was imported")
        at = names.index(column)
        for line, cells in enumerate(csv.reader(text, delimiter=sign), 2):
            if len(cells) <= at:
                if cells:
                    raise SourceError(f"{about}, line {line}: {len(cells)} columns; the file was cut")
                continue
            digits = "".join(cells[at].split())
            if digits.isdecimal() and len(digits) <= SIREN_DIGITS:
                yield numbered(digits.zfill(SIREN_DIGITS))
