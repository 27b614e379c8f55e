"""A check of the index that serves, and its figures kept for the gauges."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from discovery.engine.port import EngineUnavailable
from indexer.context import Context
from indexer.drift.check import Checker, Report
from indexer.store import checks


def checked(context: Context, progress: Callable[[int], None] = lambda _: None) -> Report:
    """Compare store and index, and note what was found. Raises EngineUnavailable when no index serves or it can't be
    read."""
    serving = context.catalog.targets().serving
    if serving is None:
        raise EngineUnavailable("there is no index yet: `indexer sync`, a worker or `indexer rebuild` makes it")
    with closing(context.catalog.writer_of(serving)) as index:
        definition = context.catalog.definition_of(serving)
        report = Checker(context.store, index, context.builder, definition).check(progress)
    checks.note(
        context.store,
        checks.Check(
            datetime.now(UTC), report.checked, {str(kind): number for kind, number in report.counts().items()}
        ),
    )
    return report
