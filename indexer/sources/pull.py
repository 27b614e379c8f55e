"""One pull of a source by departments: page by page into a folder, from which an interrupted pull goes on, then a file
of canonical records, without anything private, for the import."""

from __future__ import annotations

import gzip
import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.sources.fetch import SourceError

KEPT_SECONDS = 24 * 3600
"""Pages of an interrupted pull are good for a day."""
LEAST_SHARE = 0.8
"""Of the records of the last pull: with fewer, the source is thought to be broken, not its suppliers gone."""

Record = dict[str, Any]
Page = Callable[[str, int], tuple[list[tuple[str, Record]], int, bool]]
"""(department, number from 1) → records by their ids, how many the department has, whether another page follows."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """`file`: canonical JSONL. `whole`: nothing of the source is missing from it, as far as it tells. `before`: records
    of the last pull, 0 = none."""

    file: Path
    records: int
    whole: bool
    before: int

    @property
    def shrunk(self) -> bool:
        return self.records < LEAST_SHARE * self.before


def pull(folder: Path, departments: Sequence[str], page: Page, step: Callable[[], None] = lambda: None) -> Pulled:
    """Fetch what is not there yet and write the file. SourceError leaves the pages for the next pull to go on from."""
    pages = folder / "pages"
    if pages.exists() and time.time() - pages.stat().st_mtime > KEPT_SECONDS:
        shutil.rmtree(pages)
    pages.mkdir(parents=True, exist_ok=True)
    found: dict[str, Record] = {}
    whole = True
    for department in departments:
        ids, count = _department(pages, department, page, found)
        whole = whole and ids >= count
        step()
    file = folder / "records.jsonl"
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for _, one in sorted(found.items()))
    _write(file, text.encode())
    return Pulled(file, len(found), whole, _before(folder))


def settled(folder: Path, pulled: Pulled) -> None:
    """After the import: what the next pull is compared with; its pages begin anew."""
    _write(folder / "last.json", json.dumps({"records": pulled.records}).encode())
    shutil.rmtree(folder / "pages", ignore_errors=True)


def _department(pages: Path, department: str, page: Page, found: dict[str, Record]) -> tuple[int, int]:
    """How many different records it gave, and how many it says to have. Entries that move from page to page while they
    are read come twice or not at all: the former are one, the latter make the pull not whole."""
    ids, number, more, count = set[str](), 1, True, 0
    while more:
        kept = pages / f"{department}-{number}.json.gz"
        if kept.exists():
            records, count, more = json.loads(gzip.decompress(kept.read_bytes()))
        else:
            records, count, more = page(department, number)
            if more and not records:
                raise SourceError(f"department {department}, page {number}: empty, and said not to be the last")
            _write(kept, gzip.compress(json.dumps([records, count, more]).encode()))
        for key, record in records:
            ids.add(key)
            found[key] = record
        number += 1
    return len(ids), count


def _before(folder: Path) -> int:
    try:
        return int(json.loads((folder / "last.json").read_bytes())["records"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return 0


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all, whenever it is interrupted."""
    part = file.with_name(file.name + ".part")
    part.write_bytes(content)
    part.replace(file)
