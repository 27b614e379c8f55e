"""Every step of the reading earns its place: without it, five phrases of the tables at least are read otherwise."""

from __future__ import annotations
