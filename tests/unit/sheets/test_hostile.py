"""Files made to hurt: each ends as a message in both languages, and the process that asked feels
nothing of it.
"""

import io
import subprocess
import sys
import zipfile

import pytest

from discovery import trace
from discovery.desk.sheets import MAX_BYTES, UnreadableSheet, read
from discovery.desk.sheets.child import MAX_PARTS, MAX_UNPACKED, MEMORY_BYTES
from discovery.desk.sheets.sheet import PROCESSOR_SECONDS
from discovery.texts import t
from tests.spreadsheets import PROGRAMME, ods, with_cells, with_parts, xlsx

SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
OUTSIDE = '<!DOCTYPE a [<!ENTITY out SYSTEM "file:///etc/hostname">]>'


def text_cell(text: str) -> str:
    return f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'


def lying(packed: bytes, name: str, told: int) -> bytes:
    """The archive, which says of a part that it unpacks to so many bytes."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        size = archive.getinfo(name).file_size.to_bytes(4, "little")
    return packed.replace(size, told.to_bytes(4, "little"))


def compound(*streams: str) -> bytes:
    """The beginning of a compound file whose directory names these streams, as Excel's encrypted
    workbooks do.
    """
    names = b"".join(one.encode("utf-16-le").ljust(128, b"\0") for one in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + names.ljust(1_536, b"\0")


BOMB = with_parts(xlsx(PROGRAMME), {SHEET: b"0" * (MAX_UNPACKED + 1)})
CROWD = with_parts(xlsx(PROGRAMME), {f"xl/media/{number}": b"" for number in range(MAX_PARTS)})
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
HIDDEN = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
HIDDEN += 'manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'

FILES = {
    "nothing": (b"", "sheet_empty"),
    "blanks": (b" \r\n;;\n", "sheet_empty"),
    "no cell": (xlsx([[]]), "sheet_empty"),
    "too many bytes": (b"a" * (MAX_BYTES + 1), "sheet_bytes"),
    "zip bomb": (BOMB, "sheet_unpacked"),
    "thousands of parts": (CROWD, "sheet_unpacked"),
    "bomb that lies": (lying(BOMB, SHEET, 100), "sheet_broken"),
    "billion laughs": (with_cells(text_cell("&l9;"), f"<!DOCTYPE a [{LAUGHS}]>"), "sheet_broken"),
    "outside entity": (with_cells(text_cell("&out;"), OUTSIDE), "sheet_broken"),
    "laughs as ods": (
        ods(PROGRAMME, before=f"<!DOCTYPE a [{LAUGHS}]>", inside="&l9;"),
        "sheet_broken",
    ),
    "outside entity as ods": (ods(PROGRAMME, before=OUTSIDE, inside="&out;"), "sheet_broken"),
    "cell far away": (with_cells(FAR), "sheet_heavy"),
    "encrypted xlsx": (
        compound("Root Entry", "EncryptionInfo", "EncryptedPackage"),
        "sheet_encrypted",
    ),
    "encrypted ods": (ods(PROGRAMME, manifest=HIDDEN), "sheet_encrypted"),
    "broken xls": (compound("Root Entry", "Workbook"), "sheet_broken"),
    "truncated": (xlsx(PROGRAMME)[:-900], "sheet_broken"),
    "truncated inside": (
        with_parts(xlsx(PROGRAMME), {SHEET: b"<worksheet><sheetData><row><c>"}),
        "sheet_broken",
    ),
    "document": (
        with_parts(ods(PROGRAMME), {"mimetype": b"application/vnd.oasis.opendocument.text"}),
        "sheet_unknown",
    ),
    "archive": (with_parts(ods(PROGRAMME), {"mimetype": b""}), "sheet_unknown"),
    "pdf": (b"%PDF-1.7\nIntitul\xe9;CPV", "sheet_unknown"),
    "web page": (b"<html><table><tr><td>Objet</td></tr></table></html>", "sheet_unknown"),
    "picture": (b"\x89PNG\r\n\x1a\n", "sheet_unknown"),
    "program": (b"\x7fELF\x00\x00", "sheet_unknown"),
    "field without an end": (b'Objet;CPV\n"' + b"a" * 200_000, "sheet_broken"),
}


@pytest.mark.parametrize("name", FILES)
def test_it_is_told_what_is_wrong_and_what_to_do(name: str) -> None:
    content, code = FILES[name]
    with pytest.raises(UnreadableSheet) as told:
        read(content)
    assert told.value.code == code
    for lang in ("fr", "en"):
        assert t(f"message.{code}", lang, **told.value.args_told)


MEASURED = """
import resource, sys
from discovery.desk.sheets import UnreadableSheet, read
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read(sys.stdin.buffer.read())
except UnreadableSheet:
    used = [resource.getrusage(whose).ru_maxrss for whose in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    print(used[0], used[1] - before)
"""
"""In a process of its own, whose children are those of the reading."""


def test_memory_of_the_child_is_bounded_and_ours_is_not_touched() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURED], input=with_cells(FAR), capture_output=True, check=True
    )
    children, ours = map(int, done.stdout.split())
    assert 0 < children * 1024 < MEMORY_BYTES
    assert ours < 20_000


def test_the_processor_time_of_the_child_is_charged_to_the_request() -> None:
    trace.running.set(trace.Trace())
    read(xlsx(PROGRAMME))
    honest = trace.elsewhere()
    assert 0 < honest < PROCESSOR_SECONDS
    with pytest.raises(UnreadableSheet):
        read(with_cells(FAR))
    assert trace.elsewhere() - honest <= PROCESSOR_SECONDS
    assert trace.elsewhere() > honest


def test_a_million_columns_are_counted_and_no_more_kept() -> None:
    (found,) = read(b";".join([b"a"] * 1_000_000))
    assert found.width == 1_000_000
    assert len(found.rows[0]) < 100


def test_formulas_are_not_computed_and_macros_not_looked_at() -> None:
    cells = '<c r="A1" t="str"><f>WEBSERVICE("http://a.example")</f><v>kept</v></c><c r="B1"><f>1+1</f></c>'
    content = with_parts(
        with_cells(f'<row r="1">{cells}</row>'), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Shell"}
    )
    (found,) = read(content)
    assert found.rows == (("kept",),)
    (found,) = read(b"Objet\n=cmd|' /C calc'!A0\n")
    assert found.rows[1] == ("=cmd|' /C calc'!A0",)
