"""kill -9 at every step of a rebuild and of a rollback: what serves was verified; the next one
clears up.
"""

import signal
from collections.abc import Callable

import pytest

from discovery.engine.catalog import Targets
from indexer.context import Context
from indexer.indices.rebuild import Step, rebuild, rollback
from indexer.lock import LockHeldError
from tests.forked import exit_code
from tests.reliability.lifecycle.processes import die_at
from tests.unit.indexer.conftest import indexed, supplier
from tests.unit.indexer.processes import wait_for
from tests.unit.lifecycle.conftest import Put, in_step, serving

DONE = (Step.PROMOTED, Step.PRUNED, Step.AUDITED)


@pytest.fixture
def served_twice(context: Context, put: Put) -> tuple[str, str]:
    """The index of before, and the one that serves."""
    put(*(supplier(f"s{number}") for number in range(6)))
    context.synchroniser().drain()
    first = serving(context)
    return first, rebuild(context).index


def killed(context: Context, work: Callable[..., object], at: Step) -> None:
    assert exit_code(die_at, context.settings, work, at) == -signal.SIGKILL


def once_the_lock_ran_out(context: Context, put: Put) -> None:
    """Changes that came meanwhile, then a rebuild by the next who tries."""
    put(supplier("s0", name="Changed"), supplier("new"))
    context.synchroniser().drain()
    assert "new" in indexed(context)

    def done() -> bool:
        try:
            rebuild(context)
        except LockHeldError:
            return False
        return True

    wait_for("the lock to run out", done)
    assert in_step(context)
    assert len(context.catalog.names()) == 2
    assert context.catalog.targets() == Targets(context.catalog.names()[-1], None)


@pytest.mark.parametrize("at", Step)
def test_a_rebuild_killed(
    at: Step, context: Context, put: Put, served_twice: tuple[str, str]
) -> None:
    first, second = served_twice
    killed(context, rebuild, at)
    now = serving(context)
    assert (now not in served_twice) if at in DONE else (now == second)
    assert first in context.catalog.names() or at in (Step.PRUNED, Step.AUDITED)
    assert in_step(context)
    once_the_lock_ran_out(context, put)


@pytest.mark.parametrize("at", [step for step in Step if step not in (Step.FINISHED, Step.PRUNED)])
def test_a_rollback_killed(
    at: Step, context: Context, put: Put, served_twice: tuple[str, str]
) -> None:
    first, second = served_twice
    killed(context, rollback, at)
    assert serving(context) == (first if at in DONE else second)
    assert context.catalog.names() == [first, second]
    assert in_step(context)
    if at not in DONE:
        wait_for("the lock to run out", lambda: _rolled_back(context))
        assert serving(context) == first
    once_the_lock_ran_out(context, put)


def _rolled_back(context: Context) -> bool:
    try:
        rollback(context)
    except LockHeldError:
        return False
    return True
