"""Passes again and again, beside a worker without a broker; and how long one may take."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

from discovery.errors import DiscoveryError
from indexer.alerts.run import Alerts
from indexer.troubles import PASSING, Troubles

ALERTS_SECONDS = 30.0
"""Between two passes: how long somebody waits for the mail to confirm, at most."""
PASS_SECONDS = 25.0
"""After which a pass leaves the rest to the next, so that requests and stops are taken up in between."""


def one_pass(alerts: Alerts) -> str:
    """Run one pass, and say what it did in a line; "" when that is nothing."""
    end = time.monotonic() + PASS_SECONDS
    return alerts.run(lambda: time.monotonic() > end).line()


def run(alerts: Alerts, stop: Event, say: Callable[[str], None]) -> None:
    """Run passes until `stop` is set. Trouble is said once, and waited out."""
    troubles = Troubles(say, say)
    while not stop.wait(ALERTS_SECONDS):
        try:
            said = one_pass(alerts)
        except (*PASSING, DiscoveryError) as error:
            troubles.waits(error)
            continue
        troubles.works()
        if said:
            say(said)
