"""What a file is, by what it holds: its name and its media type are not asked. Pure."""

from __future__ import annotations

import io
import zipfile
from typing import Literal

from discovery.desk.sheets.sheet import UnreadableSheet

Format = Literal["workbook", "csv"]

MAX_UNPACKED = 60_000_000
"""Bytes of all parts of a workbook: what they say of themselves; the child's memory bounds those that lie."""
MAX_PARTS = 500
_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The stream of a compound file that holds an encrypted workbook."""
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = "META-INF/manifest.xml"
MAX_MANIFEST = 1_000_000
"""Bytes of an OpenDocument's manifest that are looked at."""
_NOT_TEXT = (b"%PDF", b"<", b"{\\rtf", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff")


def format_of(content: bytes) -> Format:
    """The format of a file, by its content. Raises UnreadableSheet for no spreadsheet, an encrypted one, or one
    larger unpacked than is taken."""
    if not content.strip():
        raise UnreadableSheet("sheet_empty")
    if content.startswith(_ZIP):
        _packed(content)
        return "workbook"
    if content.startswith(_COMPOUND):
        if _ENCRYPTED in content:
            raise UnreadableSheet("sheet_encrypted")
        return "workbook"
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_NOT_TEXT) or (b"\0" in content and not wide):
        raise UnreadableSheet("sheet_unknown")
    return "csv"


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
