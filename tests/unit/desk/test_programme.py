"""Lines of a programme: what is read of each, and what is told of what can't be."""

import pytest

from discovery.desk.lot import Lot
from discovery.desk.programme import MAX_LINES, Columns, lines
from discovery.desk.sheets.sheet import Sheet, sheet
from discovery.search.query import InvalidQuery
from tests.spreadsheets import PROGRAMME

COLUMNS = Columns(2, {"title": 1, "cpv": 2, "place": 3, "amount": 4})


def whole() -> Sheet:
    return sheet("", [[str(cell) for cell in row] for row in PROGRAMME])


def test_each_line_is_a_lot_with_the_number_of_its_row() -> None:
    found = lines(whole(), COLUMNS)
    assert [one.row for one in found] == [4, 5, 6, 8, 9]
    assert found[0].lot == Lot(
        "Nettoyage de bureaux", cpv=("90919200",), place="Lyon", amount=45_000
    )
    assert found[1].lot.amount == 60_000
    assert found[1].lot.cpv == ("45420000",)


def test_what_cannot_be_read_is_told_and_loses_nothing_else() -> None:
    found = lines(whole(), COLUMNS)
    assert [(one.parameter, one.code) for one in found[3].problems] == [
        ("cpv", "line_cpv"),
        ("amount", "line_amount"),
    ]
    assert found[3].lot == Lot("Nettoyage de vitres", place="Zzqqville")
    assert all(not one.problems for one in (*found[:3], found[4]))


def test_amounts_count_in_what_their_heading_says() -> None:
    rows = [["Objet", "Montant (k€ HT)"], ["Nettoyage", "17"], ["Traiteur", "1 200 €"]]
    found = lines(sheet("", rows), Columns(0, {"title": 0, "amount": 1}))
    assert [one.lot.amount for one in found] == [17_000, 1_200]


def test_codes_within_a_title_are_taken_out_of_it() -> None:
    (one,) = lines(sheet("", [["Nettoyage (CPV 90919200-4)"]]), Columns(-1, {"title": 0}))
    assert (one.lot.title, one.lot.cpv) == ("Nettoyage", ("90919200",))


@pytest.mark.parametrize(
    ("made", "columns", "code"),
    [
        (sheet("", [["Objet"], ["Nettoyage"]]), Columns(), "programme_no_title"),
        (sheet("", [["Objet"]]), Columns(0, {"title": 0}), "programme_empty"),
        (
            sheet("", [["Objet"], *[["Nettoyage"]] * (MAX_LINES + 1)]),
            Columns(0, {"title": 0}),
            "programme_lines",
        ),
        (sheet("", [["Objet"] * 61]), Columns(-1, {"title": 0}), "programme_columns"),
    ],
)
def test_a_sheet_that_is_no_programme_is_refused(made: Sheet, columns: Columns, code: str) -> None:
    with pytest.raises(InvalidQuery) as told:
        lines(made, columns)
    assert [one.code for one in told.value.problems] == [code]


def test_as_many_lines_as_are_promised_are_read() -> None:
    rows = [["Programme"]] * 25 + [["Objet"]] + [["Nettoyage"]] * MAX_LINES
    assert len(lines(sheet("", rows), Columns(25, {"title": 0}))) == MAX_LINES
