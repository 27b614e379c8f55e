"""gunicorn's worker process around our loop: gunicorn forks, watches, stops and replaces; the loop serves.

Only what gunicorn documents of `gunicorn.workers.base.Worker` is used: any of its releases will do.
"""

from __future__ import annotations

import os
import resource
import signal
import sys

from gunicorn.workers.base import Worker  # type: ignore[import-untyped]
from prometheus_client import Counter

from discovery.http.addresses import networks
from discovery.http.heavy import courtesy_of
from discovery.http.server.callers import MAX_CONNECTIONS, Callers
from discovery.http.server.loop import Loop

SWITCH_SECONDS = 0.001
"""For which a thread may keep Python's lock while the loop wants it: Python's own 5 ms, for each connection that is
refused, are longer than the refusal."""
SPARE_FILES = 256
"""Open files that are no connections: the index, logs, the engine."""
REFUSED, CUT = ("full", "late"), ("slow", "crowd")
"""What the loop counts."""


class LoopWorker(Worker):  # type: ignore[misc]
    """The worker class that gunicorn is told to use."""

    def run(self) -> None:
        """Serve until told to stop; gunicorn calls it in the forked process."""
        sys.setswitchinterval(SWITCH_SECONDS)
        # Here, in the process that counts; /metrics adds the workers' files up, whatever the registry.
        refused = Counter("discovery_overload_refused_total", "Requests that found the queue full.", registry=None)
        cut = Counter(
            "discovery_connections_cut_total",
            "Connections that we ended. why: slow (to ask or to take an answer), crowd (too many of one address).",
            ["why"],
            registry=None,
        )

        def count(what: str) -> None:
            (refused if what in REFUSED else cut.labels(what)).inc()

        proxies = networks(self.wsgi.extensions["discovery"].settings.trusted_proxies)
        callers = Callers(proxies, most=_affordable())
        courtesy = courtesy_of(self.wsgi)
        loop = Loop(self.wsgi, self.sockets, alive=self._lives, callers=callers, count=count, courtesy=courtesy)
        signal.set_wakeup_fd(loop.waker, warn_on_full_buffer=False)
        loop.run()

    def _lives(self) -> bool:
        """Asked twice a second; gunicorn replaces a worker that did not say so for thirty."""
        self.notify()
        return bool(self.alive) and os.getppid() == self.ppid


def _affordable() -> int:
    """Connections for which there are files, a second one for what a slow client has still to take."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MAX_CONNECTIONS + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return (
        MAX_CONNECTIONS if soft == resource.RLIM_INFINITY else max(16, min(MAX_CONNECTIONS, (soft - SPARE_FILES) // 2))
    )
