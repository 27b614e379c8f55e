"""What the tests of intake share: a valid record, an import of what a test writes, the remarks of a
draft.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from discovery.mappings import Mappings
from discovery.places import Gazetteer
from indexer.intake.precedence import Draft
from indexer.intake.report import ImportReport
from indexer.intake.run import import_files
from indexer.record import Supplier
from indexer.store import repository
from indexer.store.engine import reading
from indexer.store.models import SUPPLIER

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)

LYON: dict[str, Any] = {"post_code": "69003", "city": "Lyon"}
VALID: dict[str, Any] = {"id": "c1-1", "name": "Atelier du Bocage", "kind": "EI", "address": LYON}


class Intake:
    """Imports what a test writes, and looks into the store."""

    def __init__(self, engine: Engine, folder: Path, mappings: Mappings, places: Gazetteer) -> None:
        self.engine, self._folder, self._mappings, self._places = engine, folder, mappings, places

    def file(self, content: str | bytes | list[dict[str, Any]], name: str = "in.jsonl") -> Path:
        path = self._folder / name
        if isinstance(content, list):
            content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def __call__(
        self, *contents: str | bytes | list[dict[str, Any]] | Path, **options: Any
    ) -> ImportReport:
        paths = [
            each if isinstance(each, Path) else self.file(each, f"in{at}")
            for at, each in enumerate(contents)
        ]
        return import_files(
            self.engine,
            paths,
            mappings=self._mappings,
            gazetteer=self._places,
            **{"now": NOW, **options},
        )

    def stored(self) -> dict[str, Supplier]:
        with reading(self.engine) as connection:
            return repository.load(connection, list(connection.scalars(select(SUPPLIER.c.id))))

    def ledger(self) -> list[tuple[Any, ...]]:
        with reading(self.engine) as connection:
            query = "SELECT supplier_id, revision FROM change_ledger ORDER BY 1"
            return [tuple(row) for row in connection.exec_driver_sql(query)]


def codes(draft: Draft) -> tuple[list[str], list[str]]:
    """(rejections, warnings) of a draft, as `code:field`."""
    found = draft.findings
    return (
        [f"{each.code.value}:{each.field}" for each in found.rejections],
        [f"{each.code.value}:{each.field}" for each in found.warnings],
    )


def record(at: int | str, **changed: Any) -> dict[str, Any]:
    """A valid record of its own id."""
    return {**VALID, "id": f"c1-{at}", **changed}


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, rejected."""
    return report.created, report.updated, report.unchanged, report.rejected
