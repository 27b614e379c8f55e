"""Two rebuilds at once, as processes: one works, the other says who does."""

import re

from indexer.context import Context
from indexer.targets import entries
from tests.reliability.lifecycle.processes import indexer, log, waiting
from tests.unit.indexer.conftest import supplier
from tests.unit.indexer.processes import PATIENCE_SECONDS
from tests.unit.lifecycle.conftest import Put, in_step, serving


def test_the_second_is_told_who_holds_the_lock_and_since_when(context: Context, put: Put) -> None:
    put(supplier("a"))
    context.synchroniser().drain()
    before = serving(context)
    with waiting(context.settings) as first:
        assert first.stdout is not None
        assert first.stdin is not None
        pid = first.stdout.readline().strip()
        assert pid == str(first.pid)
        with indexer(context.settings, "rebuild") as second:
            assert second.wait(PATIENCE_SECONDS) == 2
        said = log(context.settings, "rebuild")
        assert re.search(
            rf"rebuild by process {pid} on \S+ since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC", said
        ), said
        assert "Traceback" not in said
        assert serving(context) == before
        first.stdin.write("\n")
        first.stdin.flush()
        index = first.stdout.readline().strip()
        assert first.wait(PATIENCE_SECONDS) == 0
    assert serving(context) == index != before
    assert in_step(context)
    assert [entry.deed for entry in entries(context.catalog.journal, 5)] == ["first", "rebuild"]
