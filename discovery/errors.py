"""The base of every error that is told to people."""

from __future__ import annotations


class DiscoveryError(Exception):
    """Known trouble. The message says what was wrong, where, and what to do; nobody is shown a trace of it."""

    status: int = 500
    """Of the HTTP answer, where a request meets it."""
    exit_code: int = 2
    """Of the command that meets it."""
