"""Reading the package's files, and what is said when they are broken."""

import gzip
import json
from pathlib import Path

import pytest

from discovery.places import outlines, table
from discovery.places.table import COLUMNS, DataError, read_communes, read_rows

HEADER = "\t".join(COLUMNS)
ROW = "69123\tLyon\t\t69\t84\t519127\t45.7677\t4.8354\t69001 69002\t\t69232\tVaise|La Guillotière\t9.1\t"
BARE = "98901\tÎle de Clipperton\t\t989\t989\t\t\t\t98799\t\t\t\t0\t98901"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of data in place of the package's."""
    monkeypatch.setattr(table, "data_file", lambda name: tmp_path / name)
    return tmp_path


def write(folder: Path, *lines: str) -> None:
    (folder / "communes.tsv.gz").write_bytes(
        gzip.compress("".join(line + "\n" for line in lines).encode())
    )


def test_rows_become_communes(folder: Path) -> None:
    write(folder, HEADER, ROW, BARE)
    read = read_communes()
    assert len(read) == 2
    lyon, clipperton = read.commune(0), read.commune(1)
    assert (lyon.point, lyon.post_codes, lyon.former_codes) == (
        (45.7677, 4.8354),
        ("69001", "69002"),
        ("69232",),
    )
    assert (clipperton.point, clipperton.population, clipperton.former_codes) == (None, 0, ())
    assert read.commune(0) is lyon
    assert read.row_of == {"69123": 0, "98901": 1}
    assert read.row_of_former == {"69232": 0}


def test_communes_that_are_kept_have_an_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_MADE", 1)
    write(folder, HEADER, ROW, BARE)
    read = read_communes()
    first = read.commune(0)
    assert read.commune(1).name == "Île de Clipperton"
    assert read.commune(0) == first
    assert read.commune(0) is not first


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (ROW,),
        (HEADER.replace("\tname", ""), ROW),
        (HEADER, ROW + "\tone more"),
        (HEADER, ROW.rpartition("\t")[0]),
    ],
    ids=["empty", "no header", "a column less", "a cell more", "a cell less"],
)
def test_another_table_is_refused(folder: Path, lines: tuple[str, ...]) -> None:
    write(folder, *lines)
    with pytest.raises(DataError, match=r"communes\.tsv\.gz: expected the columns code, name"):
        read_communes()


def test_a_missing_or_truncated_file_says_what_to_do(folder: Path) -> None:
    with pytest.raises(
        DataError, match=r"communes\.tsv\.gz cannot be read .*install the package again"
    ):
        read_communes()
    whole = gzip.compress(f"{HEADER}\n{ROW}\n".encode())
    (folder / "communes.tsv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="install the package again"):
        read_communes()


def test_small_files_have_comments_and_a_header(folder: Path) -> None:
    (folder / "regions.tsv").write_text(
        "# why\ncode\tname\n84\tAuvergne-Rhône-Alpes\n\n", encoding="utf-8"
    )
    assert read_rows("regions.tsv", ("code", "name")) == [["84", "Auvergne-Rhône-Alpes"]]
    with pytest.raises(DataError, match="expected the columns place, name"):
        read_rows("regions.tsv", ("place", "name"))
    (folder / "regions.tsv").write_text("code\tname\n84\n", encoding="utf-8")
    with pytest.raises(DataError, match="expected the columns code, name"):
        read_rows("regions.tsv", ("code", "name"))


def test_the_map_file_is_small_geojson_with_names() -> None:
    raw = table.data_file(outlines.FILE).read_bytes()
    assert len(raw) < 150_000
    collection = json.loads(gzip.decompress(raw))
    assert collection["type"] == "FeatureCollection"
    names = {
        feature["properties"]["code"]: feature["properties"]["name"]
        for feature in collection["features"]
    }
    assert len(names) == 101
    assert names["69"] == "Rhône"
    assert {feature["geometry"]["type"] for feature in collection["features"]} <= {
        "Polygon",
        "MultiPolygon",
    }
