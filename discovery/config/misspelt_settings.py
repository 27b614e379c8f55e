"""Variables that look like settings and are none: a misspelt one would be passed over without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from difflib import get_close_matches

from discovery.config.secrets import FILE_SUFFIX, HOLDING, OPAQUE
from discovery.config.settings import Settings, variable_of

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
