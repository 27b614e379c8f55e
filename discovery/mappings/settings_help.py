"""What is told of settings besides their values: names that are misspelt, packages that lack, the page of reference."""

from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields
from difflib import get_close_matches
from importlib.util import find_spec
from typing import Any

from discovery.mappings.secrets import FILE_SUFFIX, HOLDING, OPAQUE
from discovery.mappings.settings import Settings, variable_of

PREFIX = variable_of("")
ALIKE = 0.7
"""difflib's ratio from which a name is meant for another."""


def variables() -> list[str]:
    """Names of all variables that are read."""
    names = [item.name for item in fields(Settings)]
    return [*map(variable_of, names), *(variable_of(name) + FILE_SUFFIX for name in names if name in OPAQUE | HOLDING)]


def misspelt(given: Iterable[str]) -> Iterator[str]:
    """A line for each name of the environment that begins as ours do and is none, with the one that comes near."""
    known = [name.removeprefix(PREFIX) for name in variables()]
    for name in sorted(set(given)):
        ours = name.removeprefix(PREFIX)
        if name.startswith(PREFIX) and ours not in known:
            near = get_close_matches(ours, known, n=1, cutoff=ALIKE)
            remedy = f"did you mean {PREFIX}{near[0]}?" if near else "`discovery config check` lists them all"
            yield f"{name} is not a setting, and is ignored: {remedy}"


_HEAD = f"""\
# Settings

Made by `discovery config reference` from `discovery/mappings/settings.py`; a test holds it to that. All come from the
environment, and each has a default that works on a laptop; empty is not set. `discovery config check` says what each
resolves to and what is wrong with it; nothing starts on a value that can't be read. A variable with a 🔑 may stand in
a file instead, named by the variable with `{FILE_SUFFIX}` behind it.

| variable | default | what it is |
|---|---|---|
"""


def page() -> str:
    """The reference of settings, in Markdown."""
    return _HEAD + "".join(f"{line}\n" for line in _rows())


def _rows() -> Iterator[str]:
    for item in fields(Settings):
        assert item.default is not MISSING
        secret = " 🔑" if item.name in OPAQUE | HOLDING else ""
        about = str(item.metadata["about"]).replace("|", "\\|")
        yield f"| `{variable_of(item.name)}`{secret} | {_shown(item.default)} | {about} |"


def _shown(default: Any) -> str:
    if default in (None, "", ()):
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{', '.join(default) if isinstance(default, tuple) else default}`"


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
