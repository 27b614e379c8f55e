"""Every row of the public lists ends somewhere, and a second import changes nothing."""

import json
from collections import Counter

import pytest

from discovery.context import Services
from discovery.engine.port import SearchRequest
from indexer.indices.drift import checked
from indexer.store import ledger, repository
from indexer.store.engine import reading
from tests.real.conftest import Imported
from tests.real.rows import LISTS, ROWS, Row

pytestmark = pytest.mark.xdist_group("real")


def test_every_row_is_accounted_for(imported: Imported) -> None:
    report = imported.first
    assert (
        report.created + report.updated + report.unchanged + report.rejected
        == report.rows
        == sum(ROWS.values())
    )
    assert (report.created, report.rejected) == (report.rows, 0)


def test_the_report_has_a_line_for_each_row_of_each_file(imported: Imported) -> None:
    told = [json.loads(line) for line in imported.log.splitlines()]
    assert Counter(one["file"] for one in told) == {
        str(LISTS / name): count for name, count in ROWS.items()
    }
    assert {one["outcome"] for one in told} == {"created"}
    assert len({one["id"] for one in told}) == len(told)
    places = Counter((one["file"], one["line"]) for one in told)
    assert max(places.values()) == 1


def test_every_warning_says_why_and_what_to_do(imported: Imported) -> None:
    warnings = [
        each for line in imported.log.splitlines() for each in json.loads(line).get("warnings", ())
    ]
    assert warnings, "real lists have faults"
    for each in warnings:
        assert each["reason"], each
        assert each["remedy"], each
        assert "{" not in each["reason"] + each["remedy"], each


def test_a_second_import_changes_nothing_and_queues_nothing(imported: Imported) -> None:
    assert imported.again.unchanged == imported.again.rows == sum(ROWS.values())
    assert imported.queued == (sum(ROWS.values()), 0)
    assert ledger.pending_count(imported.context.store) == 0


def test_the_index_holds_every_row_and_is_in_step(
    imported: Imported, services: Services, rows: list[Row]
) -> None:
    assert imported.indexed == len(rows)
    assert services.status().documents == len(rows)
    context = imported.context
    report = checked(context)
    assert (report.checked, report.differences) == (len(rows), ())
    everyone = services.engine.search(SearchRequest(size=len(rows) + 1))
    assert {hit.id for hit in everyone.hits} == {row.id for row in rows}


def test_places_are_those_that_the_rows_tell(imported: Imported, rows: list[Row]) -> None:
    """Commune and point of each supplier, against the test's own reading of its row."""
    ids = [row.id for row in rows]
    with reading(imported.context.store) as connection:
        stored = repository.load(connection, ids)
    differ = [
        row.id
        for row in rows
        if (stored[row.id].commune, stored[row.id].lat, stored[row.id].lon)
        != (row.commune.code, *(row.point or (None, None)))
    ]
    assert differ == []


def test_what_the_lists_do_not_say_is_not_made_up(imported: Imported, rows: list[Row]) -> None:
    with reading(imported.context.store) as connection:
        stored = repository.load(connection, [row.id for row in rows])
    for row in rows:
        supplier = stored[row.id]
        assert supplier.activities == ()
        assert supplier.kind == row.kind
        assert supplier.siret == row.siret
    assert {stored[row.id].source for row in rows} == {"siae", "esat-finess"}
