"""`discovery mcp`: the search for assistants, over the Model Context Protocol."""

from __future__ import annotations

import click

from discovery.commands.common import fail, guarded, services
from discovery.commands.serve import taken
from discovery.http.requests import configure_logs


@click.command()
@click.option("--http", default="", metavar="HOST:PORT", help="Serve streamable HTTP there, at /mcp; else stdio.")
@guarded
def mcp(http: str) -> None:
    """Let assistants search, read-only: standard input and output, or HTTP until Ctrl-C."""
    try:
        from discovery.assistants.server import PATH, run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"mcp", "mcp_types", "pydantic"}:
            raise
        fail("The Model Context Protocol's package is not installed: pip install 'inclusive-discovery[mcp]'")
    host, port = _address(http) if http else ("", 0)
    if host and (fault := taken(host, port)):
        fail(fault)
    configure_logs()  # on standard error: standard output is the protocol's
    known = services()
    if host:
        known.warm()
        click.echo(f"http://{http}{PATH}", err=True)
    run(known, host, port)


def _address(text: str) -> tuple[str, int]:
    """ "[::1]:8100" → ("::1", 8100)."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65_535:
        fail(f"--http '{text}': an address and a port are needed, such as 127.0.0.1:8100")
    return host, int(port)
