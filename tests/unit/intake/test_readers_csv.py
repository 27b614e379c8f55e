"""Tables: delimiter, line numbers, cells, and the canonical columns."""

import csv
import io
import shutil
from collections.abc import Sequence
from itertools import islice, permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings import MappingsError, load_mappings, packaged_mappings
from indexer.intake.readers import FORMATS, format_of, recognise
from indexer.intake.readers.canonical_csv import COLUMNS, _gather, read_canonical_csv
from indexer.intake.readers.table import DELIMITERS, header_of, records
from indexer.intake.source import BrokenFile
from tests.tables import cases

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


def read(text: str) -> list[dict[str, Any]]:
    return [dict(row.raw) for row in read_canonical_csv(io.StringIO(text, newline=""))]


ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6)


@given(ROWS, st.sampled_from(DELIMITERS), st.sampled_from(["\n", "\r\n"]))
def test_what_was_written_is_read(
    table: list[tuple[str, str, str]], delimiter: str, end: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "name", "kind"])
    writer.writerows(table)
    wanted = [list(row) for row in table if any(row)]
    assert [list(row.values()) for row in read(out.getvalue())] == wanted


@given(st.text(max_size=200) | st.text('",;\t|\r\nab', max_size=80))
def test_any_text_is_rows_or_broken(text: str) -> None:
    for each in ("csv", "siae", "esat-finess"):
        try:
            found = list(FORMATS[each].read(io.StringIO(text, newline="")))
        except BrokenFile as error:
            assert error.what  # noqa: PT017
            continue
        assert all(row.line > 1 for row in found)


@given(st.text(max_size=200))
def test_any_beginning_has_a_format_or_none(text: str) -> None:
    try:
        assert recognise(text).name in FORMATS
    except BrokenFile as error:
        assert error.fix  # noqa: PT017


@pytest.mark.parametrize(("head", "name"), cases(__file__, "the_format_is_recognised"))
def test_the_format_is_recognised(head: str, name: str) -> None:
    assert recognise(head).name == name


@pytest.mark.parametrize(
    "head", ["", "  \n ", "bonjour", "a,b,c", "name,kind", "<html>", "%PDF-1.7"]
)
def test_what_is_no_format_is_said(head: str) -> None:
    with pytest.raises(BrokenFile):
        recognise(head)


def test_the_delimiter_is_the_one_that_makes_sense() -> None:
    assert header_of("id;name;kind,address.city", COLUMNS).delimiter == ";"
    assert header_of('"id","name;kind"', COLUMNS).delimiter == ","
    assert header_of("siret", COLUMNS).delimiter == DELIMITERS[0]  # of equals the first


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "no header"), ("id,name,id\n", 1, "twice"), ('id,name\n1,"abc', 2, "no end"),
        ('id,name\n1,ab\n2,"a"b\n', 3, "not valid CSV"), ("id,name,kind\n1,a,EI\n2,b", 3, "stops after 2 of 3"),
        ("id,name\n" + "x" * 1_000_001, 2, "longer than"), ('id,name\n1,"' + "x" * 200_000 + '"', 2, "field limit"),
    ],
)  # fmt: skip
def test_a_broken_table_is_named(text: str, line: int, said: str) -> None:
    with pytest.raises(BrokenFile) as caught:
        read(text)
    assert caught.value.line == line
    assert said in caught.value.what


def test_rows_start_where_they_start() -> None:
    text = 'id,name\n1,"deux\nlignes"\n\n,\n2,b\n'
    _, found = records(io.StringIO(text, newline=""), COLUMNS)
    assert [(record.line, record.cells[0]) for record in found] == [(2, "1"), (6, "2")]


@pytest.mark.parametrize("row", ["1,a,EI,trop", "1,a"])
def test_another_number_of_cells_is_a_fault_of_the_row(row: str) -> None:
    found = list(read_canonical_csv(io.StringIO(f"id,name,kind\n{row}\n2,b,EI\n", newline="")))
    assert [row.fault is not None for row in found] == [True, False]
    assert found[0].fault is not None
    assert found[0].fault.details["header"] == "3"


def test_trailing_delimiters_are_a_spreadsheets_habit() -> None:
    assert read("id,name\n1,a,,,\n") == [{"id": "1", "name": "a"}]


def test_a_byte_order_mark_is_the_sources_business() -> None:
    assert recognise("name,kind,siret").name == "csv"


def test_dots_nest_and_semicolons_list() -> None:
    text = (
        "id,address.post_code,location.lat,employees.insertion,certifications\n"
        'c1,69003,45.7,12,"rge; iso-9001;"\n'
        "c2,,,,\n"
    )
    assert read(text) == [
        {
            "id": "c1",
            "address": {"post_code": "69003"},
            "location": {"lat": "45.7"},
            "employees": {"insertion": "12"},
            "certifications": ["rge", "iso-9001"],
        },
        {
            "id": "c2",
            "address": {"post_code": ""},
            "location": {"lat": ""},
            "employees": {"insertion": ""},
            "certifications": [],
        },
    ]


