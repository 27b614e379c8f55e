"""Packages that only some settings need, and that are installed by name."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from discovery.config.settings import Settings


def absent(variable: str, what: str, extra: str) -> str:
    """The line for people about a package that is not there, and how to install it. `extra`: its name in
    `pyproject.toml`."""
    return f"{variable}: {what} is not installed: pip install 'inclusive-discovery[{extra}]'"


def missing(settings: Settings) -> Iterator[str]:
    """A line for each setting that needs a package which is not there."""
    for variable, address in (
        ("DISCOVERY_REDIS_URL", settings.redis_url),
        ("DISCOVERY_BROKER_URL", settings.broker_url),
    ):
        if address.startswith(("redis:", "rediss:")) and find_spec("redis") is None:
            yield absent(variable, "Redis' client", "redis")
    if settings.database_url.startswith(("postgresql:", "postgresql+psycopg:")) and find_spec("psycopg") is None:
        yield absent("DISCOVERY_DATABASE_URL", "PostgreSQL's client", "postgresql")
    if not settings.embedded and find_spec("elasticsearch") is None:
        yield absent("DISCOVERY_ENGINE", "Elasticsearch's client", "elasticsearch")
