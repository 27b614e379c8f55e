"""`discovery serve`: gunicorn workers that share what was loaded once."""

from __future__ import annotations

import errno
import socket
from typing import Any

import click

from discovery.commands.common import fail, guarded, services

MAX_REQUEST_LINE = 8_190
"""Bytes of a request line, gunicorn's own most; longer addresses are refused before they are read."""
THREADS = 4
"""Connections that one worker serves by turns; a slow client holds a thread, not a worker."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes; one a core.")
@guarded
def serve(host: str, port: int, workers: int) -> None:
    """Serve the page and the API until Ctrl-C."""
    from discovery.app import application

    known = services()
    if fault := taken(host, port):
        fail(fault)
    known.warm()
    app = application(known)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"http://{shown}:{port}")
    status = known.status()
    if not status.ready:
        click.echo(f"Not ready yet: {status.reason}", err=True)
    elif known.presenter.rebuild_needed(status):
        click.echo("The index was built from other mappings: run `indexer rebuild`.", err=True)
    _server(app, f"{shown}:{port}", workers).run()


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
        return f"{host}:{port} can't be listened on: {error.strerror or error}"
    return ""


def _server(app: Any, bind: str, workers: int) -> Any:
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    class Server(BaseApplication):  # type: ignore[misc]
        """gunicorn with an application made beforehand: its memory is shared by the workers."""

        def load_config(self) -> None:
            options = {
                "bind": bind,
                "workers": workers,
                "worker_class": "gthread",
                "threads": THREADS,
                "preload_app": True,
                "limit_request_line": MAX_REQUEST_LINE,
                "timeout": 30,
                "graceful_timeout": 10,
                "loglevel": "warning",
                "proc_name": "discovery",
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return app

    return Server()