def test_numbered_activities_and_offers() -> None:
    text = (
        "activities.2.sector,activities.1.sector,activities.1.service_types,activities.1.zone.scope,"
        "activities.1.zone.radius_km,activities.3.sector,offers.1.name,offers.1.description\n"
        'menuiserie,traiteur,"PREST;DISP",radius,30,,Buffets,Froids\n'
    )
    assert read(text) == [
        {
            "activities": [
                {
                    "sector": "traiteur",
                    "service_types": ["PREST", "DISP"],
                    "zone": {"scope": "radius", "radius_km": "30"},
                },
                {"sector": "menuiserie"},
            ],
            "offers": [{"name": "Buffets", "description": "Froids"}],
        }
    ]


def test_unnumbered_sectors_share_their_columns() -> None:
    text = (
        "activities.sector,activities.service_types,activities.zone.scope,activities.zone.places,offers.name\n"
        "traiteur;menuiserie,PREST,places,department:69;region:84,Buffets;Pose\n"
    ).replace("traiteur;menuiserie", '"traiteur;menuiserie"')
    shared = {
        "service_types": ["PREST"],
        "zone": {"scope": "places", "places": ["department:69", "region:84"]},
    }
    assert read(text) == [
        {
            "activities": [{"sector": "traiteur", **shared}, {"sector": "menuiserie", **shared}],
            "offers": [{"name": "Buffets"}, {"name": "Pose"}],
        }
    ]


def test_empty_activities_are_none() -> None:
    assert read("id,activities.1.sector,offers.name\nc1,,\n") == [
        {"id": "c1", "activities": [], "offers": []}
    ]


def test_an_unknown_column_is_passed_on_to_be_said() -> None:
    assert read("id,nmae\nc1,x\n") == [{"id": "c1", "nmae": "x"}]


class Counting(dict[tuple[int, str], str]):
    """Cells that count how often all of them are gone through."""

    walks = 0

    def items(self) -> Any:
        Counting.walks += 1
        return super().items()

    def __iter__(self) -> Any:
        Counting.walks += 1
        return super().__iter__()


def test_many_activity_columns_are_gone_through_once_a_row() -> None:
    """999 of them took seconds a row."""
    Counting.walks = 0
    cells = Counting({(at, "sector"): f"s{at}" for at in range(1, 1000)})
    assert [one["sector"] for one in _gather(cells, "sector")] == [
        f"s{at}" for at in range(1, 1000)
    ]
    assert Counting.walks <= 3


@pytest.mark.parametrize("cells", cases(__file__, "columns_may_stand_in_any_order"))
def test_columns_may_stand_in_any_order(cells: dict[str, str]) -> None:
    """A header names them, whatever the format."""

    def read_in(order: Sequence[str]) -> list[dict[str, Any]]:
        text = f"{','.join(order)}\n{','.join(cells[name] for name in order)}\n"
        return [dict(row.raw) for row in recognise(text).read(io.StringIO(text))]

    orders = [*islice(permutations(cells), 0, None, 7)]
    assert all(read_in(order) == read_in([*cells]) for order in orders)


ALIASES = load_mappings().columns


def test_columns_are_known_by_the_names_that_people_write() -> None:
    head = "Raison sociale;Type de structure;Code postal;VILLE;Téléphone;Secteurs d'activité;name of nobody"
    assert recognise(head, ALIASES).name == "csv"
    text = head + "\nAtelier du Bocage;EI;69003;Lyon;01 99 00 12 34;nettoyage-de-locaux;x\n"
    [row] = format_of(head, ALIASES).read(io.StringIO(text, newline=""))
    assert row.raw == {
        "name": "Atelier du Bocage",
        "kind": "EI",
        "address": {"post_code": "69003", "city": "Lyon"},
        "phone": "01 99 00 12 34",
        "activities": [{"sector": "nettoyage-de-locaux"}],
        "name of nobody": "x",
    }


def test_our_own_name_of_a_column_wins_and_of_two_names_the_first() -> None:
    assert header_of("nom,name,kind", COLUMNS, ALIASES).names == ("nom", "name", "kind")
    assert header_of("structure;nom;kind", COLUMNS, ALIASES).names == ("name", "nom", "kind")
    assert header_of("name;kind", COLUMNS, {"name": "brand"}).names == ("name", "kind"), (
        "ours means ours"
    )


def test_the_analysts_file_names_columns_that_there_are() -> None:
    assert {*ALIASES.values()} <= COLUMNS
    assert not ALIASES.keys() & COLUMNS, "a column of ours means itself"


def test_a_name_of_two_columns_is_told(tmp_path: Path) -> None:
    folder = shutil.copytree(packaged_mappings(), tmp_path / "mappings")
    (folder / "columns.yaml").write_text("columns: {name: [nom], brand: [Nom]}\n", encoding="utf-8")
    with pytest.raises(MappingsError, match=r"columns.yaml.*'nom' names .* too"):
        load_mappings(folder)
