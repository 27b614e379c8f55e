"""kill -9 of a worker between any two steps: whoever comes after finishes its work, and nothing is
lost.
"""

import random
import signal
from datetime import UTC, datetime, timedelta

import pytest

from indexer.context import Context
from indexer.indices.drift import checked
from indexer.store import ledger
from tests.forked import exit_code
from tests.reliability.live.conftest import LAPTOP, LARGE, SERVERS, on
from tests.reliability.live.stack import changes, log_of, loop, settled, worker
from tests.unit.indexer.processes import ended, kill_all, wait_for

CHANGES = 200
OF_SYNC = ("claimed", "completed", "loaded", "built", "written", "settled")
"""Steps of a batch: see `Synchroniser.batch`."""

pytestmark = pytest.mark.xdist_group("worker")


@pytest.mark.parametrize("point", OF_SYNC)
@on(LAPTOP, SERVERS)
def test_a_loop_killed_between_two_steps(point: str, context: Context) -> None:
    draw = random.Random(point)
    changes(context.store, draw, CHANGES)
    assert exit_code(loop, context.settings, f"{point}:{draw.randint(1, 2)}") == -signal.SIGKILL
    assert ledger.pending_count(context.store) > 0, "it died in the middle"
    changes(context.store, draw, 20)
    _in_step_after_the_lease(context)


@pytest.mark.parametrize(
    "point", [OF_SYNC[0], OF_SYNC[-2]]
)  # before and after what the engine is told
@on(LARGE)
def test_a_pool_killed_between_two_steps(point: str, context: Context) -> None:
    """A child of Celery's dies at the point, then all of the worker; another is started."""
    draw = random.Random(point)
    changes(context.store, draw, CHANGES)
    log = log_of(context.settings)
    with worker(context.settings, f"{point}:{draw.randint(1, 2)}") as process:
        wait_for("the death", lambda: "signal 9" in log.read_text(encoding="utf-8"), process)
        kill_all(process)
    changes(context.store, draw, 20)
    with worker(context.settings) as process:
        wait_for("the rest", lambda: settled(context), process)
        assert ended(process, signal.SIGTERM) == 0
    _checked(context)


def _in_step_after_the_lease(context: Context) -> None:
    ledger.expire(context.store, datetime.now(UTC) + timedelta(hours=1))  # time passes
    assert context.synchroniser().drain().retry == 0
    assert ledger.pending_count(context.store) == 0
    _checked(context)


def _checked(context: Context) -> None:
    assert checked(context).differences == ()
