"""Spreadsheets as programs write them, honest ones and others, made here: none is committed."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

Rows = Sequence[Sequence[Any]]

PROGRAMME: Rows = [
    ["Ville de Lyon, programmation 2026"],
    [],
    ["N°", "Intitulé du marché", "Code CPV", "Lieu d'exécution", "Montant estimé HT"],
    [1, "Nettoyage de bureaux", "90919200-4", "Lyon", 45000],
    [2, "Travaux de menuiserie", 45420000, "Lyon", "60 000 €"],
    [3, "Assurance des véhicules", "66514110", "", 120000],
    [],
    [4, "Nettoyage de vitres", "12345678", "Zzqqville", "beaucoup"],
    [5, "", "", "Lyon", 10],
]
"""Lines that are answered, one of no inclusive trade, one with three faults, one that says nothing
to buy.
"""


def xlsx(rows: Rows, title: str = "Programme", **others: Rows) -> bytes:
    """`others`: further sheets by name."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for name, more in others.items():
        added = book.create_sheet(name)
        for row in more:
            added.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_parts(packed: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same archive with some parts replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
    ):
        for name in given.namelist():
            if name not in parts:
                made.writestr(name, given.read(name))
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def with_cells(cells: str, before: str = "") -> bytes:
    """A workbook whose sheet has these rows, as XML; `before` stands ahead of them, where a DTD
    would.
    """
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'{before}<worksheet xmlns="{namespace}"><sheetData>{cells}</sheetData></worksheet>'
    return with_parts(xlsx([["x"]]), {"xl/worksheets/sheet1.xml": sheet.encode()})


def xls(rows: Rows, title: str = "Programme", codepage: int = 1200) -> bytes:
    """A workbook of Excel 97 to 2003 (BIFF 8 in a compound file), written record by record."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def text(value: str, size: str) -> bytes:
        return struct.pack(size, len(value)) + b"\x01" + value.encode("utf-16-le")

    def cell(row: int, column: int, value: Any) -> bytes:
        at = struct.pack("<HHH", row, column, 0)
        if isinstance(value, int | float):
            return record(0x0203, at + struct.pack("<d", value))
        return record(0x0204, at + text(str(value), "<H"))

    def begin(what: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, what, 0x0DBB, 0x07CC, 0, 6))

    end = record(0x000A, b"")
    head = begin(0x0005) + record(0x0042, struct.pack("<H", codepage))
    named = text(title, "<B")
    first = len(head) + 4 + 6 + len(named) + len(end)
    wide = max((len(row) for row in rows), default=0)
    sheet = begin(0x0010) + record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, wide, 0))
    sheet += b"".join(
        cell(at, place, one)
        for at, row in enumerate(rows)
        for place, one in enumerate(row)
        if one != ""
    )
    return _compound(
        head + record(0x0085, struct.pack("<IH", first, 0) + named) + end + sheet + end
    )


def _compound(stream: bytes) -> bytes:
    """A compound file of one stream, "Workbook", in sectors of 512 bytes: its table, its directory,
    the stream.
    """
    sector, free, last = 512, 0xFFFFFFFF, 0xFFFFFFFE
    body = stream.ljust(max(4096, -(-len(stream) // sector) * sector), b"\0")
    many = len(body) // sector
    tables = -(-(many + 2) // (sector // 4 - 1))
    chain = [0xFFFFFFFD] * tables + [last] + [tables + 2 + at for at in range(many - 1)] + [last]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(tables * sector, b"\xff")

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        spelt = name.encode("utf-16-le")
        links = struct.pack("<HBBIII", len(spelt) + 2 if name else 0, kind, 1, free, free, child)
        return spelt.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, last, 0) + entry(
        "Workbook", 2, free, tables + 1, len(body)
    )
    directory += entry("", 0, free, 0, 0) * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, last, 0, last, 0)
    header += struct.pack("<109I", *range(tables), *[free] * (109 - tables))
    return header + table + directory + body


def ods(rows: Rows, manifest: str = "", before: str = "", inside: str = "") -> bytes:
    """`before`: ahead of the content's XML; `inside`: a last cell, as XML."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    names = (
        f'xmlns:office="{office}" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    )
    names += 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'

    def cell(value: Any) -> str:
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        text = escape(str(value))
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    body = "".join(
        f"<table:table-row>{''.join(map(cell, row)) or cell('')}</table:table-row>" for row in rows
    )
    if inside:
        body += f"<table:table-row>{cell('@').replace('@', inside)}</table:table-row>"
    content = f"{before}<office:document-content {names}><office:body><office:spreadsheet>"
    content += '<table:table table:name="Programme">'
    content += f"{body}</table:table></office:spreadsheet></office:body></office:document-content>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
        made.writestr("content.xml", content)
    return out.getvalue()
