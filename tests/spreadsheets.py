"""Spreadsheets as programs write them, honest ones and others, made here: none is committed."""

from __future__ import annotations

import io
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
"""Lines that are answered, one of no inclusive trade, one with three faults, one that says nothing to buy."""


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
    with zipfile.ZipFile(io.BytesIO(packed)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            if name not in parts:
                made.writestr(name, given.read(name))
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def with_cells(cells: str, before: str = "") -> bytes:
    """A workbook whose sheet has these rows, as XML; `before` stands ahead of them, where a DTD would."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'{before}<worksheet xmlns="{namespace}"><sheetData>{cells}</sheetData></worksheet>'
    return with_parts(xlsx([["x"]]), {"xl/worksheets/sheet1.xml": sheet.encode()})


def ods(rows: Rows, manifest: str = "", before: str = "", inside: str = "") -> bytes:
    """`before`: ahead of the content's XML; `inside`: a last cell, as XML."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    names = f'xmlns:office="{office}" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    names += 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'

    def cell(value: Any) -> str:
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        text = escape(str(value))
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row)) or cell('')}</table:table-row>" for row in rows)
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
