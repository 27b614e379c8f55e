"""`Server-Timing`: where the request's time went, by stage, for whoever looks (browsers show it beside a request).

Always there: it costs some microseconds, and tells no more than `took_ms` and a watch would.
"""

from __future__ import annotations

from flask import Flask, Response

from discovery import trace

HEADER = "Server-Timing"


def install(app: Flask) -> None:
    app.before_request(trace.begin)
    app.after_request(add_server_timing)


def add_server_timing(response: Response) -> Response:
    """With milliseconds by stage, and `total` from the first look at the request to this header."""
    running = trace.current()
    if running is not None:
        spent = running.seconds()
        response.headers[HEADER] = ", ".join(f"{name};dur={seconds * 1000:.2f}" for name, seconds in spent.items())
    return response
