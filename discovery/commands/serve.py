"""`discovery serve`: gunicorn workers that share what was loaded once. `discovery mcp`: one
assistant.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

import click

from discovery.commands.common import fail, guarded, keep_loaded, services
from discovery.context import assistants
from discovery.http.addresses import parsed
from discovery.http.requests import configure_logs
from discovery.mappings.settings import misspelt

if TYPE_CHECKING:
    from discovery.http.long_work import LongWork

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which prometheus_client knows, when it is imported, that several processes count
together.
"""
PRIVILEGED = 1024
"""Lower ports may be listened on by root only."""
BACKLOG = 2_048
"""Connections that wait to be taken, the system's own most permitting."""
NICE = 10
"""Of the process that makes long answers, and of its children: whoever searches has the processor
first.
"""
MAX_CONNECTIONS = 1_024
"""Of a worker; proxies keep some open for their next requests."""
KEEPALIVE_SECONDS = 15
"""A connection is kept for another request; proxies let go of it sooner."""

M_ARENA_MAX = -8
"""A number of glibc's `mallopt` (malloc.h)."""


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; strangers come by a proxy (deploy/).",
)
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    envvar="PORT",
    show_envvar=True,
)
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes; one a core.",
)
@click.option(
    "--reuse-port",
    is_flag=True,
    help="Listen beside the service that runs on this port, to replace it without a gap.",
)
@guarded
def serve(host: str, port: int, workers: int, reuse_port: bool) -> None:
    """Serve the page and the API until Ctrl-C."""
    with shared_metrics() if FOLDER not in os.environ else nullcontext():
        _serve(host, port, workers, beside=reuse_port)


@click.command()
@guarded
def mcp() -> None:
    """Let an assistant search, read-only, over standard input and output.

    Over HTTP: `discovery serve` with DISCOVERY_ASSISTANTS=true answers at /mcp.
    """
    made = assistants().server(services())
    configure_logs()  # on standard error: standard output is the protocol's
    made.run("stdio")


def _serve(host: str, port: int, workers: int, *, beside: bool) -> None:
    # what is loaded here stays: a sixth of a start went into looking through it for garbage
    gc.disable()
    for line in misspelt(os.environ):
        click.echo(line, err=True)
    given = "LISTEN_FDS" in os.environ  # by systemd, which listens for us
    from discovery.app import application, warm
    from discovery.http.long_work import LongWork

    with suppress(
        AttributeError
    ):  # glibc gives each thread a heap, which keeps what its largest answer took
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
    known = services()  # what is wrong with the settings is told before what is wrong with the port
    if not (beside or given) and (fault := taken(host, port)):
        fail(fault)
    made = application(known)
    warm(made)
    app = LongWork(made)
    with suppress(
        AttributeError
    ):  # glibc keeps what loading took for a while: a sixth of the memory at 100,000
        ctypes.CDLL(None).malloc_trim(0)
    keep_loaded()  # workers go on sharing its pages: no collection writes to them
    gc.enable()
    shown = f"[{host}]" if ":" in host else host
    bind = f"{shown}:{port}" if given else f"fd://{listening(host, port).detach()}"
    click.echo(f"http://{shown}:{port}")
    if not (given or local(host)):
        click.echo(
            f"{host} is reached by others: let a proxy that buffers stand before it (docs/deploy.md).",
            err=True,
        )
    if (scope := known.search.scope).named:
        click.echo(f"Open: {scope.label('en')}")
    status = known.status()
    if not status.ready:
        click.echo(f"Not ready yet: {status.reason}", err=True)
    elif known.presenter.rebuild_needed(status):
        click.echo("The index was built from other mappings: run `indexer rebuild`.", err=True)
    _server(app, bind, workers).run()


def local(host: str) -> bool:
    """Whether an address is this machine's own, which nobody else reaches."""
    address = parsed(host)
    return host == "localhost" or (address is not None and address.is_loopback)


@contextmanager
def shared_metrics() -> Iterator[None]:
    """A folder where the workers count together, from before the metrics are imported to the end of
    the service.
    """
    folder = tempfile.mkdtemp(prefix="discovery-metrics-")
    os.environ[FOLDER] = folder
    owner = os.getpid()
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # until gunicorn takes it
    try:
        yield
    finally:
        if os.getpid() == owner:  # a worker that ends comes by here too
            shutil.rmtree(folder, ignore_errors=True)
            del os.environ[FOLDER]
            signal.signal(signal.SIGTERM, before)


def taken(host: str, port: int) -> str:
    """Why the address can't be listened on; "" when it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"Port {port} is taken: stop what listens there, or choose another with --port"
        if error.errno == errno.EACCES and port < PRIVILEGED:
            return (
                f"Port {port}: ports below {PRIVILEGED} are root's; choose another with --port, "
                "and let a proxy answer at this one (docs/operate/start.md)"
            )
        return f"{host}:{port} can't be listened on: {error.strerror or error}"
    return ""


def listening(host: str, port: int) -> socket.socket:
    """One queue of connections for all workers. Another service, started with `--reuse-port`, may
    have one beside it: the system then shares new connections out, until this one closes its own.
    """
    found = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        found.setsockopt(socket.SOL_SOCKET, option, 1)
    found.bind((host, port))
    found.listen(BACKLOG)
    return found


def _server(app: LongWork, bind: str, workers: int) -> Any:
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
    from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]
    from prometheus_client.multiprocess import mark_process_dead

    from discovery.http.long_work import THREADS

    class Worker(ThreadWorker):  # type: ignore[misc]
        """gunicorn's; one that stops still takes who is in the queue, since to close it would cut
        them off.
        """

        def set_accept_enabled(self, enabled: bool) -> None:
            super().set_accept_enabled(enabled)
            for listener in () if enabled or self.alive else self.sockets:
                while wait([listener], timeout=0):
                    self.accept(listener)
                listener.close()

    def pre_fork(arbiter: Any, worker: Any) -> None:
        """One worker makes long answers, which the others pass on to it; when it ends, the next one
        that is forked.
        """
        if not any(other.sockets == [app.listener] for other in arbiter.WORKERS.values()):
            worker.sockets = [app.listener]

    def post_fork(arbiter: Any, worker: Any) -> None:
        app.here = worker.sockets == [app.listener]
        if app.here:
            for listener in arbiter.LISTENERS:
                # held here it would stay open behind the others' end: nobody takes from its queue
                listener.close()
            os.nice(NICE)

    class Server(BaseApplication):  # type: ignore[misc]
        """gunicorn with an application made beforehand: its memory is shared by the workers."""

        def load_config(self) -> None:
            options = {
                "bind": bind,
                "workers": workers + 1,
                "worker_class": Worker,
                "threads": THREADS,
                "worker_connections": MAX_CONNECTIONS,
                "backlog": BACKLOG,
                "keepalive": KEEPALIVE_SECONDS,
                "limit_request_line": 8_190,  # bytes
                "limit_request_fields": 64,
                "preload_app": True,
                "timeout": 30,
                # seconds for answers under way when the service is told to stop
                "graceful_timeout": 30,
                "loglevel": "warning",
                "proc_name": "discovery",
                "control_socket_disable": True,
                # No header of a request is believed here: the application knows the proxies that it
                # trusts.
                "forwarded_allow_ips": "",
                "forwarder_headers": "",
                "secure_scheme_headers": {},
                "pre_fork": pre_fork,
                "post_fork": post_fork,
                "child_exit": lambda _, worker: mark_process_dead(worker.pid),  # type: ignore[no-untyped-call]
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return app

    return Server()
