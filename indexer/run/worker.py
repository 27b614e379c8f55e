"""The loop of a worker without a broker: the same sync that the Celery task runs, again and again."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event

from indexer.context import Context
from indexer.signals import answering
from indexer.store import ledger
from indexer.sync import SyncReport
from indexer.troubles import PASSING, Troubles

POLL_SECONDS = 0.5
"""How long a change may wait when nothing else goes on; a poll of an empty ledger costs well under
a millisecond.
"""

TROUBLE_SECONDS = 5.0


def run(context: Context, stop: Event, say: Callable[[str], None]) -> None:
    """Sync until `stop` is set. Trouble with the store or the index is said once, and waited out.

    A store that is not made yet is such trouble: services start in any order.
    """
    troubles = Troubles(say, say)
    while not stop.is_set():
        try:
            context.require_store()
            ledger.expire(context.store, datetime.now(UTC))
            done = SyncReport()
            # Batch by batch: a stop waits for the batch at hand, not for a long queue.
            while not stop.is_set() and (batch := context.synchroniser().batch()).claimed:
                done.add(batch)
        except PASSING as error:
            troubles.waits(error)
            context.forget_writer()
            stop.wait(TROUBLE_SECONDS)
            continue
        troubles.works()
        if done.claimed:
            say(summary(done))
        stop.wait(POLL_SECONDS)


def summary(report: SyncReport) -> str:
    """One line: what became of the changes, and why any failed."""
    parts = [f"{report.indexed} indexed"]
    parts += [
        f"{count} {name}"
        for name, count in (
            ("of them deleted", report.deleted),
            ("stale", report.stale),
            ("to retry", report.retry),
            ("dead", report.dead),
            ("lost to another worker", report.lost),
        )
        if count
    ]
    reasons = "; ".join(
        f"{reason} ({count})" for reason, count in sorted(report.reasons.items())[:3]
    )
    return ", ".join(parts) + (f" - {reasons}" if reasons else "")


@contextmanager
def stopping() -> Iterator[Event]:
    """An event that SIGTERM or Ctrl-C sets, so that the batch at hand is settled before the process
    ends.
    """
    stop = Event()
    with answering(lambda *_: stop.set(), signal.SIGTERM, signal.SIGINT):
        yield stop
