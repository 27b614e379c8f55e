"""Addresses of the service's pages of alerts, to which mails lead."""

from __future__ import annotations

FOLLOW_PATH = "/suivre"
CONFIRM_PATH = "/suivre/confirmer"
STOP_PATH = "/suivre/arreter"
TOKEN = "jeton"  # noqa: S105 - a parameter's name
"""In the query: the log keeps paths alone."""
