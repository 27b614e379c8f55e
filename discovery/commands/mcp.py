"""`discovery mcp`: the search for assistants, over the Model Context Protocol."""

from __future__ import annotations

import click

from discovery.commands.common import guarded, services
from discovery.context import assistants_missing
from discovery.http.requests import configure_logs


@click.command()
@guarded
def mcp() -> None:
    """Let an assistant search, read-only, over standard input and output.

    Over HTTP: `discovery serve` with DISCOVERY_ASSISTANTS=true answers at /mcp.
    """
    try:
        from discovery.http.mcp.server import server
    except ModuleNotFoundError as error:
        raise assistants_missing(error) from None
    configure_logs()  # on standard error: standard output is the protocol's
    server(services()).run("stdio")
