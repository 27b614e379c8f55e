"""Labels of suppliers that the store has, from a list of all who hold one: by SIREN, or by SIRET.

That a list names a supplier stands in its provenance; `certification` in `mappings/vocabulary/sources.yaml` says what
label that is. So a label that another source told stays when the list no longer has it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from sqlite3 import Connection as Memory

from sqlalchemy import Engine

from indexer.intake.brought import BATCH, bring
from indexer.intake.findings import Findings
from indexer.intake.memory import memory
from indexer.intake.precedence import noted
from indexer.intake.report import ImportReport
from indexer.record import Supplier
from indexer.store import reading, repository
from indexer.store.bulk import batched


def import_labels(engine: Engine, file: Path, source: str, now: datetime, *, whole: bool) -> ImportReport:
    """Note at each supplier whether the list has it: JSONL of `{"number": …}`. Of a list that is not `whole` nothing is
    taken back. A batch is a transaction, memory does not grow with the list. The report counts suppliers."""
    report = ImportReport()
    with memory() as listed:
        listed.execute("CREATE TABLE listed (number TEXT PRIMARY KEY) WITHOUT ROWID")
        with file.open(encoding="utf-8") as lines:
            rows = ((json.loads(line)["number"],) for line in lines)
            listed.executemany("INSERT OR IGNORE INTO listed VALUES (?)", rows)
        with reading(engine) as connection:
            sirets = repository.sirets(connection)
        for batch in batched(sirets, BATCH):
            held = _held(listed, batch)

            def after(one: Supplier, _found: Findings, held: frozenset[str] = held) -> Supplier:
                has = one.siret in held
                return labelled(one, source, now.date(), has=has) if has or whole else one

            with engine.begin() as connection:
                bring(connection, batch, after, now, report, file.name)
    return report


def _held(listed: Memory, sirets: Sequence[str]) -> frozenset[str]:
    """Those of the SIRETs that the list has, or of whose companies it has the SIREN."""
    query = """SELECT value FROM json_each(?)
               WHERE value IN (SELECT number FROM listed) OR substr(value, 1, 9) IN (SELECT number FROM listed)"""
    return frozenset(value for (value,) in listed.execute(query, (json.dumps(list(sirets)),)))


def labelled(supplier: Supplier, source: str, today: date, *, has: bool) -> Supplier:
    """The supplier with the list among those that tell of it, or not. Pure."""
    if has:
        return replace(supplier, provenance=noted(supplier, source, (), None, today))
    return replace(supplier, provenance=tuple(one for one in supplier.provenance if one.source != source))
