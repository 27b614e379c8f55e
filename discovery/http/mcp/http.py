"""`POST /mcp`: the tools over HTTP, in the service's own application, under its limits and behind its proxy.

A question is one request, and its answer one JSON body: nothing is kept between two, nothing is streamed.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

from flask import Flask, Response, request
from mcp.server.mcpserver import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings

from discovery.context import Services
from discovery.http.hosts import LOCAL
from discovery.http.limits import Limits
from discovery.http.mcp.server import server
from discovery.mappings import Settings

PATH = "/mcp"
SECONDS = 60.0
"""After which an answer is given up: the protocol has questions that wait for news."""


def install(app: Flask, services: Services, limits: Limits) -> None:
    """Answer assistants at `PATH`; a tool that costs more counts for its own limit besides."""
    tools, security = server(services, limits.count), _security(services.settings)

    @app.post(PATH)
    def assistants() -> Response:
        return asyncio.run(asyncio.wait_for(_answer(tools, security), SECONDS))


def _security(settings: Settings) -> TransportSecuritySettings:
    """Which names it is asked under, and whose pages may ask: ours alone."""
    names = [*LOCAL, *settings.hosts]
    return TransportSecuritySettings(
        allowed_hosts=[host for name in names for host in (name, f"{name}:*")],
        allowed_origins=[
            f"{scheme}://{name}{end}" for name in names for scheme in ("http", "https") for end in ("", ":*")
        ],
    )


async def _answer(tools: MCPServer[Any], security: TransportSecuritySettings) -> Response:
    """The answer to Flask's request in hand: tools run in its thread, whose time is counted for who asks."""
    scope = {
        "type": "http",
        "http_version": "1.1",
        "scheme": request.scheme,
        "method": request.method,
        "path": PATH,
        "raw_path": PATH.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers],
        "client": None,
        "server": None,
    }
    body = {"type": "http.request", "body": request.get_data(), "more_body": False}
    status, headers, parts = 500, list[tuple[str, str]](), list[bytes]()
    unread = [body]

    async def receive() -> MutableMapping[str, Any]:
        if not unread:
            await asyncio.Event().wait()  # who asks stays until the answer
        return unread.pop()

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
        else:
            parts.append(message.get("body", b""))

    # One a request: the package takes a manager for the whole of a process, with an event loop of its own.
    manager = StreamableHTTPSessionManager(
        tools._lowlevel_server, json_response=True, stateless=True, security_settings=security
    )
    async with manager.run():
        await manager.handle_request(scope, receive, send)
    return Response(b"".join(parts), status, headers)
