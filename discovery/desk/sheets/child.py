"""The child process: a file on standard input, its sheets as JSON on standard output.

What a file is, is told by what it holds: its name and its media type are not asked. XLSX, XLS and
ODS are read by calamine, values only; formulas are not computed, macros not looked at.

{"sheets": [{name, rows, first, height, width}]} or {"code": …, "args": {…}}; with both `processor`:
seconds spent.
"""

import contextlib
import io
import json
import math
import resource
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from itertools import islice
from typing import Any

from discovery.desk.sheets.sheet import (
    MAX_SHEETS,
    PROCESSOR_SECONDS,
    Sheet,
    UnreadableSheet,
    of_csv,
    sheet,
    within,
)

MEMORY_BYTES = 128_000_000
"""That it may write to; the largest honest file takes less than half."""


def bounded() -> None:
    """Let the system end this process when it takes too much memory or time; from here on it writes
    no file and leaves no core.
    """
    for name, most in (
        (resource.RLIMIT_DATA, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS has no limit of memory
            resource.setrlimit(name, (most, most))


def read_in_child(content: bytes) -> dict[str, Any]:
    """The sheets of a file, or why it can't be read, as plain values."""
    try:
        sheets = of_workbook(content) if is_workbook(content) else [of_csv(content)]
        return {"sheets": [asdict(one) for one in within(sheets)]}
    except UnreadableSheet as error:
        return {"code": error.code, "args": error.args_told}
    except MemoryError:
        return {"code": "sheet_heavy", "args": {}}


MAX_UNPACKED = 60_000_000
"""Bytes of all parts of a workbook: what they say of themselves; the child's memory bounds those
that lie.
"""
MAX_PARTS = 500
_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The stream of a compound file that holds an encrypted workbook."""
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = "META-INF/manifest.xml"
MAX_MANIFEST = 1_000_000
"""Bytes of an OpenDocument's manifest that are looked at."""
_NOT_TEXT = (b"%PDF", b"<", b"{\\rtf", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff")


def is_workbook(content: bytes) -> bool:
    """Whether a file is one, by its content; else a CSV. Raises UnreadableSheet for no spreadsheet,
    an encrypted one, or one larger unpacked than is taken.
    """
    if not content.strip():
        raise UnreadableSheet("sheet_empty")
    if content.startswith(_ZIP):
        _packed(content)
    if content.startswith(_COMPOUND) and _ENCRYPTED in content:
        raise UnreadableSheet("sheet_encrypted")
    packed = content.startswith((_ZIP, _COMPOUND))
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_NOT_TEXT) or (
        b"\0" in content and not (wide or packed)
    ):
        raise UnreadableSheet("sheet_unknown")
    return packed


def _packed(content: bytes) -> None:
    """Looks at the directory alone: nothing is unpacked but what an OpenDocument says of itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MAX_PARTS or sum(one.file_size for one in parts) > MAX_UNPACKED:
                raise UnreadableSheet("sheet_unpacked", limit=MAX_UNPACKED // 1_000_000)
            names = {one.filename for one in parts}
            if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
                return
            if "mimetype" in names:
                with packed.open("mimetype") as told:
                    opendocument = told.read(len(_ODS) + 1).strip() == _ODS
                if opendocument and _MANIFEST in names:
                    with packed.open(_MANIFEST) as manifest:
                        if b"encryption-data" in manifest.read(MAX_MANIFEST):
                            raise UnreadableSheet("sheet_encrypted")
                if opendocument:
                    return
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        raise UnreadableSheet("sheet_broken") from None
    raise UnreadableSheet("sheet_unknown")


def of_workbook(content: bytes) -> list[Sheet]:
    """The sheets that a person sees, in their order. Raises UnreadableSheet when the file is
    encrypted, or no whole workbook.

    What the library can't bear (cells a million columns away) ends the process: call it in one of
    its own.
    """
    import python_calamine as library  # a CSV needs none of it

    try:
        with library.load_workbook(io.BytesIO(content)) as book:
            seen = [
                one.name
                for one in book.sheets_metadata
                if one.typ == library.SheetTypeEnum.WorkSheet
                and one.visible == library.SheetVisibleEnum.Visible
            ]
            return [_sheet(book.get_sheet_by_name(name)) for name in seen[:MAX_SHEETS]]
    except library.PasswordError:
        raise UnreadableSheet("sheet_encrypted") from None
    except (library.CalamineError, library.XmlError, library.ZipError, OSError, ValueError):
        raise UnreadableSheet("sheet_broken") from None


def _sheet(found: Any) -> Sheet:
    start = found.start or (0, 0)
    height = start[0] + found.height

    def rows() -> Iterator[list[str]]:
        for row in islice(found.iter_rows(), start[0], None):
            yield [text(value) for value in row]

    return sheet(found.name, rows(), start[0] + 1, height)


def text(value: Any) -> str:
    """A cell as a person reads it: a whole number without decimals, a day as 2026-03-01."""
    match value:
        case bool():
            return str(int(value))
        case float() if not math.isfinite(value):
            return ""
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime() if value.time() == datetime.min.time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case _:
            return str(value)


if __name__ == "__main__":
    bounded()
    told = read_in_child(sys.stdin.buffer.read())
    json.dump({**told, "processor": time.process_time()}, sys.stdout)
