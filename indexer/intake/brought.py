"""Suppliers that the store has, brought to what a source says of their establishments: what facts and labels share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from indexer.intake.findings import Findings
from indexer.intake.identity import ids_by_siret
from indexer.intake.report import ImportReport, Result, RowOutcome
from indexer.record import Supplier
from indexer.store import repository

BATCH = 500
"""SIRETs of a transaction."""


def bring(
    connection: Connection,
    sirets: Sequence[str],
    after: Callable[[Supplier, Findings], Supplier],
    now: datetime,
    report: ImportReport,
    file: str,
) -> None:
    """Save every supplier of the SIRETs, whatever its kind, as `after` makes it, where that differs. `report` counts it
    as a row of `file`."""
    changed = list[Supplier]()
    for one in repository.load(connection, ids_by_siret(connection, sirets)).values():
        findings = Findings()
        found = after(one, findings)
        same = repository.same_content(one, found)
        report.add(RowOutcome(file, 0, one.id, Result.UNCHANGED if same else Result.UPDATED, (), findings.warnings))
        if not same:
            changed.append(found)
    repository.save(connection, changed, now)
