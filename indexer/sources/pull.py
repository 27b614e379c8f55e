"""One pull of a source, part by part and page by page, into a folder from which an interrupted pull
goes on; then a file of canonical records, without anything private, for the import. Memory does not
grow with the records.
"""

import fcntl
import gzip
import json
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import count as counting
from pathlib import Path
from typing import Any

from discovery.mappings.secrets import private_folder
from indexer.intake.identity import memory
from indexer.sources.connector import Keyed, Page
from indexer.sources.fetch import NotModified, SourceError, Validators

KEPT_SECONDS = 12 * 3600
"""Pages of an interrupted pull are good for so long after the newest of them: not until the next
night's pull.
"""

Ask = Callable[[str, int, Validators, str], tuple[Page, Validators]]
"""(part, number from 1, what is kept of it, its address if the page before said so) → the page and
its validators. NotModified: what is kept is good.
"""


@dataclass(frozen=True, slots=True)
class Pulled:
    """`file`: canonical JSONL, by the source's own ids. `whole`: nothing is missing from it, as far
    as the source tells.
    """

    file: Path
    records: int
    whole: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    """A page on the disk. `form`: of the code that made its records."""

    records: list[Keyed]
    count: int
    more: bool | str
    form: str
    validators: Validators


def pull(
    folder: Path,
    parts: Sequence[str],
    ask: Ask,
    form: str = "",
    step: Callable[[], None] = lambda: None,
) -> Pulled:
    """Fetch what is not there yet and write the file. After a SourceError the next pull goes on
    from the pages that were fetched.
    """
    pages = folder / "pages"
    if pages.exists() and time.time() - pages.stat().st_mtime > KEPT_SECONDS:
        shutil.rmtree(pages)
    pages.mkdir(parents=True, exist_ok=True)

    def one(part: str, number: int, at: str) -> _Kept:
        name = f"{part}-{number}.json.gz"
        if (there := _read(pages / name)) and there.form == form:
            return there
        before = _read(folder / "last" / name)
        before = before if before and before.form == form else None
        try:
            page, validators = ask(part, number, before.validators if before else {}, at)
            found = _Kept(*page, form, validators)
        except NotModified:
            if before is None:
                raise SourceError(
                    f"{name}: the source says that nothing changed, and was not asked whether"
                ) from None
            found = before
        if found.more and not found.records and found.count:
            raise SourceError(f"part {part}, page {number}: empty, and said not to be the last")
        _write(pages / name, gzip.compress(json.dumps(asdict(found)).encode()))
        return found

    return _collected(folder / "records.jsonl", parts, one, step)


def replay(folder: Path, pages: Path, parts: Sequence[str]) -> Pulled:
    """Make the file again of pages kept by an earlier pull; no host is asked."""

    def one(part: str, number: int, _at: str) -> _Kept:
        if (there := _read(pages / f"{part}-{number}.json.gz")) is None:
            raise SourceError(
                f"{pages}: no page {number} of part {part}; name a folder `last` or `pages` of a pull"
            )
        return there

    folder.mkdir(parents=True, exist_ok=True)
    return _collected(folder / "records.jsonl", parts, one, lambda: None)


def settled(folder: Path) -> None:
    """Note that the file was imported: pages are kept for conditional requests and for a replay,
    and the next pull begins anew.
    """
    shutil.rmtree(folder / "last", ignore_errors=True)
    (folder / "pages").rename(folder / "last")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lock of a source's folder. Raises SourceError when another process of this machine
    pulls the same source.
    """
    private_folder(folder)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SourceError(
                f"{folder.name} is being pulled by another process; wait for it"
            ) from None
        yield


def _collected(
    file: Path,
    parts: Sequence[str],
    page: Callable[[str, int, str], _Kept],
    step: Callable[[], None],
) -> Pulled:
    """Entries that move from page to page while they are read come twice or not at all: the former
    are one, the latter make the pull not whole.
    """
    whole = True
    with memory() as kept:
        kept.execute("CREATE TABLE found (key TEXT PRIMARY KEY, record TEXT) WITHOUT ROWID")
        kept.execute("CREATE TABLE of_part (key TEXT PRIMARY KEY) WITHOUT ROWID")
        for part in parts:
            kept.execute("DELETE FROM of_part")
            at = ""
            for number in counting(1):
                found = page(part, number, at)
                at = found.more if isinstance(found.more, str) else ""
                kept.executemany(
                    "INSERT OR IGNORE INTO of_part VALUES (?)", ((key,) for key, _ in found.records)
                )
                rows = (
                    (key, json.dumps(record, ensure_ascii=False)) for key, record in found.records
                )
                kept.executemany("INSERT OR REPLACE INTO found VALUES (?, ?)", rows)
                if not found.more:
                    break
            (ids,) = kept.execute("SELECT count(*) FROM of_part").fetchone()
            whole = whole and ids >= found.count
            step()
        _write(
            file,
            (
                f"{record}\n".encode()
                for (record,) in kept.execute("SELECT record FROM found ORDER BY key")
            ),
        )
        (records,) = kept.execute("SELECT count(*) FROM found").fetchone()
    return Pulled(file, records, whole)


def _read(file: Path) -> _Kept | None:
    """The page; None when it is not there, or is no page of this program."""
    try:
        said: dict[str, Any] = json.loads(gzip.decompress(file.read_bytes()))
        return _Kept(records=[(key, record) for key, record in said.pop("records")], **said)
    except (OSError, EOFError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _write(file: Path, content: bytes | Iterator[bytes]) -> None:
    """Whole or not at all, whenever it is interrupted."""
    part = file.with_name(file.name + ".part")
    with part.open("wb") as out:
        out.writelines([content] if isinstance(content, bytes) else content)
    part.replace(file)
